"""Scenes that several nouns begin with. Each returns the arguments of the action to come."""

from __future__ import annotations

from hospital_ops.domain.tasks import TaskKind
from hospital_ops.services import beds, placement, stays, tasks
from tests.cast import Cast


def bed(cast: Cast, label: str = "E1") -> dict[str, int]:
    return {"bed_id": cast.beds[label]}


def occupied(cast: Cast, label: str = "E1") -> dict[str, int]:
    cast.occupy(label)
    return bed(cast, label)


def ordered(cast: Cast, label: str = "E1") -> dict[str, int]:
    cast.occupy(label)
    stays.order_discharge(cast.doctor, cast.beds[label])
    return bed(cast, label)


def left(cast: Cast, label: str = "E1") -> dict[str, int]:
    """Dirty, and its cleaning offered: to Hanna, who stands nearest."""
    cast.occupy(label)
    stays.leave(cast.manager, cast.beds[label])
    return bed(cast, label)


def blocked(cast: Cast, label: str = "E2") -> dict[str, int]:
    beds.block(cast.nurse, cast.beds[label], "broken rail")
    return bed(cast, label)


def closed(cast: Cast, label: str = "E2") -> dict[str, int]:
    beds.close(cast.manager, cast.beds[label])
    return bed(cast, label)


def reserved(cast: Cast, label: str = "E2") -> dict[str, int]:
    placement.reserve(cast.nurse, cast.beds[label])
    return bed(cast, label)


def cleaning_of(cast: Cast, label: str = "E1") -> int:
    """The newest cleaning task of a bed."""
    return [task.id or 0 for task in cast.tasks_of(label) if task.kind == TaskKind.CLEAN_BED][-1]


def offered(cast: Cast) -> dict[str, int]:
    """A cleaning offered to Hanna."""
    left(cast)
    return {"task_id": cleaning_of(cast)}


def accepted(cast: Cast) -> dict[str, int]:
    given = offered(cast)
    tasks.accept(cast.hanna, given["task_id"])
    return given


def started(cast: Cast) -> dict[str, int]:
    given = accepted(cast)
    tasks.start(cast.hanna, given["task_id"])
    return given


def errand(cast: Cast) -> dict[str, int]:
    """A transport asked for by the nurse and offered to Pia."""
    new = tasks.NewTask("Take the samples to the laboratory", TaskKind.TRANSPORT, bed_id=cast.beds["E1"])
    return {"task_id": tasks.create(cast.nurse, new)}
