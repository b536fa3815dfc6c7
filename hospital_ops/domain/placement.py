"""Who may lie where: hard rules that are never silently relaxed, soft costs, and the reasons for both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hospital_ops.domain.beds import BedStatus


class Isolation(StrEnum):
    """`none` is an answer; an unanswered isolation is not one and stops a placement."""

    UNANSWERED = "unanswered"
    NONE = "none"
    CONTACT = "contact"
    DROPLET = "droplet"
    AIRBORNE = "airborne"


@dataclass(frozen=True, slots=True)
class Need:
    """What a patient needs of a bed."""

    unit: str
    sex: str
    isolation: Isolation
    telemetry: bool = False
    ward_id: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A bed as a candidate. `neighbours` are the sexes of those already in its room; `room` tells rooms apart."""

    bed_id: int
    label: str
    ward_id: int
    unit: str
    status: BedStatus
    sex_of_room: str = "any"
    isolation_room: bool = False
    telemetry: bool = False
    neighbours: tuple[str, ...] = ()
    room: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One bed judged: empty `against` means that it is allowed; a smaller `cost` is better."""

    bed_id: int
    label: str
    passed: tuple[str, ...]
    against: tuple[str, ...]
    cost: float

    @property
    def allowed(self) -> bool:
        return not self.against


def judge(need: Need, bed: Offer) -> Judgement:
    """Every hard rule, passed or not, in words; and the soft cost."""
    results = [rule(need, bed) for rule in _RULES]
    passed = tuple(words for ok, words in results if ok)
    against = tuple(words for ok, words in results if not ok)
    return Judgement(bed.bed_id, bed.label, passed, against, _cost(need, bed))


def ranked(need: Need, beds: Iterable[Offer]) -> list[Judgement]:
    """All beds, allowed ones first, cheapest first, ties by label. Same snapshot, same answer."""
    return sorted((judge(need, b) for b in beds), key=lambda j: (not j.allowed, j.cost, j.label))


def _ready(need: Need, bed: Offer) -> tuple[bool, str]:
    ok = bed.status is BedStatus.AVAILABLE
    return ok, "ready" if ok else f"not ready ({bed.status.value.replace('_', ' ')})"


def _isolation_answered(need: Need, bed: Offer) -> tuple[bool, str]:
    ok = need.isolation is not Isolation.UNANSWERED
    return ok, "isolation answered" if ok else "isolation has not been answered"


def _isolation(need: Need, bed: Offer) -> tuple[bool, str]:
    needs_room = need.isolation in {Isolation.DROPLET, Isolation.AIRBORNE, Isolation.CONTACT}
    ok = not needs_room or bed.isolation_room
    return ok, "isolation fits" if ok else f"{need.isolation} isolation needs an isolation room"


def _sex_of_room(need: Need, bed: Offer) -> tuple[bool, str]:
    if bed.sex_of_room != "any" and need.sex in {"female", "male"} and bed.sex_of_room != need.sex:
        return False, f"the room is for {bed.sex_of_room} patients"
    others = {n for n in bed.neighbours if n in {"female", "male"}}
    if others and need.sex in {"female", "male"} and others != {need.sex}:
        return False, f"a {next(iter(others))} patient lies in the room"
    return True, "sex of the room fits"


def _telemetry(need: Need, bed: Offer) -> tuple[bool, str]:
    ok = bed.telemetry or not need.telemetry
    return ok, "telemetry fits" if ok else "the bed has no telemetry"


_RULES = (_ready, _isolation_answered, _isolation, _sex_of_room, _telemetry)


def _cost(need: Need, bed: Offer) -> float:
    """Wrong unit is worst, then an isolation or telemetry bed taken by somebody who needs none."""
    cost = 0.0 if bed.unit == need.unit else 10.0
    cost += 0.0 if need.ward_id in (None, bed.ward_id) else 5.0
    cost += 3.0 if bed.isolation_room and need.isolation is Isolation.NONE else 0.0
    return cost + (1.0 if bed.telemetry and not need.telemetry else 0.0)
