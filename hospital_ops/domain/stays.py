"""Encounters and stays: statuses, and what ordering a discharge sets in motion."""

from __future__ import annotations

from enum import StrEnum


class EncounterStatus(StrEnum):
    WAITING = "waiting"
    IN_HOUSE = "in_house"
    LEFT = "left"
    CANCELLED = "cancelled"


class PendingSource(StrEnum):
    """Who says that a patient leaves today. A person's order is never undone by a forecast."""

    NONE = ""
    PREDICTION = "prediction"
    ORDER = "order"


# What must be done before a patient can leave, and by whom it is watched; opened when a bed turns pending.
MILESTONES: tuple[tuple[str, str], ...] = (
    ("medication", "Discharge medication for bed {label}"),
    ("letter", "Discharge letter for bed {label}"),
    ("transport", "Transport home arranged for bed {label}"),
)
