"""One ward by its address, and the screen on the wall. Neither keeps more than which ward is shown, or why none is."""

from __future__ import annotations

import reflex as rx

from hospital_ops.domain.access import Actor, Permission, require
from hospital_ops.domain.errors import NotAllowed, NotFound, Refused
from hospital_ops.queries.places import WardPlace, ward_of_code
from hospital_ops.services.access import audit_denial
from hospital_ops.state.gate import current_viewer, requires
from hospital_ops.state.person import params_of
from hospital_ops.state.thread import in_thread


class WardPage(rx.State):
    """`position`: the place on the board of the ward shown, 0 for none. `problem`: why none is."""

    position: int = 0
    code: str = ""
    problem: str = ""

    @rx.event
    @requires(Permission.BOARD_VIEW, arrival=True)
    async def arrive(self) -> None:
        """After each navigation and reconnect: which ward does the address name, and is it this person's?"""
        named = params_of(self.router.route_id, self.router.url.path).get("ward", "")
        try:
            found = await in_thread(one_ward, current_viewer().require(), named)
            self.position, self.code, self.problem = found.position, found.code, ""
        except Refused as refusal:
            self.position, self.code, self.problem = 0, "", refusal.sentence


class Wall(rx.State):
    """A screen that nobody touches."""

    @rx.event
    @requires(Permission.BOARD_VIEW)
    async def still_shown(self) -> None:
        """The screen hangs there. The gate has looked the session up for this event, which keeps it alive: until its
        last hour, as any other."""


def one_ward(actor: Actor, code: str) -> WardPlace:
    """The ward of that code. Refuses what is not there, and, with a line in the audit, what is not theirs."""
    found = ward_of_code(code)
    if found is None:
        raise NotFound("There is no ward of that name in this hospital.")
    try:
        require(actor, Permission.BOARD_VIEW, found.ward_id)
    except NotAllowed:
        audit_denial(actor, f"ward {found.code}")
        raise
    return found
