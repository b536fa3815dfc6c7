"""Who lies where, told by messages that come late, twice, mixed and are taken back.

Nothing is kept but the messages themselves: the picture is made anew from all of them, in the order in which things happened
and not in which they came. So any order, with any of them twice, gives the same beds (HL7 v2 chapter 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a message does to a visit."""

    REGISTER = "register"  # outpatient or emergency: a visit, with or without a place
    ADMIT = "admit"
    TRANSFER = "transfer"
    UPDATE = "update"
    GO_AWAY = "go_away"
    COME_BACK = "come_back"
    DISCHARGE = "discharge"
    CANCEL_ADMIT = "cancel_admit"
    CANCEL_TRANSFER = "cancel_transfer"
    CANCEL_DISCHARGE = "cancel_discharge"
    MERGE = "merge"  # of two patients' records: `other` goes on as `patient`
    MOVE_VISIT = "move_visit"  # one visit was somebody else's: it is `patient`'s


# Of what happens in one second, what comes first.
RANK = {kind: place for place, kind in enumerate(Kind)}
CANCELS = {
    Kind.CANCEL_ADMIT: (Kind.ADMIT, Kind.REGISTER),
    Kind.CANCEL_TRANSFER: (Kind.TRANSFER,),
    Kind.CANCEL_DISCHARGE: (Kind.DISCHARGE,),
}
BEGINS = (Kind.REGISTER, Kind.ADMIT)
ABOUT_PEOPLE = (Kind.MERGE, Kind.MOVE_VISIT)


class Place(NamedTuple):
    """A bed as the other system names it."""

    ward: str
    room: str
    bed: str

    def __str__(self) -> str:
        return " ".join(part for part in self if part)


@dataclass(frozen=True, slots=True)
class Movement:
    """One message about one patient. `message` is its key: a second one of the same key says nothing new."""

    kind: Kind
    message: str
    happened_at: datetime
    patient: str
    visit: str | None = None
    place: Place | None = None
    left: Place | None = None  # where the patient lay until then
    undoes_at: datetime | None = None  # when that happened which a cancel takes back
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """How one visit stands when everything has been told."""

    patient: str
    number: str
    place: Place | None = None
    placed_at: datetime | None = None
    ended_at: datetime | None = None
    away: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person should look at. `code` is stable; `about` is a message's key or a visit's number."""

    code: str
    sentence: str
    about: str


@dataclass(frozen=True, slots=True)
class Picture:
    """`beds`: who lies where. `visits`: everybody told of, those without a bed and those who left too."""

    beds: dict[Place, Visit]
    visits: tuple[Visit, ...]
    findings: tuple[Finding, ...]

    def by_ward(self) -> dict[str, int]:
        """Taken beds per ward, wards in the order of the alphabet."""
        wards = sorted(place.ward for place in self.beds)
        return {ward: wards.count(ward) for ward in dict.fromkeys(wards)}


def picture(movements: Iterable[Movement]) -> Picture:
    """What all movements together say."""
    told = list({one.message: one for one in sorted(movements, key=_order)}.values())
    owner = _owners(told)
    people: dict[str, list[Movement]] = {}
    for one in told:
        if one.kind not in ABOUT_PEOPLE:
            people.setdefault(owner(one), []).append(one)
    findings: list[Finding] = []
    visits: list[Visit] = []
    for patient, own in sorted(people.items()):
        visits += _one_bed(_visits(patient, _not_taken_back(own, findings), findings), findings)
    beds = _one_patient(visits, findings)
    settled = tuple(one if one.place is None or beds[one.place] is one else replace(one, place=None) for one in visits)
    return Picture(beds, settled, tuple(sorted(findings, key=lambda one: (one.code, one.about))))


def _order(one: Movement) -> tuple[datetime, int, int, str]:
    """Most senders count their messages: 9 comes before 10."""
    return one.happened_at, RANK[one.kind], len(one.message), one.message


def _owners(told: list[Movement]) -> Callable[[Movement], str]:
    """Whose a movement is, when all merges have been told."""
    goes_on_as = {one.other: one.patient for one in told if one.kind is Kind.MERGE and one.other}
    moved = {one.visit: one.patient for one in told if one.kind is Kind.MOVE_VISIT and one.visit}

    def owner(one: Movement) -> str:
        patient = moved.get(one.visit or "", one.patient)
        seen = {patient}
        while (following := goes_on_as.get(patient)) and following not in seen:
            seen.add(following)
            patient = following
        return patient

    return owner


def _not_taken_back(own: list[Movement], findings: list[Finding]) -> list[Movement]:
    """Without what was cancelled. A cancel takes back the newest such thing before it, or the one whose time it names."""
    gone: set[str] = set()
    for cancel in (one for one in own if one.kind in CANCELS):
        target = _target(cancel, [one for one in own if one.message not in gone])
        if cancel.place is None or cancel.kind is Kind.CANCEL_ADMIT:
            gone.add(cancel.message)  # else it stays, and says where the patient is after it
        if target is None:
            words = f"It takes back {CANCELS[cancel.kind][0].value!r}, of which no message has come."
            findings.append(Finding("nothing_to_cancel", words, cancel.message))
            continue
        gone.add(target.message)
        if cancel.kind is Kind.CANCEL_ADMIT:
            # Whoever was never admitted was never moved either.
            gone |= {one.message for one in own if _same_visit(one, target) and _between(one, target, cancel)}
    return [one for one in own if one.message not in gone]


def _target(cancel: Movement, left: list[Movement]) -> Movement | None:
    fitting = [
        one
        for one in left
        if one.kind in CANCELS[cancel.kind] and _same_visit(one, cancel) and one.happened_at <= cancel.happened_at
    ]
    named = [one for one in fitting if one.happened_at == cancel.undoes_at]
    return next(reversed(named or fitting), None)


def _same_visit(one: Movement, other: Movement) -> bool:
    return one.visit is None or other.visit is None or one.visit == other.visit


def _between(one: Movement, first: Movement, last: Movement) -> bool:
    return first.happened_at <= one.happened_at <= last.happened_at and one.kind not in CANCELS


def _visits(patient: str, own: list[Movement], findings: list[Finding]) -> list[Visit]:
    """A patient's visits. A message that names none speaks of the one that is open, or else of a new one."""
    visits: dict[str, Visit] = {}
    waiting = list(own)
    while waiting:
        one = waiting.pop(_next(waiting, visits))
        number = one.visit or _open_one(visits)
        if number is None:
            if one.kind in (Kind.UPDATE, Kind.DISCHARGE):
                continue  # of somebody who is not here, and did not come by this message
            number = f"without number, {one.message}"
        before = visits.get(number)
        visits[number] = _after(before or Visit(patient, number), one, findings)
    return list(visits.values())


