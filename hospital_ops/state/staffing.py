"""The staffing page's own acts: which unit's arrivals are plotted, and asking people to fill a gap."""

from __future__ import annotations

import reflex as rx

from hospital_ops.domain.access import Permission
from hospital_ops.domain.errors import Invalid
from hospital_ops.services import roster
from hospital_ops.state.gate import requires
from hospital_ops.state.given import given_id, given_text
from hospital_ops.state.push import told
from hospital_ops.state.thread import in_thread


class Staffing(rx.State):
    """`unit` "" is the first one of the value."""

    unit: str = ""

    @rx.event
    @requires(Permission.STAFFING_VIEW)
    async def show(self, unit: str) -> None:
        self.unit = given_text(unit, 60)

    @rx.event
    @requires(Permission.STAFFING_PLAN)
    async def ask(self, shift_id: int, user_ids: list[int]) -> None:
        """Ask everybody named who has not been asked. Their answers come with the topic."""
        async with told(self) as viewer:
            if not isinstance(user_ids, list):
                raise Invalid("That is not one of ours. Reload the page and try again.")
            people = [given_id(user_id) for user_id in user_ids[: roster.MOST_ASKED]]
            await in_thread(roster.ask, viewer.require(), given_id(shift_id), people)
