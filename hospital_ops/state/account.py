"""One's own account: the second factor's steps, and which of one's sessions is this one.

What the page shows comes from the topic `account:<id>`. A new secret and recovery codes are shown to the one browser that
asked and kept nowhere (`Feed.once`); passwords and codes typed pass through and stay in no var.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.domain.access import Permission
from hospital_ops.domain.errors import Invalid, NotSignedIn, Refused
from hospital_ops.services import second_factor, sessions
from hospital_ops.state.gate import current_viewer, requires
from hospital_ops.state.given import given_id, given_text
from hospital_ops.state.push import show, told
from hospital_ops.state.thread import in_thread

_P = Permission
# What the card of the second factor shows: nothing asked; its password; the picture; the codes; what taking it off needs.
STEPS = ("", "password", "scan", "codes", "remove")
LONGEST_PASSWORD = 1000


class Account(rx.State):
    """`step`: one of STEPS. `problem`: why the last answer was refused. `session_id`: this browser's row."""

    step: str = ""
    problem: str = ""
    session_id: int = 0

    @rx.event
    @requires(_P.ACCOUNT_OWN, arrival=True)
    async def arrive(self) -> None:
        """After each navigation and reconnect: nothing half asked, but what is on the screen once stays there."""
        self.session_id = current_viewer().require().session_id or 0
        if self.step not in ("scan", "codes"):
            self.step, self.problem = "", ""

    @rx.event
    @requires(_P.ACCOUNT_OWN)
    async def ask(self, step: str) -> None:
        """Open a step that begins with a password, or put everything away."""
        async with told(self):
            if step not in ("", "password", "remove"):
                raise Invalid("There is no such step.")
            self.step, self.problem = step, ""
            await show(self, once={})

    @rx.event
    @requires(_P.ACCOUNT_OWN)
    async def begin(self, form: dict[str, Any]) -> None:
        """The password was typed: show the picture for the app."""
        begun = await self._try(second_factor.begin, given_text(form.get("password", ""), LONGEST_PASSWORD))
        if begun is not None:
            # In fours, as it is typed by hand.
            fours = [begun.secret[n : n + 4] for n in range(0, len(begun.secret), 4)]
            await show(self, once={"secret": fours, "side": begun.picture.side, "path": begun.picture.path})
            self.step = "scan"

    @rx.event
    @requires(_P.ACCOUNT_OWN)
    async def confirm(self, form: dict[str, Any]) -> None:
        """The app's first code was typed: show the recovery codes."""
        codes = await self._try(second_factor.confirm, given_text(form.get("otp", ""), 40))
        if codes is not None:
            await show(self, once={"codes": list(codes)})
            self.step = "codes"

    @rx.event
    @requires(_P.ACCOUNT_OWN)
    async def remove(self, form: dict[str, Any]) -> None:
        """Password and code were typed: take it off."""
        password, code = given_text(form.get("password", ""), LONGEST_PASSWORD), given_text(form.get("otp", ""), 40)
        await self._try(second_factor.remove, password, code)
        if not self.problem:
            self.step = ""

    @rx.event
    @requires(_P.ACCOUNT_OWN)
    async def end(self, session_id: int) -> None:
        """Sign one other browser of mine out."""
        async with told(self) as viewer:
            await in_thread(sessions.end_own, viewer.require(), given_id(session_id))

    @rx.event
    @requires(_P.ACCOUNT_OWN)
    async def end_others(self) -> None:
        """Sign all my other browsers out."""
        async with told(self) as viewer:
            await in_thread(sessions.end_others, viewer.require())

    async def _try(self, service: Any, *answers: str) -> Any:
        """A refusal stands beside the form that it answers."""
        async with told(self) as viewer:
            self.problem = ""
            try:
                return await in_thread(service, viewer.require(), *answers)
            except NotSignedIn:
                raise
            except Refused as refusal:
                self.problem = refusal.sentence
        return None
