"""The roster's draft, and swaps between colleagues.

Revision ID: 0011_roster_draft
Revises: 0010_chance
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision: str = "0011_roster_draft"
down_revision: str | None = "0010_chance"
branch_labels = None
depends_on = None

STATES = "state IN ('asked', 'to_approve', 'done', 'declined', 'refused', 'withdrawn')"


def upgrade() -> None:
    op.create_table(
        "roster_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("joins", sa.Boolean(), nullable=False),
        sa.Column("rules", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_roster_change_shift_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_roster_change_user_id")),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_roster_change_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_change")),
    )
    op.create_index(op.f("ix_roster_change_user_id"), "roster_change", ["user_id"], unique=False)
    op.create_index(op.f("ix_roster_change_published_at"), "roster_change", ["published_at"], unique=False)
    op.create_index(
        "one_draft_a_place",
        "roster_change",
        ["shift_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_table(
        "shift_swap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("with_user_id", sa.Integer(), nullable=False),
        sa.Column("with_shift_id", sa.Integer(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rules", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(STATES, name=op.f("ck_shift_swap_state_known")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_shift_swap_user_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_shift_swap_shift_id")),
        sa.ForeignKeyConstraint(["with_user_id"], ["user.id"], name=op.f("fk_shift_swap_with_user_id")),
        sa.ForeignKeyConstraint(["with_shift_id"], ["shift.id"], name=op.f("fk_shift_swap_with_shift_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_shift_swap_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_swap")),
    )
    op.create_index(op.f("ix_shift_swap_user_id"), "shift_swap", ["user_id"], unique=False)
    op.create_index(op.f("ix_shift_swap_with_user_id"), "shift_swap", ["with_user_id"], unique=False)
    op.create_index(
        "one_open_swap",
        "shift_swap",
        ["user_id", "shift_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'to_approve')"),
    )


def downgrade() -> None:
    op.drop_table("shift_swap")
    op.drop_table("roster_change")
