"""The outbox by when it was sent: so that what left no trace is found without reading all of it.

Revision ID: 0013_outbox_sent
Revises: 0012_notice
"""

from __future__ import annotations

from alembic import op

revision: str = "0013_outbox_sent"
down_revision: str | None = "0012_notice"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_sent", "outbox_event", ["sent_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_outbox_sent", table_name="outbox_event")
