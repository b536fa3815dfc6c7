"""What a person does on the page of tasks: my own steps, my status, what I found, and a supervisor's hand.

The cards themselves come from the topics `user:<id>` and `dispatch`; a step waits for its event, as every list does.
Kept here: what is being asked just now. Ids, codes, and names of colleagues; never a patient's words.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import reflex as rx

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.reasons import reason_words
from hospital_ops.domain.tasks import Priority, StaffStatus, TaskKind
from hospital_ops.queries.dispatch import bed_called, found_places, who_could
from hospital_ops.queries.tasks import own_way_out
from hospital_ops.services import found, roster, staff, tasks
from hospital_ops.state.gate import requires
from hospital_ops.state.given import given_id, given_text
from hospital_ops.state.push import told
from hospital_ops.state.thread import in_thread

_P = Permission
STEPS: dict[str, Callable[[Actor, int], None]] = {
    "accept": tasks.accept,
    "start": tasks.start,
    "complete": tasks.complete,
}


def _known(kind: type[StrEnum], value: Any) -> Any:
    """A word of one of our lists, or a refusal."""
    words = given_text(value, 40)
    if words not in list(kind):
        raise Invalid("That is not one of the choices shown.")
    return kind(words)


class Tasks(rx.State):
    """`finding`: the kind of found work being placed. `giving`: the task that is to go to somebody else, 0 for none."""

    finding: str = ""
    places: list[dict[str, Any]] = []
    giving: int = 0
    people: list[dict[str, Any]] = []
    asking_new: bool = False
    idle_minutes: int = 15

    @rx.event
    @requires(_P.TASK_OWN, arrival=True)
    async def arrive(self) -> None:
        """After each navigation and reconnect: how long a phone may lie about."""
        self.idle_minutes = get_settings().session_idle_minutes

    @rx.event
    @requires(_P.TASK_OWN)
    async def still_here(self) -> None:
        """A hand on the phone. The gate has looked the session up for this event, which keeps it alive."""

    # --- my own --------------------------------------------------------------------------------------------------

    @rx.event
    @requires(_P.TASK_OWN)
    async def step(self, name: str, task_id: int) -> None:
        """The next step of one of my tasks."""
        async with told(self) as viewer:
            service = STEPS.get(given_text(name))
            if service is None:
                raise Invalid("There is no such step.")
            await in_thread(service, viewer.require(), given_id(task_id))

    @rx.event
    @requires(_P.TASK_OWN)
    async def cannot(self, task_id: int, reason: str) -> None:
        """I can't: an offer goes to the next person, what is under way waits. `reason` is a code of domain.reasons."""
        async with told(self) as viewer:
            actor, chosen = viewer.require(), given_id(task_id)
            kind, way_out = await in_thread(own_way_out, actor, chosen)
            service = tasks.suspend if way_out == "suspend" else tasks.decline
            await in_thread(service, actor, chosen, reason_words(kind, given_text(reason)))

    @rx.event
    @requires(_P.TASK_OWN)
    async def be(self, status: str) -> None:
        """Free, on a break, off shift."""
        async with told(self) as viewer:
            await in_thread(staff.set_my_status, viewer.require(), _known(StaffStatus, status))

    @rx.event
    @requires(_P.TASK_OWN)
    async def answer(self, shift_id: int, yes: bool) -> None:
        """I was asked to work a shift: yes or no."""
        async with told(self) as viewer:
            await in_thread(roster.answer, viewer.require(), given_id(shift_id), yes=yes is True)

    # --- found work ----------------------------------------------------------------------------------------------

    @rx.event
    @requires(_P.TASK_OWN)
    async def find(self, kind: str) -> None:
        """First tap: what it is. Shows where, nearest first. The same tap again closes it."""
        async with told(self) as viewer:
            if kind == self.finding:
                self.finding, self.places = "", []
                return
            what = _known(TaskKind, kind)
            self.places = await in_thread(found_places, viewer.require(), what)
            self.finding = what.value

    @rx.event
    @requires(_P.TASK_OWN)
    async def found_at(self, bed_id: int) -> None:
        """Second tap: where it is."""
        async with told(self) as viewer:
            kind, self.finding, self.places = self.finding, "", []
            await in_thread(found.report, viewer.require(), _known(TaskKind, kind), given_id(bed_id))

    # --- supervisors ---------------------------------------------------------------------------------------------

    @rx.event
    @requires(_P.TASK_SUPERVISE)
    async def give(self, task_id: int) -> None:
        """Who could do it, nearest free one first."""
        async with told(self) as viewer:
            chosen = given_id(task_id)
            self.people = await in_thread(who_could, viewer.require(), chosen)
            self.giving = chosen

    @rx.event
    @requires(_P.TASK_SUPERVISE)
    async def give_to(self, user_id: int) -> None:
        """0 lets the dispatch choose again."""
        async with told(self) as viewer:
            task_id, self.giving, self.people = self.giving, 0, []
            await in_thread(tasks.reassign, viewer.require(), task_id, given_id(user_id) or None)

    @rx.event
    @requires(_P.TASK_SUPERVISE)
    async def take_back(self, task_id: int) -> None:
        """Not needed any longer."""
        async with told(self) as viewer:
            await in_thread(tasks.cancel, viewer.require(), given_id(task_id), "no longer needed")
            self.giving, self.people = 0, []

    @rx.event
    @requires(_P.TASK_OWN)
    async def close(self, is_open: bool = False) -> None:
        """Puts any dialog away. `is_open` is what a dialog says of itself."""
        if not is_open:
            self.giving, self.people, self.asking_new = 0, [], False

    @rx.event
    @requires(_P.TASK_CREATE)
    async def ask_new(self) -> None:
        self.asking_new = True

    @rx.event
    @requires(_P.TASK_CREATE)
    async def create(self, form: dict[str, Any]) -> None:
        """A new task from the dialog. It goes to the nearest free person with the skill."""
        async with told(self) as viewer:
            actor = viewer.require()
            label = given_text(form.get("bed", ""), 20)
            bed_id = await in_thread(bed_called, actor, label) if label else None
            new = tasks.NewTask(
                given_text(form.get("description", "")),
                _known(TaskKind, form.get("kind", "")),
                _known(Priority, form.get("priority", "")),
                bed_id,
            )
            await in_thread(tasks.create, actor, new)
            self.asking_new = False
