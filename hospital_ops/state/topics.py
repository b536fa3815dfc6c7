"""What a live panel can show: one table of topic kinds, each with who may see it, how it is read, and its Feed var.

To add a topic: name it in domain/events.py (and let the events that touch it name it), write its one query, add a line
to `TOPICS` and a var to `Feed`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hospital_ops.domain.access import Actor, Permission, Role

Value = dict[str, Any]
FULL, MASKED = "full", "masked"


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of topic.

    `permissions`: any one of them opens it. `read(id, masked)` gives the panel's whole value, nothing when there is no
    such thing; it runs in a thread.
    `read_many(ids, masked)` gives several by their ids, for less than one by one; whoever opens many begins with it.
    `var(value)` names the Feed var. `theirs(actor, id)` narrows the permission to what is this person's.
    `sees_patients(actor, id)` decides between the full and the masked room.
    `is_look`: the full value names patients, so that opening it is written into the audit first.
    `wanders`: `theirs` may change while the person stays the same, so it is asked again before every value; `lost` is
    what they read then.
    """

    permissions: frozenset[Permission]
    read: Callable[[int, bool], Value | None]
    var: Callable[[Value], str]
    theirs: Callable[[Actor, int], bool] = lambda actor, id: True
    sees_patients: Callable[[Actor, int], bool] = lambda actor, id: True
    is_look: bool = False
    wanders: bool = False
    read_many: Callable[[list[int], bool], Mapping[int, Value]] | None = None
    lost: str = "What was shown here is no longer yours to see."


@dataclass(frozen=True, slots=True)
class Channel:
    """A topic as one group of people may see it. Its room's name carries the authorisation."""

    topic: str
    variant: str

    @property
    def room(self) -> str:
        return f"{self.topic}:{self.variant}"


def split(topic: str) -> tuple[str, int]:
    """`ward:3` → ("ward", 3); `hospital` → ("hospital", 0). Raises ValueError for anything else."""
    kind, _, number = topic.partition(":")
    return kind, int(number) if number else 0


def channel_for(topics: dict[str, Topic], actor: Actor, topic: str) -> Channel | None:
    """The room in which this person may hear this topic; None when it is not theirs or there is none. May query."""
    try:
        kind, number = split(topic)
    except ValueError:
        return None
    found = topics.get(kind)
    if found is None or not any(actor.may(p) for p in found.permissions) or not found.theirs(actor, number):
        return None
    return Channel(topic, FULL if found.sees_patients(actor, number) else MASKED)


def named(name: str) -> Callable[[Value], str]:
    """For topics of which a page shows one at a time."""
    return lambda value: name


def ward_var(value: Value) -> str:
    return f"ward_{value['position']:02d}"


def reads_patients(actor: Actor, ward_id: int) -> bool:
    """Whose initials a board may show: who may read patients, in their own wards."""
    return actor.may(Permission.PATIENT_READ, ward_id)


def may_read_patients(actor: Actor, _id: int) -> bool:
    """For a person's own panel, where each patient is one they were asked to help."""
    return actor.may(Permission.PATIENT_READ)


def everywhere(actor: Actor, _id: int) -> bool:
    """For panels about the whole house: patients are shown only to those who read them in every ward, and the desk."""
    return actor.may(Permission.PATIENT_READ) and (actor.all_wards or actor.role is Role.DESK)
