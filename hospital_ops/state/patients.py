"""One patient's page: opened by an audited look, pushed as a topic, and what may be done about the stay.

The state holds ids, bed labels and reasons; who the patient is reaches the browser as a pushed value only.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.domain import events
from hospital_ops.domain.access import Permission
from hospital_ops.domain.errors import Invalid, NotFound, Refused
from hospital_ops.queries.moves import move_offers
from hospital_ops.queries.patients import NOT_THERE
from hospital_ops.services import placement
from hospital_ops.services.access import require
from hospital_ops.services.patient_view import open_patient
from hospital_ops.state.board import shown
from hospital_ops.state.gate import current_viewer, requires
from hospital_ops.state.given import LARGEST_ID, given_field_id, given_id, given_text
from hospital_ops.state.person import params_of
from hospital_ops.state.push import told, watch
from hospital_ops.state.thread import in_thread
from hospital_ops.state.verbs import VERBS, Answer

_P = Permission
# What the ward does about a stay; each with its own permission in the table of verbs.
STAY_VERBS = ("order_discharge", "confirm_discharge", "withdraw_order", "leave")


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > LARGEST_ID:
        raise NotFound(NOT_THERE)
    return int(text)


class PatientPage(rx.State):
    """`patient_id`: who is open, 0 for nobody. `problem`: why nobody is. The rest: for whom a bed is sought, and where."""

    patient_id: int = 0
    problem: str = ""
    from_bed_id: int = 0
    request_id: int = 0
    offers: list[dict[str, Any]] = []
    misfits: list[dict[str, Any]] = []

    @rx.event
    @requires(_P.PATIENT_READ, arrival=True)
    async def arrive(self) -> None:
        """After each navigation and reconnect: look (it is written down), then watch. No line in the audit, no look."""
        try:
            number = _number(params_of(self.router.route_id, self.router.url.path).get("id", ""))
            await in_thread(open_patient, current_viewer().require(), number)
            await watch(self, [events.patient(number)], "page")
            self.patient_id, self.problem = number, ""
        except Refused as refusal:
            self.patient_id, self.problem = 0, refusal.sentence

    @rx.event
    @requires(_P.PATIENT_READ)
    async def act(self, verb: str, bed_id: int, version: int) -> None:
        """One verb of the stay. `version` is the bed as the person saw it."""
        async with told(self) as viewer:
            name = given_text(verb)
            if name not in STAY_VERBS:
                raise Invalid("There is no such act.")
            require(viewer.require(), VERBS[name].permission)
            await in_thread(VERBS[name].call, viewer.require(), given_id(bed_id), given_id(version), Answer())

    @rx.event
    @requires(_P.STAY_PLACE)
    async def seek(self, bed_id: int, request_id: int) -> None:
        """Where could they lie: from a bed (a move), or from the waiting list (request)."""
        async with told(self) as viewer:
            actor, bed, request = viewer.require(), given_id(bed_id), given_id(request_id)
            judged = await (in_thread(move_offers, actor, bed) if bed else in_thread(placement.offers, actor, request))
            self.offers, self.misfits = shown(judged)
            self.from_bed_id, self.request_id = bed, request

    @rx.event
    @requires(_P.STAY_PLACE)
    async def close(self, is_open: bool = False) -> None:
        if not is_open:
            self.from_bed_id, self.request_id, self.offers, self.misfits = 0, 0, [], []

    @rx.event
    @requires(_P.STAY_PLACE)
    async def move(self, bed_id: int) -> None:
        await self._move(bed_id, "")

    @rx.event
    @requires(_P.STAY_PLACE)
    async def move_anyway(self, form: dict[str, Any]) -> None:
        """Against a rule about who lies beside whom, with a reason; it is written down."""
        async with told(self):
            await self._move(given_field_id(form, "bed_id"), form.get("reason", ""))

    async def _move(self, bed_id: int, reason: Any) -> None:
        async with told(self) as viewer:
            actor, chosen, why = viewer.require(), given_id(bed_id), given_text(reason, 200)
            if self.from_bed_id:
                await in_thread(placement.transfer, actor, self.from_bed_id, chosen, override=why)
            else:
                await in_thread(placement.place, actor, self.request_id, chosen, override=why)
            self.from_bed_id, self.request_id, self.offers, self.misfits = 0, 0, [], []
