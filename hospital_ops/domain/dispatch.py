"""Who is offered a task, and which task comes first. Same snapshot, same answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hospital_ops.domain.floor_plan import Place, walking_metres
from hospital_ops.domain.tasks import PRIORITY_ORDER, Priority, StaffStatus

# Waiting this long lifts a task one priority, so that low ones do not starve.
AGEING_MINUTES = 45.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody with the skill. `open_tasks` counts all that is theirs; `busy` that they hold or answer one now.

    `signed_in`: a person at a screen, who comes before any simulated colleague: the demo never takes work from them.
    """

    user_id: int
    name: str
    status: StaffStatus
    place: Place | None
    open_tasks: int = 0
    busy: bool = False
    signed_in: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """Who was chosen (None: nobody is free) and why, in words."""

    user_id: int | None
    metres: float | None
    why: str


def urgency(priority: Priority, waiting_minutes: float) -> float:
    """Smaller is sooner: the priority's rank, less one for each AGEING_MINUTES waited. Stat stays ahead of all."""
    if priority is Priority.STAT:
        return -1e6 - waiting_minutes
    return PRIORITY_ORDER[priority] - waiting_minutes / AGEING_MINUTES


def in_order(tasks: Iterable[tuple[int, Priority, datetime]], now: datetime) -> list[int]:
    """Task ids, most urgent first; ties go to the older id."""
    ranked = [(urgency(p, (now - since).total_seconds() / 60), task_id) for task_id, p, since in tasks]
    return [task_id for _, task_id in sorted(ranked)]


def choose(place: Place | None, candidates: Iterable[Candidate], declined: frozenset[int] = frozenset()) -> Choice:
    """The nearest free person who has not declined; fewest open tasks among equals, then the lowest id.

    A person on a break, off shift or already holding an offer is never chosen. Whoever is signed in comes first.
    """
    everyone = list(candidates)
    free = [c for c in everyone if _free(c) and c.user_id not in declined]
    if not free:
        return Choice(None, None, _nobody(everyone, declined))
    best = min(free, key=lambda c: (not c.signed_in, _metres(c, place), c.open_tasks, c.user_id))
    metres = _metres(best, place)
    nearer = [c for c in everyone if c is not best and _metres(c, place) < metres]
    known = place is not None and best.place is not None
    return Choice(best.user_id, metres, _because(metres, nearer, declined, known=known))


def _free(candidate: Candidate) -> bool:
    return candidate.status is StaffStatus.AVAILABLE and not candidate.busy


def _metres(candidate: Candidate, place: Place | None) -> float:
    if place is None or candidate.place is None:
        return 1_000.0  # Unknown is far, never near.
    return round(walking_metres(candidate.place, place), 1)


_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _because(metres: float, nearer: list[Candidate], declined: frozenset[int], *, known: bool) -> str:
    """ "Nearest free with the skill: 40 m; two nearer are on a break, one has declined"."""
    first = f"Nearest free with the skill: {metres:.0f} m" if known else "Free with the skill"
    over = _passed_over(nearer, declined, " nearer")
    return f"{first}; {over}" if over else first


# Why somebody nearer was passed over, in the order in which it is told; for one, and for several.
_WHY_NOT: dict[str, str] = {
    "is on a break": "are on a break",
    "is off shift": "are off shift",
    "is at work": "are at work",
    "has declined": "have declined",
    "is simulated": "are simulated",
}


def _why_not(candidate: Candidate, declined: frozenset[int]) -> str:
    if candidate.status is StaffStatus.ON_BREAK:
        return "is on a break"
    if candidate.status is StaffStatus.OFF_SHIFT:
        return "is off shift"
    if not _free(candidate):
        return "is at work"
    return "has declined" if candidate.user_id in declined else "is simulated"


def _passed_over(people: list[Candidate], declined: frozenset[int], first: str = "") -> str:
    """ "two nearer are on a break, one has declined"; `first` stands after the first number."""
    reasons = Counter(_why_not(person, declined) for person in people)
    told = [(reasons[words], words if reasons[words] == 1 else _WHY_NOT[words]) for words in _WHY_NOT if reasons[words]]
    numbers = [_NUMBERS[n] if n < len(_NUMBERS) else str(n) for n, _ in told]
    return ", ".join(
        f"{number}{'' if place else first} {words}"
        for place, (number, (_, words)) in enumerate(zip(numbers, told, strict=True))
    )


def _nobody(everyone: list[Candidate], declined: frozenset[int]) -> str:
    if not everyone:
        return "Nobody here has the skill for this."
    return f"Nobody with the skill is free now: {_passed_over(everyone, declined)}. It goes to the first who is."
