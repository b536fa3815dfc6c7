"""Strain of groups: five people or more, and never so that one of them can be found by subtracting.

The reasons stand in docs/decisions/009-strain.md. In short: groups do not overlap and there are no totals, figures are
rounded to tens and shares to words, and two figures that rest on the same days are never of nearly the same people.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hospital_ops.domain.strain import WINDOW

LEAST_PEOPLE = 5
RENEWED_AFTER = timedelta(days=7)
# Two figures share a day of the roster only when they were made within one window.
REMEMBERED = WINDOW
# Nearer to an end of the scale a mean would speak of each of five: no one of them may be inferred to be low, or high.
LOWEST, HIGHEST = 20, 80
Key = tuple[int | None, str]  # ward, role; no ward: the house's people, and those of wards with too few

# From this share on, in words. Not "all", and nothing below: either would say it of each one of them.
_SHARES: tuple[tuple[float, str], ...] = ((0.6, "most"), (0.35, "about half"), (0.15, "some"))
_SIZES: tuple[tuple[int, str], ...] = ((20, "20 or more"), (10, "10 to 19"), (LEAST_PEOPLE, "5 to 9"))


@dataclass(frozen=True, slots=True)
class Counted:
    """One person's part in a group. `causes`: the names of what was counted of them."""

    user_id: int
    ward_id: int | None
    role: str
    index: int
    causes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Figure:
    """What may be said of a group: the mean to the nearest ten, how many in words, and causes with their shares."""

    about: int
    people: str
    causes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure that was shown, whose it was and when."""

    key: Key
    people: frozenset[int]
    at: datetime


def groups_of(people: Iterable[Counted]) -> dict[Key, list[Counted]]:
    """Each person in exactly one group. Wards with too few of a role are one group of that role, or none."""
    found: dict[Key, list[Counted]] = defaultdict(list)
    for one in people:
        found[one.ward_id, one.role].append(one)
    for key in [key for key, members in found.items() if key[0] is not None and len(members) < LEAST_PEOPLE]:
        found[None, key[1]] += found.pop(key)
    return {key: members for key, members in found.items() if len(members) >= LEAST_PEOPLE}


def figure_of(members: Sequence[Counted]) -> Figure:
    """The group's figure, between 20 and 80. Raises ValueError for fewer than five: that may not even be computed."""
    if len(members) < LEAST_PEOPLE:
        raise ValueError(f"a group has {LEAST_PEOPLE} people or more")
    mean = sum(one.index for one in members) / len(members)
    size = next(words for least, words in _SIZES if len(members) >= least)
    return Figure(min(max(round(mean / 10) * 10, LOWEST), HIGHEST), size, tuple(_causes(members)))


def figure_words(about: int) -> str:
    """`about 40`; the ends of the scale are open."""
    return {LOWEST: f"{LOWEST} or less", HIGHEST: f"{HIGHEST} or more"}.get(about, f"about {about}")


def _causes(members: Sequence[Counted]) -> Iterable[tuple[str, str]]:
    counts = Counter(name for one in members for name in one.causes)
    for name, number in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        share = number / len(members)
        if words := next((words for least, words in _SHARES if share >= least), ""):
            yield name, words


def may_be_shown(people: Collection[int], shown: Iterable[Shown], now: datetime) -> bool:
    """Whether a figure of these people tells nothing about one of them beside those that were shown before.

    Two sets that differ by one to four people would: the difference of their sums is those few. Figures older than the
    window do not count: they rest on other days, so that nothing is left when one is taken from the other.
    """
    mine = frozenset(people)
    recent = (one.people for one in shown if now - one.at < REMEMBERED)
    return all(not (differ := len(mine ^ theirs)) or differ >= LEAST_PEOPLE for theirs in recent)


def is_due(key: Key, people: Collection[int], current: Mapping[Key, Shown], now: datetime) -> bool:
    """Whether the group's figure is made anew: there is none, it is of others, or a week old."""
    last = current.get(key)
    return last is None or last.people != frozenset(people) or now - last.at >= RENEWED_AFTER
