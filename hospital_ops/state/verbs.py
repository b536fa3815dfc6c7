"""What can be done to a bed from the board: one table, verb by verb, in the order in which the drawer shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.beds import HELD, BedStatus
from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.stays import DISPOSITION_WORDS, Away, Disposition
from hospital_ops.queries.clock import hospital_now
from hospital_ops.queries.undo import DISCHARGE, PLACEMENT, TRANSFER
from hospital_ops.services import away, beds, placement, stays, undo

S = BedStatus
_P = Permission
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said when an act asked: one of its choices, and words of their own."""

    choice: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before an act is done. `choices` are (value, words), the first one is chosen already.

    `reason` is the label of a field for words, "" for none; `confirm` stands on the button that does it.
    """

    title: str
    words: str
    confirm: str
    choices: tuple[tuple[str, str], ...] = ()
    reason: str = ""


class When(StrEnum):
    """What must be so besides the bed's status."""

    ALWAYS = ""
    PREDICTED = "predicted"  # So far only a forecast says that the patient leaves.
    HERE = "here"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Verb:
    """One act on one bed. `statuses`: from where the ward does it. `main`: the expected next step, shown large.

    `undoes`: the entry that it takes back, which must be the bed's last one. `call(actor, bed_id, version, answer)`.
    """

    label: str
    permission: Permission
    statuses: frozenset[BedStatus]
    call: Callable[[Actor, int, int | None, Answer], None]
    main: bool = False
    asks: Question | None = None
    when: When = When.ALWAYS
    undoes: str = ""


def _plain(service: Callable[..., None]) -> Callable[[Actor, int, int | None, Answer], None]:
    def call(actor: Actor, bed_id: int, version: int | None, answer: Answer) -> None:
        service(actor, bed_id, version=version)

    return call


def _chosen(kind: type[Word], answer: Answer) -> Word:
    if answer.choice not in list(kind):
        raise Invalid("That is not one of the choices shown.")
    return kind(answer.choice)


def _block(actor: Actor, bed_id: int, version: int | None, answer: Answer) -> None:
    hours = BLOCK_HOURS.get(answer.choice)
    if hours is None:
        raise Invalid("That is not one of the choices shown.")
    until = hospital_now() + timedelta(hours=hours) if hours else None
    beds.block(actor, bed_id, answer.reason, expires_at=until, version=version)


def _leave(actor: Actor, bed_id: int, version: int | None, answer: Answer) -> None:
    stays.leave(actor, bed_id, disposition=_chosen(Disposition, answer), version=version)


def _depart(actor: Actor, bed_id: int, version: int | None, answer: Answer) -> None:
    away.depart(actor, bed_id, _chosen(Away, answer), version=version)


BLOCK_HOURS: dict[str, float] = {"open": 0, "1": 1, "4": 4, "12": 12, "24": 24, "72": 72}
_UNTIL: tuple[tuple[str, str], ...] = (
    ("open", "Until somebody lifts it"),
    ("1", "1 hour"),
    ("4", "4 hours"),
    ("12", "12 hours"),
    ("24", "A day"),
    ("72", "3 days"),
)
_HOW = tuple((how.value, words) for how, words in DISPOSITION_WORDS.items())
_WHERE = tuple((where.value, where.value.capitalize()) for where in Away)

_LEFT = Question(
    "How did the patient leave?",
    "The bed is then waiting for cleaning, and what was still to be done before leaving is closed.",
    "Patient has left",
    choices=_HOW,
)