def _next(waiting: list[Movement], visits: dict[str, Visit]) -> int:
    """Of those that happened in the same second, the one that starts where the patient lies."""
    first = waiting[0]
    for index, one in enumerate(waiting):
        if (one.happened_at, one.kind) != (first.happened_at, first.kind):
            break
        number = one.visit or _open_one(visits)
        if one.left and number in visits and visits[number].place == one.left:
            return index
    return 0


def _open_one(visits: dict[str, Visit]) -> str | None:
    """The visit that a message without a number speaks of: one with a bed before one without, the newest first."""
    found = [one for one in visits.values() if one.ended_at is None]
    return max(found, key=lambda one: one.place is not None, default=Visit("", "")).number or None


def _after(visit: Visit, one: Movement, findings: list[Finding]) -> Visit:
    if one.kind is Kind.DISCHARGE:
        return replace(visit, place=None, placed_at=None, ended_at=one.happened_at, away=False)
    if visit.ended_at is not None and one.kind not in (*BEGINS, Kind.CANCEL_DISCHARGE):
        if one.kind is Kind.TRANSFER:
            findings.append(Finding("moved_after_leaving", "It moves somebody who has left before.", one.message))
        return visit
    if one.kind in (Kind.GO_AWAY, Kind.COME_BACK):
        return replace(visit, away=one.kind is Kind.GO_AWAY)
    if one.kind is Kind.UPDATE and visit.place and one.place not in (None, visit.place):
        words = f"It is no move, yet names {one.place} for somebody in {visit.place}."
        findings.append(Finding("other_place_in_update", words, one.message))
        return visit
    if one.place is None or one.place == visit.place:
        return replace(visit, ended_at=None)
    return replace(visit, place=one.place, placed_at=one.happened_at, ended_at=None, away=False)


def _one_bed(visits: list[Visit], findings: list[Finding]) -> list[Visit]:
    """Nobody lies in two beds: of a patient's open visits the newest keeps its own."""
    placed = sorted((one for one in visits if one.place), key=_placed_at)
    for older in placed[:-1]:
        words = f"No message ends the stay in {older.place}; its patient has come to {placed[-1].place} since."
        findings.append(Finding("never_ended", words, older.number))
    newest = placed[-1:]
    return [one if one in newest or not one.place else replace(one, place=None) for one in visits]


def _one_patient(visits: list[Visit], findings: list[Finding]) -> dict[Place, Visit]:
    """No bed holds two: who came last lies there."""
    beds: dict[Place, Visit] = {}
    for one in sorted((one for one in visits if one.place), key=_placed_at):
        assert one.place is not None
        if before := beds.get(one.place):
            words = f"{one.place} is told of for two; who came last has it."
            findings.append(Finding("two_in_a_bed", words, before.number))
        beds[one.place] = one
    return beds


def _placed_at(visit: Visit) -> tuple[datetime, str]:
    assert visit.placed_at is not None
    return visit.placed_at, visit.number
