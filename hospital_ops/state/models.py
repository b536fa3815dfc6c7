"""Which release of a model serves: asked twice, refused in the gate's own words. Names of releases alone are kept."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import Invalid, NotSignedIn, Refused
from hospital_ops.domain.releases import LONGEST_REASON
from hospital_ops.state.gate import current_viewer, requires
from hospital_ops.state.given import given_text
from hospital_ops.state.push import show, told
from hospital_ops.state.thread import in_thread

_P = Permission
LONGEST_NAME = 60
SERVE, BACK = "serve", "back"


class Models(rx.State):
    """`asking`: "" or what the dialog asks. `refused`: the gate has said no, so that a reason may be given."""

    asking: str = ""
    kind: str = ""
    version: str = ""
    problem: str = ""
    refused: bool = False

    @rx.event
    @requires(_P.MODEL_MANAGE, arrival=True)
    async def arrive(self) -> None:
        """After each navigation and reconnect: nothing is asked any more."""
        self._ask("", "", "")

    @rx.event
    @requires(_P.MODEL_MANAGE)
    async def look_again(self) -> None:
        """Read the folder again: a release that is repaired or broken there says nothing to the pages."""
        async with told(self):
            await show(self, models=await in_thread(_value))

    @rx.event
    @requires(_P.MODEL_MANAGE)
    async def ask_serve(self, kind: str, version: str) -> None:
        async with told(self):
            self._ask(SERVE, given_text(kind, LONGEST_NAME), given_text(version, LONGEST_NAME))

    @rx.event
    @requires(_P.MODEL_MANAGE)
    async def ask_back(self, kind: str, version: str) -> None:
        async with told(self):
            self._ask(BACK, given_text(kind, LONGEST_NAME), given_text(version, LONGEST_NAME))

    @rx.event
    @requires(_P.MODEL_MANAGE)
    async def put_away(self, is_open: bool = False) -> None:
        """`is_open` is what a dialog says of itself."""
        if not is_open:
            self._ask("", "", "")

    @rx.event
    @requires(_P.MODEL_MANAGE)
    async def act(self, form: dict[str, Any]) -> None:
        """What the dialog asked, confirmed. A refusal stays in the dialog, and the gate's opens the field for a reason."""
        try:
            reason = given_text(form.get("reason", ""), LONGEST_REASON)
            await in_thread(_act, current_viewer().require(), self.asking, self.kind, self.version, reason)
        except NotSignedIn:
            async with told(self):
                raise
        except Refused as refusal:
            self.problem, self.refused = refusal.sentence, self.refused or refusal.code == "gate"
        else:
            self._ask("", "", "")

    def _ask(self, what: str, kind: str, version: str) -> None:
        self.asking, self.kind, self.version, self.problem, self.refused = what, kind, version, "", False


def _act(actor: Actor, what: str, kind: str, version: str, reason: str) -> None:
    # Here, so that a web process that nobody asks for it goes without scikit-learn.
    from hospital_ops.services import releases

    if what == SERVE:
        releases.activate(actor, kind, version, reason)
    elif what == BACK:
        releases.roll_back(actor, kind, expected=version)
    else:
        raise Invalid("There is no such act.")


def _value() -> dict[str, Any]:
    from hospital_ops.services.model_page import models_value

    return models_value()
