"""Encounters and stays: statuses, ways of leaving, places one is away at, and what can be taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from hospital_ops.domain.beds import BedStatus


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


class Disposition(StrEnum):
    """How a patient left; the codes of HL7 v2 table 0112 stand in `HL7_0112`."""

    HOME = "home"
    OTHER_HOSPITAL = "other_hospital"
    NURSING_FACILITY = "nursing_facility"
    AGAINST_ADVICE = "against_advice"
    EXPIRED = "expired"


HL7_0112: dict[Disposition, str] = {
    Disposition.HOME: "01",
    Disposition.OTHER_HOSPITAL: "02",
    Disposition.NURSING_FACILITY: "03",
    Disposition.AGAINST_ADVICE: "07",
    Disposition.EXPIRED: "20",
}

DISPOSITION_WORDS: dict[Disposition, str] = {
    Disposition.HOME: "Went home",
    Disposition.OTHER_HOSPITAL: "Taken to another hospital",
    Disposition.NURSING_FACILITY: "Taken to a nursing facility",
    Disposition.AGAINST_ADVICE: "Left against advice",
    Disposition.EXPIRED: "Died",
}


class Away(StrEnum):
    """Where a patient is for a while who keeps the bed (HL7 A09 departing, A10 arriving)."""

    THEATRE = "theatre"
    IMAGING = "imaging"
    DIALYSIS = "dialysis"
    THERAPY = "therapy"
    ELSEWHERE = "elsewhere"


AWAY_WORDS: dict[Away, str] = {
    Away.THEATRE: "in theatre",
    Away.IMAGING: "at imaging",
    Away.DIALYSIS: "at dialysis",
    Away.THERAPY: "at therapy",
    Away.ELSEWHERE: "away",
}

# Whoever plans the next patient wants to know two hours ahead; a ward may set its own target.
DEFAULT_NOTICE_MINUTES = 120
SHORTEST_NOTICE_MINUTES, LONGEST_NOTICE_MINUTES = 15, 24 * 60

# A wrong entry is found within the day; what is older has consequences that nobody can take back with one press.
UNDO_HOURS = 24
# Somebody put into a bed by mistake has not lain in it yet; after this long we do not believe that any more.
UNTOUCHED_MINUTES = 60


def notice_minutes(marked_at: datetime | None, left_at: datetime) -> int:
    """How long before leaving it was said that somebody leaves; 0 for who left without a word."""
    return 0 if marked_at is None else max(0, int((left_at - marked_at).total_seconds() // 60))


def may_undo(done_at: datetime, now: datetime) -> bool:
    """True while an entry may still be taken back as a mistake."""
    return now - done_at <= timedelta(hours=UNDO_HOURS)


def after_undo(was: BedStatus, entered_at: datetime, now: datetime) -> BedStatus:
    """What a bed becomes that somebody never was in after all: as it was; to be cleaned when that is hard to believe."""
    return was if now - entered_at <= timedelta(minutes=UNTOUCHED_MINUTES) else BedStatus.DIRTY
