"""Stays: how somebody left, where somebody is away, and what taking an entry back needs.

Revision ID: 0004_stays
Revises: 0003_second_factor
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision: str = "0004_stays"
down_revision: str | None = "0003_second_factor"
branch_labels = None
depends_on = None

_DISPOSITIONS = "'home', 'other_hospital', 'nursing_facility', 'against_advice', 'expired'"
_AWAY = "'theatre', 'imaging', 'dialysis', 'therapy', 'elsewhere'"
_STATUSES = "'available', 'reserved', 'occupied', 'pending_discharge', 'dirty', 'cleaning', 'blocked', 'closed'"
CHECKS = (
    ("encounter", "disposition_known", f"disposition IS NULL OR disposition IN ({_DISPOSITIONS})"),
    ("stay", "away_both", "(away_since IS NULL) = (away_to IS NULL)"),
    ("stay", "away_to_known", f"away_to IS NULL OR away_to IN ({_AWAY})"),
    ("stay", "bed_was_known", f"bed_was IN ({_STATUSES})"),
    ("stay", "pending_was_known", "pending_was IN ('', 'prediction', 'order')"),
)


def upgrade() -> None:
    op.add_column("encounter", sa.Column("disposition", sa.String(), nullable=True))
    op.add_column("stay", sa.Column("away_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("stay", sa.Column("away_to", sa.String(), nullable=True))
    op.add_column("stay", sa.Column("bed_was", sa.String(), server_default="available", nullable=False))
    op.add_column("stay", sa.Column("pending_was", sa.String(), server_default="", nullable=False))
    for table, name, words in CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, words)


def downgrade() -> None:
    for table, name, _ in reversed(CHECKS):
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    for column in ("pending_was", "bed_was", "away_to", "away_since"):
        op.drop_column("stay", column)
    op.drop_column("encounter", "disposition")
