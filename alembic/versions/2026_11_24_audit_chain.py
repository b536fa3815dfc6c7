"""The audit's chain: one link a line, only ever added.

Revision ID: 0008_audit_chain
Revises: 0007_insurance
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision: str = "0008_audit_chain"
down_revision: str | None = "0007_insurance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_link",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("audit_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_link")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_audit_link_audit_id")),
    )
    op.execute(
        "CREATE TRIGGER audit_link_append_only BEFORE UPDATE OR DELETE ON audit_link "
        "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()"
    )


def downgrade() -> None:
    op.drop_table("audit_link")
