"""What one more or fewer would have changed: a recorded day's errands, done once by who was there and once by the others.

Both times the same things are asked at the same minutes, and each thing takes the same minutes both times: a replication
draws them once, from what was measured. So a difference is the people's, not the dice's, and its interval over the
replications is narrow. Times are minutes since the day's midnight.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hospital_ops.domain.access import Role
from hospital_ops.domain.dispatch import Candidate
from hospital_ops.domain.errands import Asked, Done, Worker, quantile, simulate, with_interval
from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.tasks import RESPONSE_MINUTES, StaffStatus, TaskKind

# Who is asked about, and the errands that are theirs.
KINDS: dict[Role, tuple[TaskKind, ...]] = {
    Role.HOUSEKEEPER: (TaskKind.CLEAN_BED, TaskKind.SPILL),
    Role.TRANSPORTER: (TaskKind.TRANSPORT,),
}
MOST_PEOPLE = 5
REPLICATIONS = 40
# So many measured durations at least, or nothing is said; of a kind, or it is drawn from all of the role's.
FEWEST_MEASURED = 20
SEED = 20260302
Window = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Change:
    """`people` more (or, below 0, fewer) from one full hour to another; `until_hour` 24 is midnight."""

    people: int
    from_hour: int
    until_hour: int

    def __post_init__(self) -> None:
        if not 1 <= abs(self.people) <= MOST_PEOPLE:
            raise Invalid(f"Choose between 1 and {MOST_PEOPLE} people more or fewer.", code="bad_what_if")
        if not 0 <= self.from_hour < self.until_hour <= 24:
            raise Invalid(
                "The hours begin at 0, end at 24 at the latest, and the second is after the first.", code="bad_what_if"
            )

    @property
    def window(self) -> Window:
        return 60.0 * self.from_hour, 60.0 * self.until_hour


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the role, the wards they serve, and when they were there and not on a break."""

    wards: frozenset[str]
    on: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A day as it was recorded. `tasks` carry the minutes at which they were asked; `measured` gives for each kind pairs of
    (minutes from being offered to having begun, minutes of work). `until` is the day's end, or now."""

    role: Role
    tasks: tuple[Asked, ...]
    people: tuple[Person, ...]
    measured: dict[str, tuple[tuple[float, float], ...]]
    until: float
    # What the day really was, for whoever doubts the simulation: minutes from asking to beginning, and to the end.
    waits: tuple[float, ...] = ()
    turns: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One replication of one side."""

    figures: dict[str, float]
    done_by_hour: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """One replication: as it was, and with the change."""

    before: Outcome
    after: Outcome


# name → (in words, how it is reckoned from waits, turns and the share on time)
FIGURES: dict[str, str] = {
    "wait_mean": "Wait from asking to beginning, mean",
    "wait_p50": "Half waited at most",
    "wait_p95": "19 of 20 waited at most",
    "on_time": "Begun within the target, %",
    "turn_mean": "From asking to done, mean",
    "turn_p95": "19 of 20 were done within",
}
_WAIT: dict[str, Callable[[Sequence[float]], float]] = {
    "mean": statistics.fmean,
    "p50": lambda ordered: quantile(ordered, 0.5),
    "p95": lambda ordered: quantile(ordered, 0.95),
}


def check(day: Recorded) -> None:
    """Refuse, in words, a day that cannot be simulated."""
    if not day.tasks:
        raise Invalid("Nothing was asked of them on that day.", code="nothing_asked")
    if not day.people:
        raise Invalid(
            "Nobody of that role did anything on that day, so there is nothing to compare with.", code="nobody_there"
        )
    if sum(len(pairs) for pairs in day.measured.values()) < FEWEST_MEASURED:
        raise Invalid(
            f"Fewer than {FEWEST_MEASURED} such errands were timed in the weeks before. Choose a later day.",
            code="too_few_measured",
        )


def thin(day: Recorded) -> list[str]:
    """The kinds of the day too rarely timed to be drawn from their own: a spill or two among a hundred beds."""
    return sorted(
        kind for kind in {task.kind for task in day.tasks} if len(day.measured.get(kind, ())) < FEWEST_MEASURED
    )


def replicate(day: Recorded, change: Change, number: int) -> Both:
    """The replication of this number: the same each time it is asked for."""
    drawn = _drawn(day, number)
    sides = (day.people, changed(day.people, change))
    before, after = (_outcome(day, drawn, people) for people in sides)
    return Both(before, after)


def changed(people: Sequence[Person], change: Change) -> tuple[Person, ...]:
    """Who would have been there. Those added serve every ward; those taken away are who was there longest in the window."""
    begins, ends = change.window
    if change.people > 0:
        wards = frozenset().union(*(one.wards for one in people))
        return (*people, *(Person(wards, (change.window,)) for _ in range(change.people)))
    there = [sum(max(0.0, min(ends, b) - max(begins, a)) for a, b in one.on) for one in people]
    longest = sorted(range(len(people)), key=lambda number: (-there[number], number))[: -change.people]
    return tuple(
        replace(one, on=_without(one.on, change.window)) if number in longest else one
        for number, one in enumerate(people)
    )


def _without(on: Sequence[Window], window: Window) -> tuple[Window, ...]:
    begins, ends = window
    parts = [part for a, b in on for part in ((a, min(b, begins)), (max(a, ends), b))]
    return tuple((a, b) for a, b in parts if a < b)


def _drawn(day: Recorded, number: int) -> tuple[Asked, ...]:
    """The day's errands with this replication's minutes: one measured pair each, getting there and work together.

    What is rare takes its minutes from everything that the role was timed at.
    """
    dice = random.Random(f"{SEED} {number}")
    drawn = []
    everything = tuple(pair for kind in sorted(day.measured) for pair in day.measured[kind])
    pairs = day.measured | dict.fromkeys(thin(day), everything)
    for task in day.tasks:
        lead, work = dice.choice(pairs[task.kind])
        drawn.append(replace(task, lead=lead, work=work))
    return tuple(drawn)


def _outcome(day: Recorded, tasks: Sequence[Asked], people: Sequence[Person]) -> Outcome:
    staff = [
        Worker(Candidate(number, "", StaffStatus.OFF_SHIFT, None), "", one.wards, one.on)
        for number, one in enumerate(people)
    ]
    # Whatever is asked of this role is anybody's of the role.
    done = simulate([replace(task, kind="") for task in tasks], staff, begins=0.0)
    waits = sorted(_begun(task, done, day.until) - task.at for task in tasks)
    turns = sorted(_ended(task, done, day.until) - task.at for task in tasks)
    in_time = sum(_begun(t, done, day.until) - t.at <= RESPONSE_MINUTES[t.priority] for t in tasks)
    figures = {f"wait_{name}": reckon(waits) for name, reckon in _WAIT.items()}
    figures |= {"turn_mean": statistics.fmean(turns), "turn_p95": quantile(turns, 0.95)}
    figures["on_time"] = 100 * in_time / len(tasks)
    hours = range(1, int(day.until // 60) + 1)
    ended = [one.ended for one in done.values()]
    return Outcome(figures, tuple(sum(moment <= 60 * hour for moment in ended) for hour in hours))


def _begun(task: Asked, done: dict[int, Done], until: float) -> float:
    """What nobody came to had waited until the end at least."""
    return done[task.number].began if task.number in done else until


def _ended(task: Asked, done: dict[int, Done], until: float) -> float:
    return done[task.number].ended if task.number in done else until


def compare(day: Recorded, runs: Sequence[Both]) -> dict[str, object]:
    """Means of both sides and the paired difference with its 95 % interval, by figure and by hour."""
    rows = []
    for name, words in FIGURES.items():
        before, after = ([getattr(one, side).figures[name] for one in runs] for side in ("before", "after"))
        rows.append({"name": name, "words": words, **_sides(before, after)})
    hours = []
    for place in range(len(runs[0].before.done_by_hour)):
        before, after = (
            [float(getattr(one, side).done_by_hour[place]) for one in runs] for side in ("before", "after")
        )
        hours.append({"hour": place + 1, **_sides(before, after)})
    return {"rows": rows, "hours": hours, "replications": len(runs), "was": was(day), "thin": thin(day)}


def was(day: Recorded) -> dict[str, float | None]:
    """What was recorded, of what had begun and ended by then."""
    waits, turns = sorted(day.waits), sorted(day.turns)
    told: dict[str, float | None] = dict.fromkeys(FIGURES)
    if waits:
        told |= {f"wait_{name}": round(reckon(waits), 1) for name, reckon in _WAIT.items()}
    if turns:
        told |= {"turn_mean": round(statistics.fmean(turns), 1), "turn_p95": round(quantile(turns, 0.95), 1)}
    return told


def _sides(before: Sequence[float], after: Sequence[float]) -> dict[str, object]:
    difference, half = with_interval([b - a for a, b in zip(before, after, strict=True)])
    return {
        "before": round(statistics.fmean(before), 1),
        "after": round(statistics.fmean(after), 1),
        "difference": difference,
        "half": half,
        "sure": difference is not None and half is not None and abs(difference) > half,
    }
