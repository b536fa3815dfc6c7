"""Milestones: what holds one up and since when, and who said that a task is done.

Revision ID: 0015_milestones
Revises: 0014_status_log
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision: str = "0015_milestones"
down_revision: str | None = "0014_status_log"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("task", sa.Column("finished_by", sa.Integer(), nullable=True))
    op.create_foreign_key(op.f("fk_task_finished_by_user"), "task", "user", ["finished_by"], ["id"])
    op.create_table(
        "task_delay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_delay_task_id_task")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_task_delay_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_delay")),
        sa.UniqueConstraint("row_key", name=op.f("uq_task_delay_row_key")),
    )
    op.create_index(op.f("ix_task_delay_task_id"), "task_delay", ["task_id"], unique=False)
    op.create_index(
        "one_delay_at_a_time", "task_delay", ["task_id"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
    )
    # Those laid aside have a reason in words: what it was, as far as the list knows it.
    op.execute(
        "INSERT INTO task_delay (row_key, task_id, reason, at) "
        "SELECT gen_random_uuid(), id, CASE reason WHEN 'Waits for the doctor' THEN 'waits_for_doctor' "
        "WHEN 'Waits for the pharmacy' THEN 'waits_for_pharmacy' WHEN 'Waits for the family' THEN 'waits_for_family' "
        "ELSE 'other' END, coalesce(started_at, created_at) FROM task WHERE milestone <> '' AND status = 'suspended'"
    )
    # Until now only the holder could finish a task, or a supervisor whom nobody wrote down.
    op.execute("UPDATE task SET finished_by = user_id WHERE status = 'complete'")


def downgrade() -> None:
    op.drop_table("task_delay")
    op.drop_constraint(op.f("fk_task_finished_by_user"), "task", type_="foreignkey")
    op.drop_column("task", "finished_by")
