"""One beat of the simulated day: what has come due since the last one, and who is here to do it."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from hospital_ops.domain.access import Actor, Role
from hospital_ops.domain.errors import Refused
from hospital_ops.queries import simulated
from hospital_ops.queries.clock import hospital_zone

log = logging.getLogger(__name__)
MINUTE = timedelta(minutes=1)
WORKING = (Role.NURSE, Role.DOCTOR, Role.DESK, Role.BED_MANAGER, Role.STAFFING_MANAGER)


@dataclass
class Beat:
    """Hospital time from `since` to `now`. `dice` is its chance; tests hand in their own."""

    now: datetime
    since: datetime
    dice: random.Random = field(default_factory=random.Random)

    def passes(self, minutes: float) -> bool:
        """Whether a mark of every so many minutes lies in this beat: work that need not be looked for at each one."""
        return self.passes_for(0, minutes)

    def passes_for(self, number: int, minutes: float) -> bool:
        """The same, each number having its own second, so that not all come due at once."""
        every = minutes * 60
        own = number * 37 % every
        return (self.now.timestamp() + own) // every > (self.since.timestamp() + own) // every

    @property
    def days(self) -> float:
        """How long this beat is, in days of hospital time."""
        return (self.now - self.since) / timedelta(days=1)

    @property
    def local(self) -> datetime:
        """`now` on the hospital's wall clock."""
        return self.now.astimezone(self.zone)

    @cached_property
    def zone(self) -> ZoneInfo:
        return hospital_zone()

    @cached_property
    def here(self) -> dict[Role, list[Actor]]:
        """Who is on duty, read when it is first asked for."""
        return simulated.on_duty(WORKING)

    def somebody(self, role: Role, ward_id: int | None = None) -> Actor | None:
        """One of those on duty who may act in this ward; any of them, so that one name does not do all."""
        able = [one for one in self.here[role] if ward_id is None or one.all_wards or ward_id in one.ward_ids]
        return self.dice.choice(able) if able else None


def tried(deed: Callable[..., object], *arguments: object) -> bool:
    """Do it as a person would: somebody being faster is no error."""
    try:
        deed(*arguments)
    except Refused as refusal:
        log.info("%s refused: %s", getattr(deed, "__name__", "it"), refusal.code)
        return False
    return True


def between(low: float, high: float, *what: object) -> timedelta:
    """Minutes drawn once and for all from what it is about, so that a restart draws the same."""
    return timedelta(minutes=random.Random(repr(what)).uniform(low, high))


def chance(share: float, *what: object) -> bool:
    """A coin that falls the same way whenever the same is asked."""
    return random.Random(repr(what)).random() < share


def poisson(expected: float, dice: random.Random, most: int) -> int:
    """How many of something that happens `expected` times, at most `most`."""
    left, count = dice.expovariate(1.0), 0
    while left < expected and count < most:
        left += dice.expovariate(1.0)
        count += 1
    return count


def one_of(words: Sequence[str], *what: object) -> str:
    """One of these, the same for the same."""
    return random.Random(repr(what)).choice(words)
