"""Ranges as they were given and what came of them; how today's inputs differ from those of the training.

Revision ID: 0017_forecast_checks
Revises: 0016_day_wish
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "0017_forecast_checks"
down_revision: str | None = "0016_day_wish"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString()
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "forecast_check",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("from_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.Column("came", sa.Float(), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=True),
        sa.Column("model", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast_check")),
        sa.UniqueConstraint("kind", "day", "unit", "subject", name=op.f("uq_forecast_check_kind_day_unit_subject")),
    )
    op.create_index("ix_forecast_check_due", "forecast_check", ["due_at"], unique=False)
    op.create_index(
        "ix_forecast_check_open",
        "forecast_check",
        ["kind", "due_at"],
        unique=False,
        postgresql_where=sa.text("held IS NULL"),
    )
    op.create_table(
        "input_check",
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("model", TEXT, nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("kind", "day", name=op.f("pk_input_check")),
    )


def downgrade() -> None:
    op.drop_table("input_check")
    op.drop_table("forecast_check")
