"""A task and a registration remember the key of the request that made them, so that it can be sent again.

Revision ID: 0005_request_keys
Revises: 0004_stays
Create Date: 2026-11-24
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision: str = "0005_request_keys"
down_revision: str | None = "0004_stays"
branch_labels = None
depends_on = None

TABLES = ("task", "registration")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("request_key", sa.LargeBinary(), nullable=True))
        op.create_unique_constraint(op.f(f"uq_{table}_request_key"), table, ["request_key"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_constraint(op.f(f"uq_{table}_request_key"), table, type_="unique")
        op.drop_column(table, "request_key")
