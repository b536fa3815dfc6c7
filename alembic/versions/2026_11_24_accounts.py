"""Accounts: one-time passwords, the last sign-in; the audit's indexes in the order in which it is read.

Revision ID: 0002_accounts
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision: str = "0002_accounts"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None

AUDIT: dict[str, list[str]] = {
    "ix_audit_entry_at": ["at", "id"],
    "ix_audit_entry_user": ["user_id", "at", "id"],
    "ix_audit_entry_action": ["action", "at", "id"],
    "ix_audit_entry_kind": ["subject_type", "at", "id"],
}
PARTIAL: dict[str, tuple[list[str], str]] = {
    "ix_audit_entry_ward": (["ward_id", "at", "id"], "ward_id IS NOT NULL"),
    "ix_audit_entry_denied": (["at", "id"], "NOT allowed"),
}
BEFORE: dict[str, str] = {
    "ix_audit_entry_at": "at",
    "ix_audit_entry_user_id": "user_id",
    "ix_audit_entry_action": "action",
}


def upgrade() -> None:
    op.add_column("user", sa.Column("one_time_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("user", sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_web_session_living", "web_session", ["user_id"], postgresql_where=sa.text("ended_at IS NULL"))
    for name in BEFORE:
        op.drop_index(name, table_name="audit_entry")
    for name, columns in AUDIT.items():
        op.create_index(name, "audit_entry", columns)
    for name, (columns, which) in PARTIAL.items():
        op.create_index(name, "audit_entry", columns, postgresql_where=sa.text(which))


def downgrade() -> None:
    for name in (*PARTIAL, *AUDIT):
        op.drop_index(name, table_name="audit_entry")
    for name, column in BEFORE.items():
        op.create_index(name, "audit_entry", [column])
    op.drop_index("ix_web_session_living", table_name="web_session")
    op.drop_column("user", "signed_in_at")
    op.drop_column("user", "one_time_until")
