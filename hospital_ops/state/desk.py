"""The desk's own state: which registration is open and the beds that would fit. Ids and bed labels only.

The queue and the folder come from the topics `desk` and `verify:<id>`.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import reflex as rx

from hospital_ops.domain import events
from hospital_ops.domain.access import Permission
from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.placement import Isolation
from hospital_ops.services import arrivals, eligibility, merging, placement
from hospital_ops.services.arrivals import VERIFIED, Placing
from hospital_ops.state.gate import requires
from hospital_ops.state.given import given_id, given_text
from hospital_ops.state.push import told, watch
from hospital_ops.state.thread import in_thread

_P = Permission
SHOWN_OFFERS = 6


def placing_of(form: dict[str, Any]) -> Placing:
    """The admission's answers in a form. What is not answered stays unanswered and is refused by the service."""
    isolation = given_text(form.get("isolation", "") or "unanswered", 20)
    if isolation not in list(Isolation):
        raise Invalid("That is not one of the choices shown.")
    unit, sex = given_text(form.get("unit", ""), 60), given_text(form.get("sex", ""), 20)
    return Placing(unit, Isolation(isolation), sex, telemetry=bool(form.get("telemetry")))


def _number(value: Any) -> int | None:
    """A number that a form carries as text; None for none."""
    text = given_text(value or "", 12)
    if not text:
        return None
    if not text.isdigit():
        raise Invalid("That is not one of ours. Reload the page and try again.")
    return given_id(int(text))


class Desk(rx.State):
    """`open_id`: the registration being verified, 0 for none. `request_id`: whose bed is being sought."""

    open_id: int = 0
    request_id: int = 0
    offers: list[dict[str, Any]] = []
    misfits: list[dict[str, Any]] = []

    @rx.event
    @requires(_P.DESK_WORK, arrival=True)
    async def arrive(self) -> None:
        """After each navigation and reconnect: the open folder is watched again."""
        async with told(self):
            if self.open_id:
                await watch(self, [events.verify(self.open_id)], "folder")

    @rx.event
    @requires(_P.DESK_WORK)
    async def open(self, registration_id: int) -> None:
        """Look at one registration. Audited before anything is shown."""
        async with told(self) as viewer:
            chosen = given_id(registration_id)
            await in_thread(arrivals.open_folder, viewer.require(), chosen)
            await watch(self, [events.verify(chosen)], "folder")
            self.open_id, self.request_id, self.offers, self.misfits = chosen, 0, [], []

    @rx.event
    @requires(_P.DESK_WORK)
    async def close(self) -> None:
        async with told(self):
            await watch(self, [], "folder")
            self.open_id, self.request_id, self.offers, self.misfits = 0, 0, [], []

    @rx.event
    @requires(_P.STAY_ADMIT)
    async def admit(self, form: dict[str, Any]) -> None:
        """These values are true, and this patient needs a bed. Both or neither."""
        async with told(self) as viewer:
            values = {name: given_text(form.get(name, "")) for name in VERIFIED} | {"sex": form.get("sex", "")}
            placing, same_as = placing_of(form), _number(form.get("same_as"))
            version = _number(form.get("version"))
            request_id = await in_thread(
                arrivals.confirm_and_admit,
                viewer.require(),
                self.open_id,
                values,
                placing,
                same_as=same_as,
                version=version,
            )
            await self._seek(viewer.require(), request_id)

    @rx.event
    @requires(_P.DESK_WORK)
    async def ask_insurance(self, form: dict[str, Any]) -> None:
        """Ask with what stands in the form; the answer comes by the folder's topic."""
        async with told(self) as viewer:
            values = {name: given_text(form[name]) for name in VERIFIED if name in form}
            await in_thread(eligibility.ask, viewer.require(), self.open_id, values)

    @rx.event
    @requires(_P.DESK_WORK)
    async def ask_patient(self, form: dict[str, Any]) -> None:
        """A question for the patient's own page."""
        async with told(self) as viewer:
            question = given_text(form.get("question", ""))
            await in_thread(arrivals.ask_patient, viewer.require(), self.open_id, question)

    @rx.event
    @requires(_P.PATIENT_MERGE)
    async def join(self, patient_id: int) -> None:
        """The open registration's patient is this one, whom we know."""
        async with told(self) as viewer:
            await in_thread(arrivals.join_known, viewer.require(), self.open_id, given_id(patient_id))

    @rx.event
    @requires(_P.PATIENT_MERGE)
    async def part(self, patient_id: int) -> None:
        """They are two people after all."""
        async with told(self) as viewer:
            await in_thread(merging.unmerge, viewer.require(), given_id(patient_id))

    @rx.event
    @requires(_P.STAY_PLACE)
    async def find_bed(self, request_id: int) -> None:
        """Which beds would fit now, best first, with the reasons."""
        async with told(self) as viewer:
            await self._seek(viewer.require(), given_id(request_id))

    @rx.event
    @requires(_P.STAY_PLACE)
    async def place(self, bed_id: int) -> None:
        """Put the patient into a ready bed."""
        async with told(self) as viewer:
            await in_thread(placement.place, viewer.require(), self.request_id, given_id(bed_id))
            self.request_id, self.offers, self.misfits = 0, [], []

    @rx.event
    @requires(_P.DESK_WORK)
    async def cancel(self) -> None:
        """Nobody comes, or it was started twice."""
        async with told(self) as viewer:
            await in_thread(arrivals.cancel, viewer.require(), self.open_id)
            await watch(self, [], "folder")
            self.open_id = 0

    async def _seek(self, actor: Any, request_id: int) -> None:
        judged = await in_thread(placement.offers, actor, request_id)
        shown = [{**asdict(one), "allowed": one.allowed} for one in judged]
        self.request_id = request_id
        self.offers = [one for one in shown if one["allowed"]][:SHOWN_OFFERS]
        # Ready beds that one rule excludes are worth a look; beds that are simply taken are not.
        ready = (one for one in shown if not one["allowed"] and not _is_taken(one))
        self.misfits = list(ready)[:SHOWN_OFFERS]


def _is_taken(judged: dict[str, Any]) -> bool:
    return any(reason.startswith("not ready") for reason in judged["against"])
