"""Tasks: whose they are, asking for one, finishing one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field

from hospital_ops.api.auth import Needs
from hospital_ops.api.problem import problems
from hospital_ops.api.shapes import Given, Id, PathId, RequestKey, Shown, Words
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.tasks import Priority, TaskKind, TaskStatus
from hospital_ops.queries import tasks as task_queries
from hospital_ops.services import tasks
from hospital_ops.services.access import audit_view

router = APIRouter(tags=["tasks"])


class AskForTask(Given):
    """What is to be done. Without `user_id` it goes to the nearest person who is free and has the skill."""

    description: Words = Field(min_length=1, max_length=tasks.LONGEST_DESCRIPTION, examples=["Clean Room 405"])
    priority: Priority = Priority.MEDIUM
    kind: TaskKind = TaskKind.OTHER
    bed_id: Id | None = None
    patient_id: Id | None = Field(None, description="For those who may read patients, in their wards.")
    user_id: Id | None = Field(None, description="The person to offer it to.")


class Assignee(Shown):
    id: int
    name: str


class TaskShown(Shown):
    """A task. `patient_id` is told to those who may read patients."""

    id: int
    description: str
    kind: TaskKind
    status: TaskStatus
    priority: Priority
    user_id: int | None
    bed_id: int | None
    patient_id: int | None
    ward_id: int | None
    created_at: datetime
    due_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    why: str = Field(
        description="Why this person, or why nobody yet.",
        examples=["Nearest free with the skill: 35 m; 1 nearer on a break"],
    )
    version: int


class TaskMade(TaskShown):
    """A task with the name of whom it was offered to; null while nobody with the skill is free."""

    assignee: Assignee | None


@router.get("/api/staff/tasks/{user_id}", responses=problems(401, 403, 404, 422, 503))
def staff_tasks(user_id: PathId, actor: Annotated[Actor, Depends(Needs(Permission.TASK_OWN))]) -> list[TaskShown]:
    """All tasks of one person, open ones first: for that person, or a supervisor of theirs."""
    found = task_queries.tasks_of(actor, user_id)
    if any(task["patient_id"] for task in found):
        audit_view(actor, "tasks", Permission.TASK_OWN, of_user=user_id)
    return [TaskShown.model_validate(task) for task in found]


@router.post("/api/tasks", status_code=201, responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 503))
def ask_for_task(
    given: AskForTask, actor: Annotated[Actor, Depends(Needs(Permission.TASK_CREATE))], key: RequestKey = ""
) -> TaskMade:
    """Create a task. It is offered to one person at once, and appears on that person's screen alone."""
    task_id = tasks.create(actor, tasks.NewTask(**given.model_dump()), key=key)
    return TaskMade.model_validate(_with_assignee(actor, task_id))


@router.put("/api/tasks/{task_id}/complete", responses=problems(401, 403, 404, 409, 422, 503))
def complete(task_id: PathId, actor: Annotated[Actor, Depends(Needs(Permission.TASK_OWN))]) -> TaskMade:
    """Mark a task as done, by its person or their supervisor. Doing it twice changes nothing more."""
    tasks.complete(actor, task_id)
    return TaskMade.model_validate(_with_assignee(actor, task_id))


def _with_assignee(actor: Actor, task_id: int) -> dict[str, Any]:
    return task_queries.with_assignee(actor, task_id)
