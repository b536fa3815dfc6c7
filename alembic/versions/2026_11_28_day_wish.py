"""Days that people would rather be off.

Revision ID: 0016_day_wish
Revises: 0015_milestones
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision: str = "0016_day_wish"
down_revision: str | None = "0015_milestones"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "day_wish",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_day_wish_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("pk_day_wish")),
    )
    op.create_index(op.f("ix_day_wish_day"), "day_wish", ["day"], unique=False)


def downgrade() -> None:
    op.drop_table("day_wish")
