"""What was recorded, read from the first line to the last: the invariants of beds, patients, tasks and jobs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sqlalchemy import text

from hospital_ops.domain.beds import MOVES, BedStatus
from hospital_ops.domain.tasks import MOVES as TASK_MOVES
from hospital_ops.domain.tasks import TaskStatus
from hospital_ops.infra.db import read_session

FINISHED = frozenset({TaskStatus.COMPLETE.value, TaskStatus.CANCELLED.value})
READY = frozenset({BedStatus.AVAILABLE.value, BedStatus.RESERVED.value})
STEPS = """SELECT subject_id AS thing, action, facts->>'old' AS old, facts->>'new' AS new, user_id FROM audit_entry
    WHERE subject_type = :kind AND facts ? 'old' AND facts ? 'new' ORDER BY audit_entry.id"""
# Each of these finds rows that must not be: the sentence says what they would mean.
NEVER = {
    "two patients in one bed at once": """SELECT a.id FROM stay a JOIN stay b ON a.bed_id = b.bed_id AND a.id < b.id
        AND tstzrange(a.from_at, a.to_at) && tstzrange(b.from_at, b.to_at)""",
    "one patient in two beds at once": """SELECT a.id FROM stay a JOIN stay b ON a.patient_id = b.patient_id
        AND a.id < b.id AND tstzrange(a.from_at, a.to_at) && tstzrange(b.from_at, b.to_at)""",
    "a bed taken without a patient, or the other way round": """SELECT bed.id FROM bed
        LEFT JOIN stay ON stay.bed_id = bed.id AND stay.to_at IS NULL
        WHERE (bed.status IN ('occupied', 'pending_discharge')) <> (stay.id IS NOT NULL)""",
    "a dirty bed that nobody is asked to clean": """SELECT bed.id FROM bed LEFT JOIN task ON task.bed_id = bed.id
        AND task.kind = 'clean_bed' AND task.status NOT IN ('complete', 'cancelled')
        WHERE bed.status IN ('dirty', 'cleaning') AND task.id IS NULL""",
    "an event that nobody was told": "SELECT id FROM outbox_event WHERE sent_at IS NULL",
    "a job fired twice, or noted and not fired": """SELECT job_firing.id FROM job_firing LEFT JOIN outbox_event
        ON name = 'clock.fired' AND (outbox_event.facts->>'firing_id')::bigint = job_firing.id
        GROUP BY job_firing.id HAVING count(outbox_event.id) <> 1""",
    "a hospital that was never scored for an hour": """SELECT outbox_event.id FROM outbox_event LEFT JOIN handled
        ON handled.event_id = outbox_event.id AND handled.consumer = 'score_inpatients'
        WHERE name = 'clock.fired' AND outbox_event.facts->>'job' = 'score_discharges' AND handled.event_id IS NULL""",
    "a new patient whom nobody forecast": """SELECT outbox_event.id FROM outbox_event JOIN stay
        ON stay.id = (outbox_event.facts->>'stay_id')::bigint AND stay.to_at IS NULL
        LEFT JOIN handled ON handled.event_id = outbox_event.id AND handled.consumer = 'score_one'
        WHERE name = 'stay.started' AND handled.event_id IS NULL""",
    "somebody with a task in hand whom the list calls free": """SELECT task.id FROM task JOIN "user"
        ON "user".id = task.user_id WHERE task.status = 'in_progress' AND "user".current_status = 'available'""",
}


def _rows(statement: str, **values: Any) -> list[Any]:
    with read_session() as session:
        return list(session.connection().execute(text(statement), values))


class History:
    """Every step of every bed and task, in the order in which it was committed."""

    def __init__(self) -> None:
        self.beds, self.tasks = self._steps("bed"), self._steps("task")

    @staticmethod
    def _steps(kind: str) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in _rows(STEPS, kind=kind):
            found[row.thing].append(row)
        return found

    @property
    def moves(self) -> int:
        return sum(len(steps) for steps in (*self.beds.values(), *self.tasks.values()))

    def faults(self) -> list[str]:
        """Sentences about what must not have happened. Empty when all is well."""
        found = [*self._of_beds(), *self._of_tasks(), *self._of_versions()]
        for sentence, statement in NEVER.items():
            if rows := _rows(statement):
                found.append(f"{sentence}: {[row[0] for row in rows][:10]}")
        return found

    def _of_beds(self) -> Iterator[str]:
        for number, steps in self.beds.items():
            yield from _broken_chain("bed", number, steps)
            for step in steps:
                if BedStatus(step.new) not in MOVES[BedStatus(step.old)]:
                    yield f"bed {number} went from {step.old} to {step.new}"
                if step.action in {"bed.place", "bed.transfer"} and step.old not in READY:
                    yield f"a patient was put into bed {number}, which was {step.old}"

    def _of_tasks(self) -> Iterator[str]:
        for number, steps in self.tasks.items():
            yield from _broken_chain("task", number, steps)
            if sum(step.new in FINISHED for step in steps) > 1:
                yield f"task {number} was finished twice"
            for step in steps:
                if TaskStatus(step.new) not in TASK_MOVES[TaskStatus(step.old)]:
                    yield f"task {number} went from {step.old} to {step.new}"
            for before, after in pairwise(s for s in steps if s.action in {"task.accept", "task.start"}):
                if after.action == "task.start" and before.user_id != after.user_id:
                    yield f"task {number} was accepted by {before.user_id} and begun by {after.user_id}"

    @staticmethod
    def _of_versions() -> Iterator[str]:
        """Every change of a bed is told once: its versions are told without gap and without repeat."""
        told = """SELECT bed.id, bed.version, array_agg((facts->>'version')::int ORDER BY outbox_event.id) AS versions
            FROM bed JOIN outbox_event ON (facts->>'bed_id')::bigint = bed.id
            WHERE name IN ('bed.status_changed', 'bed.updated') AND facts ? 'version' GROUP BY bed.id"""
        for row in _rows(told):
            if row.versions != list(range(2, row.version + 1)):
                yield f"bed {row.id} at version {row.version} told of {row.versions}"


def _broken_chain(kind: str, number: int, steps: list[Any]) -> Iterator[str]:
    for before, after in pairwise(steps):
        if before.new != after.old:
            yield f"{kind} {number} was left {before.new} and found {after.old}"
