"""The chance that a shift is overfull: who says so.

Revision ID: 0010_chance
Revises: 0009_strain
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision: str = "0010_chance"
down_revision: str | None = "0009_strain"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Made anew every hour; none of them knew who said it.
    op.execute("DELETE FROM shift_forecast")
    op.add_column("shift_forecast", sa.Column("p_over_model", sqlmodel.sql.sqltypes.AutoString(), nullable=False))


def downgrade() -> None:
    op.drop_column("shift_forecast", "p_over_model")
