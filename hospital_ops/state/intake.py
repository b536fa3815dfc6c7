"""What a patient does on the page of registration. Who they are comes from the cookie; what they wrote from the feed.

No answer is ever kept here: a handler hands it to the service and the page shows what the database then says.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.domain.access import Permission
from hospital_ops.domain.errors import Conflict, NotFound
from hospital_ops.services import intake
from hospital_ops.state.gate import Viewer, requires
from hospital_ops.state.given import given_id, given_text
from hospital_ops.state.push import told
from hospital_ops.state.thread import in_thread

# A drawn signature is the longest answer.
LONGEST_ANSWER = 21_000


def _own(viewer: Viewer, shown: Any = None) -> int:
    """The cookie's registration. `shown` is the one that the page shows: in a second tab another may have been opened
    since, and what is written under one name must not go to the other.
    """
    registration_id = viewer.require().registration_id
    if registration_id is None:
        raise NotFound("There is no registration open here.")
    if shown is not None and shown != registration_id:
        raise Conflict("Another registration was opened here. Reload the page.", code="other_registration")
    return registration_id


class Intake(rx.State):
    """Handlers only."""

    @rx.event
    @requires(Permission.INTAKE_OWN)
    async def save(self, name: str, value: str, shown: Any = None) -> None:
        """One answer, as it is typed."""
        async with told(self) as viewer:
            answer, own = given_text(value, LONGEST_ANSWER), _own(viewer, shown)
            await in_thread(intake.save_field, viewer.require(), own, given_text(name, 40), answer)

    @rx.event
    @requires(Permission.INTAKE_OWN)
    async def go(self, step: str) -> None:
        """Another step; forward only when this one is answered."""
        async with told(self) as viewer:
            await in_thread(intake.go, viewer.require(), _own(viewer), given_text(step, 20))

    @rx.event
    @requires(Permission.INTAKE_OWN)
    async def reply(self, name: str, value: str, shown: Any = None) -> None:
        """The answer to a question of the desk; `name` is "asked.<number>"."""
        async with told(self) as viewer:
            number = given_text(name, 20).removeprefix("asked.")
            if not number.isdigit():
                raise NotFound("There is no such question any longer.")
            answer, own = given_text(value, LONGEST_ANSWER), _own(viewer, shown)
            await in_thread(intake.reply, viewer.require(), own, int(number), answer)

    @rx.event
    @requires(Permission.INTAKE_OWN)
    async def submit(self, shown: Any = None) -> None:
        """Send it to the desk."""
        async with told(self) as viewer:
            await in_thread(intake.submit, viewer.require(), _own(viewer, shown))

    @rx.event
    @requires(Permission.INTAKE_OWN)
    async def speak(self, language: str) -> None:
        """English or Spanish; every answer stays."""
        async with told(self) as viewer:
            await in_thread(intake.set_language, viewer.require(), _own(viewer), given_text(language, 5))

    @rx.event
    @requires(Permission.INTAKE_OWN)
    async def settle(self, document_id: int, card_field: str, use_card: Any) -> None:
        """Answer a card's question: use what it says, or keep one's own."""
        async with told(self) as viewer:
            call = intake.settle
            chosen, name = given_id(document_id), given_text(card_field, 40)
            await in_thread(call, viewer.require(), _own(viewer), chosen, name, use_card=use_card is True)
