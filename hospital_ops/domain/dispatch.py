"""Who is offered a task, and which task comes first. Same snapshot, same answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hospital_ops.domain.floor_plan import Place, walking_metres
from hospital_ops.domain.tasks import PRIORITY_ORDER, Priority, StaffStatus

# Waiting this long lifts a task one priority, so that low ones do not starve.
AGEING_MINUTES = 45.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody with the skill. `open_tasks` counts all that is theirs; `busy` that they hold or answer one now."""

    user_id: int
    name: str
    status: StaffStatus
    place: Place | None
    open_tasks: int = 0
    busy: bool = False


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

    A person on a break, off shift or already holding an offer is never chosen.
    """
    everyone = list(candidates)
    free = [c for c in everyone if _free(c) and c.user_id not in declined]
    if not free:
        return Choice(None, None, _nobody(everyone, declined))
    ranked = sorted(free, key=lambda c: (_metres(c, place), c.open_tasks, c.user_id))
    best = ranked[0]
    metres = _metres(best, place)
    nearer = [c for c in everyone if not _free(c) and _metres(c, place) < metres]
    return Choice(best.user_id, metres, _because(metres, nearer, known=place is not None and best.place is not None))


def _free(candidate: Candidate) -> bool:
    return candidate.status is StaffStatus.AVAILABLE and not candidate.busy


def _metres(candidate: Candidate, place: Place | None) -> float:
    if place is None or candidate.place is None:
        return 1_000.0  # Unknown is far, never near.
    return round(walking_metres(candidate.place, place), 1)


def _because(metres: float, nearer: list[Candidate], *, known: bool) -> str:
    first = f"Nearest free with the skill: {metres:.0f} m" if known else "Free with the skill"
    on_break = sum(c.status is StaffStatus.ON_BREAK for c in nearer)
    busy = sum(c.busy or c.status is StaffStatus.ON_TASK for c in nearer)
    parts = [f"{n} nearer {words}" for n, words in ((on_break, "on a break"), (busy, "at work")) if n]
    return first + ("; " + ", ".join(parts) if parts else "")


def _nobody(everyone: list[Candidate], declined: frozenset[int]) -> str:
    if not everyone:
        return "Nobody here has the skill for this."
    said_no = sum(c.user_id in declined for c in everyone)
    tail = f"; {said_no} declined" if said_no else ""
    return f"Nobody with the skill is free now ({len(everyone)} asked for{tail}). It goes to the first who is."
