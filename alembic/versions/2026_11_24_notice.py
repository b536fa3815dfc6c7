"""Notice: since when it has been said that a patient leaves, and how long before each ward wants to know it.

Revision ID: 0012_notice
Revises: 0011_roster_draft
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision: str = "0012_notice"
down_revision: str | None = "0011_roster_draft"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("encounter", sa.Column("marked_leaving_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ward", sa.Column("notice_target_minutes", sa.Integer(), server_default="120", nullable=False))
    op.create_check_constraint(op.f("ck_ward_notice_ahead"), "ward", "notice_target_minutes > 0")
    # Whoever is marked now was so at the latest when the bed took that status.
    op.execute(
        "UPDATE encounter SET marked_leaving_at = bed.since FROM stay JOIN bed ON bed.id = stay.bed_id "
        "WHERE stay.encounter_id = encounter.id AND stay.to_at IS NULL AND bed.status = 'pending_discharge'"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_ward_notice_ahead"), "ward", type_="check")
    op.drop_column("ward", "notice_target_minutes")
    op.drop_column("encounter", "marked_leaving_at")
