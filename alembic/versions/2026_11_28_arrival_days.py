"""Arrivals of the coming four weeks, by day and unit.

Revision ID: 0019_arrival_days
Revises: 0018_input_beside
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision: str = "0019_arrival_days"
down_revision: str | None = "0018_input_beside"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString()


def upgrade() -> None:
    op.create_table(
        "arrival_day_forecast",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected", sa.Float(), nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.Column("model", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("day", "unit", name=op.f("pk_arrival_day_forecast")),
    )


def downgrade() -> None:
    op.drop_table("arrival_day_forecast")
