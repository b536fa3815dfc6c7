"""A bed's statuses and the moves between them."""

from __future__ import annotations

from enum import StrEnum

from hospital_ops.domain.errors import Conflict


class BedStatus(StrEnum):
    """The eight statuses. HL7 table 0116 and FHIR `Location.operationalStatus` map onto them in `HL7_0116`."""

    AVAILABLE = "available"
    RESERVED = "reserved"
    OCCUPIED = "occupied"
    PENDING_DISCHARGE = "pending_discharge"
    DIRTY = "dirty"
    CLEANING = "cleaning"
    BLOCKED = "blocked"
    CLOSED = "closed"


S = BedStatus

# A patient has lain in it, so it never goes straight back to available: dirty, cleaning, then ready.
MOVES: dict[BedStatus, frozenset[BedStatus]] = {
    S.AVAILABLE: frozenset({S.RESERVED, S.OCCUPIED, S.BLOCKED, S.CLOSED, S.DIRTY}),
    S.RESERVED: frozenset({S.OCCUPIED, S.AVAILABLE, S.BLOCKED}),
    S.OCCUPIED: frozenset({S.PENDING_DISCHARGE, S.DIRTY}),
    S.PENDING_DISCHARGE: frozenset({S.OCCUPIED, S.DIRTY}),
    S.DIRTY: frozenset({S.CLEANING, S.BLOCKED, S.AVAILABLE}),
    S.CLEANING: frozenset({S.AVAILABLE, S.DIRTY, S.BLOCKED}),
    # Nobody knows what happened to it meanwhile: back by way of cleaning, and to the closed ones only from there.
    S.BLOCKED: frozenset({S.DIRTY}),
    S.CLOSED: frozenset({S.AVAILABLE}),
}

# What only taking an act back may do: a patient put there by mistake never lay in it; one said to be gone is still there.
UNDO_MOVES: dict[BedStatus, frozenset[BedStatus]] = {
    S.OCCUPIED: frozenset({S.AVAILABLE, S.RESERVED, S.DIRTY}),
    S.PENDING_DISCHARGE: frozenset({S.AVAILABLE, S.RESERVED, S.DIRTY}),
    S.DIRTY: frozenset({S.OCCUPIED, S.PENDING_DISCHARGE}),
    S.CLEANING: frozenset({S.OCCUPIED, S.PENDING_DISCHARGE}),
    S.AVAILABLE: frozenset({S.OCCUPIED, S.PENDING_DISCHARGE}),
}

HELD: frozenset[BedStatus] = frozenset({S.OCCUPIED, S.PENDING_DISCHARGE})

# HL7 v2 table 0116 (bed status), which FHIR's Location.operationalStatus shares.
HL7_0116: dict[BedStatus, str] = {
    S.AVAILABLE: "U",
    S.RESERVED: "U",
    S.OCCUPIED: "O",
    S.PENDING_DISCHARGE: "O",
    S.DIRTY: "K",
    S.CLEANING: "H",
    S.BLOCKED: "H",
    S.CLOSED: "C",
}

WORDS: dict[BedStatus, str] = {
    S.AVAILABLE: "ready",
    S.RESERVED: "reserved",
    S.OCCUPIED: "occupied",
    S.PENDING_DISCHARGE: "leaving today",
    S.DIRTY: "waiting for cleaning",
    S.CLEANING: "being cleaned",
    S.BLOCKED: "blocked",
    S.CLOSED: "closed",
}

# Minutes a bed may stay in a status before somebody should look: response and clean, 30 each, 60 together.
TARGET_MINUTES: dict[BedStatus, int] = {S.DIRTY: 30, S.CLEANING: 30, S.RESERVED: 120}


def check_move(
    label: str,
    old: BedStatus,
    new: BedStatus,
    only: frozenset[BedStatus] | None = None,
    *,
    moves: dict[BedStatus, frozenset[BedStatus]] = MOVES,
) -> None:
    """Refuse a move that the ward does not make, in words. `only`: from where this act may make it."""
    if new not in moves.get(old, frozenset()) or (only is not None and old not in only):
        raise Conflict(f"Bed {label} is {WORDS[old]}; it cannot become {WORDS[new]}.", code="bed_cannot_move")
