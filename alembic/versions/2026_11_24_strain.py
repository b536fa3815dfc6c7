"""Strain: sealed indexes, figures of groups, and contests.

Revision ID: 0009_strain
Revises: 0008_audit_chain
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "0009_strain"
down_revision: str | None = "0008_audit_chain"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString()
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "strain_index",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("scored_at", TIME, nullable=False),
        sa.Column("told_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_strain_index_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_strain_index")),
        sa.UniqueConstraint("row_key", name=op.f("uq_strain_index_row_key")),
    )
    op.create_table(
        "strain_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=True),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("shown_at", TIME, nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("about", sa.Integer(), nullable=False),
        sa.Column("people", TEXT, nullable=False),
        sa.Column("causes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("remedies", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("user_ids", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("model", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_strain_figure_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strain_figure")),
    )
    op.create_index(op.f("ix_strain_figure_shown_at"), "strain_figure", ["shown_at"], unique=False)
    op.create_index(
        "one_current_figure",
        "strain_figure",
        ["ward_id", "role"],
        unique=True,
        postgresql_where=sa.text("current"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "strain_contest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("contested_at", TIME, nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'stands', 'wrong', 'withdrawn')", name=op.f("ck_strain_contest_status_known")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["user.id"], name=op.f("fk_strain_contest_answered_by")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_strain_contest_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strain_contest")),
        sa.UniqueConstraint("row_key", name=op.f("uq_strain_contest_row_key")),
    )
    op.create_index(op.f("ix_strain_contest_user_id"), "strain_contest", ["user_id"], unique=False)
    op.create_index(
        "one_open_contest", "strain_contest", ["user_id"], unique=True, postgresql_where=sa.text("status = 'open'")
    )


def downgrade() -> None:
    op.drop_table("strain_contest")
    op.drop_table("strain_figure")
    op.drop_table("strain_index")
