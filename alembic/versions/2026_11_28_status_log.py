"""The audit's lines that say how a bed or a person's status was and became, by hospital time: a day is read from them.

Revision ID: 0014_status_log
Revises: 0013_outbox_sent
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision: str = "0014_status_log"
down_revision: str | None = "0013_outbox_sent"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_audit_entry_status",
        "audit_entry",
        ["subject_type", "subject_id", "hospital_at"],
        unique=False,
        postgresql_where=sa.text("subject_type IN ('bed', 'user') AND facts ? 'new'"),
    )


def downgrade() -> None:
    op.drop_index("ix_audit_entry_status", table_name="audit_entry")
