"""What can be done to a bed from the board: one table, verb by verb, in the order in which the drawer shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.beds import BedStatus
from hospital_ops.services import beds, placement, stays

S = BedStatus
_P = Permission


@dataclass(frozen=True, slots=True)
class Verb:
    """One act on one bed. `statuses`: from where the ward does it. `main`: the expected next step, shown large.

    `only_predicted`: a person says what so far only a forecast says. `asks` is the question whose answer is the act's
    reason; "" asks nothing. `call(actor, bed_id, version, reason)`.
    """

    label: str
    permission: Permission
    statuses: frozenset[BedStatus]
    call: Callable[[Actor, int, int | None, str], None]
    main: bool = False
    asks: str = ""
    only_predicted: bool = False


def _plain(service: Callable[..., None]) -> Callable[[Actor, int, int | None, str], None]:
    def call(actor: Actor, bed_id: int, version: int | None, reason: str) -> None:
        service(actor, bed_id, version=version)

    return call


def _block(actor: Actor, bed_id: int, version: int | None, reason: str) -> None:
    beds.block(actor, bed_id, reason, version=version)


VERBS: dict[str, Verb] = {
    "start_cleaning": Verb(
        "Start cleaning", _P.BED_CLEAN, frozenset({S.DIRTY}), _plain(beds.start_cleaning), main=True
    ),
    "mark_clean": Verb("Bed is clean", _P.BED_CLEAN, frozenset({S.CLEANING}), _plain(beds.mark_clean), main=True),
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
        only_predicted=True,
    ),
    "withdraw_order": Verb(
        "Stays after all", _P.STAY_DISCHARGE, frozenset({S.PENDING_DISCHARGE}), _plain(stays.withdraw_order)
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
        asks="Why is the bed blocked? For example: broken rail, maintenance called.",
    ),
    "unblock": Verb("Back into use", _P.BED_BLOCK, frozenset({S.BLOCKED}), _plain(beds.unblock), main=True),
    "close": Verb("Close (unstaffed)", _P.BED_STAFF, frozenset({S.AVAILABLE}), _plain(beds.close)),
    "open_bed": Verb("Open (staffed)", _P.BED_STAFF, frozenset({S.CLOSED}), _plain(beds.open_bed), main=True),
}