VERBS: dict[str, Verb] = {
    "start_cleaning": Verb(
        "Start cleaning", _P.BED_CLEAN, frozenset({S.DIRTY}), _plain(beds.start_cleaning), main=True
    ),
    "mark_clean": Verb("Bed is clean", _P.BED_CLEAN, frozenset({S.CLEANING}), _plain(beds.mark_clean), main=True),
    "come_back": Verb("Patient is back", _P.STAY_PLACE, HELD, _plain(away.come_back), when=When.AWAY),
    "leave": Verb(
        "Patient has left", _P.STAY_DISCHARGE, frozenset({S.PENDING_DISCHARGE}), _plain(stays.leave), main=True
    ),
    "order_discharge": Verb(
        "Leaves today", _P.STAY_DISCHARGE, frozenset({S.OCCUPIED}), _plain(stays.order_discharge), main=True
    ),
    "confirm_discharge": Verb(
        "Confirm: leaves today",
        _P.STAY_DISCHARGE,
        frozenset({S.PENDING_DISCHARGE}),
        _plain(stays.order_discharge),
        when=When.PREDICTED,
    ),
    "withdraw_order": Verb(
        "Stays after all", _P.STAY_DISCHARGE, frozenset({S.PENDING_DISCHARGE}), _plain(stays.withdraw_order)
    ),
    "depart": Verb(
        "Away for a while…",
        _P.STAY_PLACE,
        HELD,
        _depart,
        asks=Question("Where is the patient?", "The bed is kept until they are back.", "Away", choices=_WHERE),
        when=When.HERE,
    ),
    # Nobody ordered it, or it went otherwise than ordered: people die, walk out, are called for by phone.
    "leave_unordered": Verb("Has left…", _P.STAY_DISCHARGE, frozenset({S.OCCUPIED}), _leave, asks=_LEFT),
    "leave_otherwise": Verb(
        "Left another way…", _P.STAY_DISCHARGE, frozenset({S.PENDING_DISCHARGE}), _leave, asks=_LEFT
    ),
    "reserve": Verb("Keep for someone", _P.STAY_PLACE, frozenset({S.AVAILABLE}), _plain(placement.reserve)),
    "release": Verb(
        "Release the reservation", _P.STAY_PLACE, frozenset({S.RESERVED}), _plain(placement.release), main=True
    ),
    "mark_dirty": Verb("Needs cleaning", _P.BED_CLEAN, frozenset({S.AVAILABLE}), _plain(beds.mark_dirty)),
    "block": Verb(
        "Block",
        _P.BED_BLOCK,
        frozenset({S.AVAILABLE, S.DIRTY, S.RESERVED}),
        _block,
        asks=Question(
            "Block this bed",
            "Afterwards it comes back by way of cleaning.",
            "Save",
            choices=_UNTIL,
            reason="Why is the bed blocked? For example: broken rail, maintenance called.",
        ),
    ),
    "unblock": Verb("Back into use", _P.BED_BLOCK, frozenset({S.BLOCKED}), _plain(beds.unblock), main=True),
    "close": Verb("Close (unstaffed)", _P.BED_STAFF, frozenset({S.AVAILABLE}), _plain(beds.close)),
    "open_bed": Verb("Open (staffed)", _P.BED_STAFF, frozenset({S.CLOSED}), _plain(beds.open_bed), main=True),
    # Wrong entries. Each says what will be as before.
    "cancel_discharge": Verb(
        "Patient has not left…",
        _P.STAY_DISCHARGE,
        frozenset({S.DIRTY, S.CLEANING, S.AVAILABLE}),
        _plain(undo.cancel_discharge),
        asks=Question(
            "Has the patient not left?",
            "The patient lies in this bed again, as before; nobody comes to clean it.",
            "Still here",
        ),
        undoes=DISCHARGE,
    ),
    "cancel_transfer": Verb(
        "Take the move back…",
        _P.STAY_PLACE,
        HELD,
        _plain(undo.cancel_transfer),
        asks=Question(
            "Take the move back?",
            "For a move that never happened: the patient lies in the other bed, as before. A patient who really lay here is moved.",
            "Take it back",
        ),
        undoes=TRANSFER,
    ),
    "cancel_placement": Verb(
        "Not placed here…",
        _P.STAY_PLACE,
        HELD,
        _plain(undo.cancel_placement),
        asks=Question(
            "Was the patient never put here?",
            "The patient waits for a bed again, as long as before.",
            "Waits again",
        ),
        undoes=PLACEMENT,
    ),
    "cancel_admission": Verb(
        "Not admitted…",
        _P.STAY_ADMIT,
        HELD,
        _plain(undo.cancel_admission),
        asks=Question(
            "Was the patient never admitted?",
            "The bed is as before, and the patient does not wait for another.",
            "Not admitted",
        ),
        undoes=PLACEMENT,
    ),
}
