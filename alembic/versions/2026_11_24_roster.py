"""The roster: shifts of the house besides those of wards, questions to colleagues, acuity beside the ratio.

Revision ID: 0006_roster
Revises: 0005_request_keys
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision: str = "0006_roster"
down_revision: str | None = "0005_request_keys"
branch_labels = None
depends_on = None

UNIQUE = "uq_shift_ward_id_role_starts_at"


def upgrade() -> None:
    op.alter_column("shift", "ward_id", nullable=True)
    op.drop_constraint(op.f(UNIQUE), "shift", type_="unique")
    op.create_unique_constraint(
        op.f(UNIQUE), "shift", ["ward_id", "role", "starts_at"], postgresql_nulls_not_distinct=True
    )
    # Made anew every hour; none of them knew of acuity.
    op.execute("DELETE FROM shift_forecast")
    op.add_column("shift_forecast", sa.Column("acuity", sa.Float(), nullable=False))
    op.create_index(op.f("ix_arrival_forecast_made_at"), "arrival_forecast", ["made_at"], unique=False)
    op.create_table(
        "shift_ask",
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer IN ('waiting', 'yes', 'no', 'filled')", name=op.f("ck_shift_ask_answer_known")),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name=op.f("fk_shift_ask_asked_by")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_shift_ask_shift_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_shift_ask_user_id")),
        sa.PrimaryKeyConstraint("shift_id", "user_id", name=op.f("pk_shift_ask")),
    )
    op.create_index(op.f("ix_shift_ask_user_id"), "shift_ask", ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("shift_ask")
    op.drop_index(op.f("ix_arrival_forecast_made_at"), "arrival_forecast")
    op.drop_column("shift_forecast", "acuity")
    op.drop_constraint(op.f(UNIQUE), "shift", type_="unique")
    op.execute("DELETE FROM shift_assignment WHERE shift_id IN (SELECT id FROM shift WHERE ward_id IS NULL)")
    op.execute("DELETE FROM shift WHERE ward_id IS NULL")
    op.create_unique_constraint(op.f(UNIQUE), "shift", ["ward_id", "role", "starts_at"])
    op.alter_column("shift", "ward_id", nullable=False)
