"""Beside the distance of a model's inputs from its training: what is usual, and how many came against how many were expected.

Revision ID: 0018_input_beside
Revises: 0017_forecast_checks
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "0018_input_beside"
down_revision: str | None = "0017_forecast_checks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = postgresql.JSONB(astext_type=sa.Text())
    op.add_column("input_check", sa.Column("beside", json, nullable=False, server_default="{}"))
    op.alter_column("input_check", "beside", server_default=None)


def downgrade() -> None:
    op.drop_column("input_check", "beside")
