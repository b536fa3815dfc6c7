"""The board's own state: which bed's drawer is open, which patient a bed is sought for. Ids and bed labels only.

What the board shows comes from the topics `ward:<id>`, `hospital` and `bed:<id>`; nothing here edits a row. An act
waits for its event, as every other board does.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import reflex as rx

from hospital_ops.domain import events
from hospital_ops.domain.access import Permission
from hospital_ops.domain.errors import Invalid
from hospital_ops.services import placement
from hospital_ops.services.access import require
from hospital_ops.state.gate import public, requires
from hospital_ops.state.given import given_id, given_text
from hospital_ops.state.push import told, watch
from hospital_ops.state.thread import in_thread
from hospital_ops.state.verbs import VERBS

SHOWN_OFFERS = 6


class Board(rx.State):
    """`bed_id`, `request_id`: what the drawer shows, 0 for nothing. `asking`: the verb whose reason is being typed."""

    bed_id: int = 0
    request_id: int = 0
    asking: str = ""
    offers: list[dict[str, Any]] = []
    misfits: list[dict[str, Any]] = []

    @rx.event
    @requires(Permission.BOARD_VIEW)
    async def arrive(self) -> None:
        """After each navigation and reconnect: the drawer that was open watches its bed again."""
        async with told(self):
            if self.bed_id:
                await watch(self, [events.bed(self.bed_id)], "drawer")

    @rx.event
    @requires(Permission.BOARD_VIEW)
    async def open_bed(self, bed_id: int) -> None:
        async with told(self):
            chosen = given_id(bed_id)
            await watch(self, [events.bed(chosen)], "drawer")
            self.bed_id, self.request_id, self.asking = chosen, 0, ""

    @rx.event
    @requires(Permission.STAY_PLACE)
    async def find_bed(self, request_id: int) -> None:
        """Show where a waiting patient could lie, best first, with the reasons; and why not elsewhere."""
        async with told(self) as viewer:
            chosen = given_id(request_id)
            judged = await in_thread(placement.offers, viewer.require(), chosen)
            await watch(self, [], "drawer")
            self.bed_id, self.request_id, self.asking = 0, chosen, ""
            shown = [{**asdict(one), "allowed": one.allowed} for one in judged]
            self.offers = [one for one in shown if one["allowed"]][:SHOWN_OFFERS]
            self.misfits = [one for one in shown if not one["allowed"] and _nearly(one)][:SHOWN_OFFERS]

    @rx.event
    @public
    async def close(self) -> None:
        self.bed_id, self.request_id, self.asking, self.offers, self.misfits = 0, 0, "", [], []
        async with told(self) as viewer:
            if viewer.actor:
                await watch(self, [], "drawer")

    @rx.event
    @requires(Permission.BOARD_VIEW)
    async def act(self, verb: str, version: int) -> None:
        """Do one verb to the open bed, or ask its question first. `version` is the row as the person saw it."""
        async with told(self) as viewer:
            chosen = VERBS.get(given_text(verb))
            if chosen is None:
                raise Invalid("There is no such act.")
            require(viewer.require(), chosen.permission)
            if chosen.asks:
                self.asking = verb
                return
            await in_thread(chosen.call, viewer.require(), self.bed_id, given_id(version), "")

    @rx.event
    @requires(Permission.BOARD_VIEW)
    async def answer(self, form: dict[str, Any]) -> None:
        """The reason of the act that asked for one."""
        async with told(self) as viewer:
            chosen = VERBS.get(self.asking)
            if chosen is None:
                return
            require(viewer.require(), chosen.permission)
            reason = given_text(form.get("reason", ""))
            await in_thread(chosen.call, viewer.require(), self.bed_id, None, reason)
            self.asking = ""

    @rx.event
    @requires(Permission.BOARD_VIEW)
    async def ask_nothing(self) -> None:
        self.asking = ""

    @rx.event
    @requires(Permission.STAY_PLACE)
    async def place(self, bed_id: int) -> None:
        """Put the waiting patient into the chosen bed."""
        async with told(self) as viewer:
            await in_thread(placement.place, viewer.require(), self.request_id, given_id(bed_id))
            self.request_id, self.offers, self.misfits = 0, [], []


def _nearly(judged: dict[str, Any]) -> bool:
    """A ready bed that one rule excludes: worth a look. Beds that are simply taken are not."""
    return not any(reason.startswith("not ready") for reason in judged["against"])
