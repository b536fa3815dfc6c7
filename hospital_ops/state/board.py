"""The board's own state: which bed's drawer is open, which patient a bed is sought for. Ids and bed labels only.

What the board shows comes from the topics `ward:<id>`, `hospital` and `bed:<id>`; nothing here edits a row. An act
waits for its event, as every other board does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import reflex as rx

from hospital_ops.domain import events
from hospital_ops.domain.access import Permission
from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.placement import Judgement
from hospital_ops.queries.moves import move_offers, swap_offers
from hospital_ops.services import placement, swaps
from hospital_ops.services.access import require
from hospital_ops.state.gate import public, requires
from hospital_ops.state.given import given_field_id, given_id, given_text
from hospital_ops.state.push import told, watch
from hospital_ops.state.thread import in_thread
from hospital_ops.state.verbs import VERBS, Answer

SHOWN_OFFERS = 6
LONGEST_REASON = 200
# Three ways into a bed: from the waiting list, from another bed, and in exchange. (actor, from, bed, override=reason)
PUT: dict[str, Callable[..., None]] = {
    "place": placement.place,
    "move": placement.transfer,
    "swap": swaps.swap,
}


class Board(rx.State):
    """`bed_id`, `request_id`: what the drawer shows, 0 for nothing. `asking`: the verb whose question is open.

    `moving`: the dialog that seeks another bed for whoever lies in `bed_id` is open.
    """

    bed_id: int = 0
    request_id: int = 0
    asking: str = ""
    moving: bool = False
    offers: list[dict[str, Any]] = []
    misfits: list[dict[str, Any]] = []
    swaps: list[dict[str, Any]] = []
    swap_misfits: list[dict[str, Any]] = []

    @rx.event
    @requires(Permission.BOARD_VIEW, arrival=True)
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
            self._forget()
            self.bed_id = chosen

    @rx.event
    @requires(Permission.STAY_PLACE)
    async def find_bed(self, request_id: int) -> None:
        """Show where a waiting patient could lie, best first, with the reasons; and why not elsewhere."""
        async with told(self) as viewer:
            chosen = given_id(request_id)
            judged = await in_thread(placement.offers, viewer.require(), chosen)
            await watch(self, [], "drawer")
            self._forget()
            self.request_id = chosen
            self.offers, self.misfits = shown(judged)

    @rx.event
    @requires(Permission.STAY_PLACE)
    async def seek_move(self) -> None:
        """Where whoever lies in the open bed could lie instead, and with whom they could change beds."""
        async with told(self) as viewer:
            actor = viewer.require()
            free = await in_thread(move_offers, actor, self.bed_id)
            taken = await in_thread(swap_offers, actor, self.bed_id)
            self.offers, self.misfits = shown(free)
            self.swaps, self.swap_misfits = shown(taken)
            self.moving, self.asking = True, ""

    @rx.event
    @public
    async def close(self) -> None:
        self._forget()
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
            await in_thread(chosen.call, viewer.require(), self.bed_id, given_id(version), Answer())

    @rx.event
    @requires(Permission.BOARD_VIEW)
    async def answer(self, version: int, form: dict[str, Any]) -> None:
        """What was said to the open question; `version` is the row as it stood behind it."""
        async with told(self) as viewer:
            chosen = VERBS.get(self.asking)
            if chosen is None:
                return
            require(viewer.require(), chosen.permission)
            said = Answer(given_text(form.get("choice", ""), 40), given_text(form.get("reason", ""), LONGEST_REASON))
            await in_thread(chosen.call, viewer.require(), self.bed_id, given_id(version), said)
            self.asking = ""

    @rx.event
    @requires(Permission.BOARD_VIEW)
    async def put_away(self, is_open: bool = False) -> None:
        """Close whichever dialog is open. `is_open` is what a dialog says of itself."""
        if not is_open:
            self.asking, self.moving = "", False

    @rx.event
    @requires(Permission.STAY_PLACE)
    async def put(self, how: str, bed_id: int) -> None:
        """Place, move or swap into the chosen bed."""
        await self._put(how, bed_id, "")

    @rx.event
    @requires(Permission.STAY_PLACE)
    async def put_anyway(self, how: str, form: dict[str, Any]) -> None:
        """The same against a rule about who may lie where, with a reason; it is written down."""
        async with told(self):
            await self._put(how, given_field_id(form, "bed_id"), form.get("reason", ""))

    async def _put(self, how: Any, bed_id: Any, reason: Any) -> None:
        async with told(self) as viewer:
            service = PUT.get(given_text(how))
            if service is None:
                raise Invalid("There is no such act.")
            from_id = self.request_id if how == "place" else self.bed_id
            why = given_text(reason, LONGEST_REASON)
            await in_thread(service, viewer.require(), from_id, given_id(bed_id), override=why)
            self.request_id, self.moving = 0, False
            self.offers, self.misfits, self.swaps, self.swap_misfits = [], [], [], []

    def _forget(self) -> None:
        self.bed_id, self.request_id, self.asking, self.moving = 0, 0, "", False
        self.offers, self.misfits, self.swaps, self.swap_misfits = [], [], [], []


def shown(judged: list[Judgement]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(beds that fit, ready beds that one rule excludes), best first, as the browser has them."""
    fits = [asdict(one) for one in judged if one.allowed]
    nearly = [asdict(one) for one in judged if one.against and not any(w.startswith("not ready") for w in one.against)]
    return fits[:SHOWN_OFFERS], nearly[:SHOWN_OFFERS]
