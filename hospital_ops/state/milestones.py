"""What is done to a milestone from a bed's story: ticked off, held up, given to somebody, added, crossed off.

The list itself comes with the topic `bed:<id>`. Kept here: which milestone's dialog is open and which colleagues could
own it; never what somebody wrote about a delay.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.domain.access import Permission
from hospital_ops.domain.milestones import LONGEST_WORDS
from hospital_ops.queries.milestones import who_could_own
from hospital_ops.services import milestones
from hospital_ops.state.gate import requires
from hospital_ops.state.given import given_id, given_text
from hospital_ops.state.push import told
from hospital_ops.state.thread import in_thread

_P = Permission


class Milestones(rx.State):
    """`task_id`: whose dialog is open, 0 for none. `owners`: who could own it."""

    task_id: int = 0
    owners: list[dict[str, Any]] = []

    @rx.event
    @requires(_P.STAY_DISCHARGE)
    async def ask(self, task_id: int) -> None:
        """Open the dialog: what it waits for, and who sees to it."""
        async with told(self) as viewer:
            chosen = given_id(task_id)
            self.owners = await in_thread(who_could_own, viewer.require(), chosen)
            self.task_id = chosen

    @rx.event
    @requires(_P.STAY_DISCHARGE)
    async def put_away(self, is_open: bool = False) -> None:
        """`is_open` is what a dialog says of itself."""
        if not is_open:
            self._forget()

    @rx.event
    @requires(_P.STAY_DISCHARGE)
    async def done(self, task_id: int) -> None:
        async with told(self) as viewer:
            await in_thread(milestones.mark_done, viewer.require(), given_id(task_id))

    @rx.event
    @requires(_P.STAY_DISCHARGE)
    async def delay(self, form: dict[str, Any]) -> None:
        """What the open one waits for."""
        async with told(self) as viewer:
            reason = given_text(form.get("reason", ""), 40)
            words = given_text(form.get("words", ""), LONGEST_WORDS)
            await in_thread(milestones.delay, viewer.require(), self.task_id, reason, words)
            self._forget()

    @rx.event
    @requires(_P.STAY_DISCHARGE)
    async def resume(self) -> None:
        """Nothing holds the open one up any more."""
        async with told(self) as viewer:
            await in_thread(milestones.resume, viewer.require(), self.task_id)
            self._forget()

    @rx.event
    @requires(_P.STAY_DISCHARGE)
    async def assign(self, user_id: int) -> None:
        """The open one is this person's from now on; 0 lets the house choose."""
        async with told(self) as viewer:
            await in_thread(milestones.assign, viewer.require(), self.task_id, given_id(user_id) or None)
            self._forget()

    @rx.event
    @requires(_P.STAY_DISCHARGE)
    async def cross_off(self) -> None:
        """This patient does not need the open one."""
        async with told(self) as viewer:
            await in_thread(milestones.cross_off, viewer.require(), self.task_id)
            self._forget()

    @rx.event
    @requires(_P.STAY_DISCHARGE)
    async def add(self, bed_id: int, form: dict[str, Any]) -> None:
        async with told(self) as viewer:
            name = given_text(form.get("milestone", ""), 40)
            await in_thread(milestones.add, viewer.require(), given_id(bed_id), name)

    def _forget(self) -> None:
        self.task_id, self.owners = 0, []
