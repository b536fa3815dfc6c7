"""What payers were asked, and who was found to be whom.

Revision ID: 0007_insurance
Revises: 0006_roster
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision: str = "0007_insurance"
down_revision: str | None = "0006_roster"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "eligibility_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("channel", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("inquiry_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reply_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asking_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('asking', 'verified', 'inactive', 'information_missing', 'payer_unsupported',"
            " 'not_recognised', 'could_not_reach')",
            name=op.f("ck_eligibility_check_status_known"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name=op.f("fk_eligibility_check_asked_by_user")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_eligibility_check_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_check")),
        sa.UniqueConstraint("row_key", name=op.f("uq_eligibility_check_row_key")),
    )
    op.create_index(
        op.f("ix_eligibility_check_registration_id"), "eligibility_check", ["registration_id"], unique=False
    )
    op.create_index(
        "one_open_inquiry",
        "eligibility_check",
        ["registration_id"],
        unique=True,
        postgresql_where=sa.text("status = 'asking'"),
    )
    op.create_table(
        "patient_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("before_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("given_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["into_id"], ["patient.id"], name=op.f("fk_patient_merge_into_id_patient")),
        sa.ForeignKeyConstraint(["merged_by"], ["user.id"], name=op.f("fk_patient_merge_merged_by_user")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_patient_merge_patient_id_patient")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_patient_merge_registration_id_registration")
        ),
        sa.ForeignKeyConstraint(["undone_by"], ["user.id"], name=op.f("fk_patient_merge_undone_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_merge")),
        sa.UniqueConstraint("row_key", name=op.f("uq_patient_merge_row_key")),
    )
    for column in ("patient_id", "into_id", "registration_id"):
        op.create_index(op.f(f"ix_patient_merge_{column}"), "patient_merge", [column], unique=False)


def downgrade() -> None:
    op.drop_table("patient_merge")
    op.drop_table("eligibility_check")
