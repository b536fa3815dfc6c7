"""What whoever manages accounts does to them. Ids and codes only are kept.

The lists come from the topics `accounts` and `managed:<id>`; an act waits for its event, so that a second
administrator sees it too. A password that was made for somebody goes to the one browser that asked, and is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import reflex as rx

from hospital_ops.domain import events
from hospital_ops.domain.access import Actor, Permission, Role
from hospital_ops.domain.accounts import GIVEN
from hospital_ops.domain.errors import Invalid
from hospital_ops.services import accounts, second_factor
from hospital_ops.services.accounts import Access, Handover, NewAccount
from hospital_ops.state.gate import requires
from hospital_ops.state.given import given_id, given_text
from hospital_ops.state.push import show, told, watch
from hospital_ops.state.thread import in_thread

_P = Permission
# What is done to the account that is open, by the word on the button. Each asks once more before it is done.
ACTS: dict[str, Callable[[Actor, int], Handover | int | None]] = {
    "reset": accounts.reset_password,
    "sign_out": accounts.end_sessions_of,
    "deactivate": accounts.deactivate,
    "reactivate": accounts.reactivate,
    "factor": second_factor.reset,
}
ASKED = frozenset({"create", "access", "told", *ACTS})
_WARD = "ward_"


def given_access(form: Mapping[str, Any]) -> Access:
    """Role and wards as the form has them: a box for each ward, `ward_<id>`."""
    return Access(
        given_role(form.get("role")), _ids(name.removeprefix(_WARD) for name in form if name.startswith(_WARD))
    )


def seen_access(form: Mapping[str, Any]) -> Access:
    """What the form showed before anything was changed."""
    wards = given_text(form.get("seen_wards", ""), 2000)
    return Access(given_role(form.get("seen_role")), _ids(wards.split(",") if wards else ()))


def given_role(value: Any) -> Role:
    """A role that an administrator may give."""
    if value not in list(GIVEN):
        raise Invalid("Please choose one of the roles shown.", code="bad_account")
    return Role(value)


def _ids(words: Any) -> frozenset[int]:
    found = list(words)
    if not all(word.isascii() and word.isdigit() and len(word) < 10 for word in found):
        raise Invalid("That is not one of our wards. Reload the page and try again.")
    return frozenset(int(word) for word in found)


class Accounts(rx.State):
    """`open_id`: whose drawer is open, 0 for nobody's. `asking`: what the dialog asks, "" for nothing."""

    open_id: int = 0
    asking: str = ""

    @rx.event
    @requires(_P.ACCOUNT_MANAGE, arrival=True)
    async def arrive(self) -> None:
        """After each navigation and reconnect: the drawer that was open watches its account again."""
        async with told(self):
            await watch(self, [events.managed(self.open_id)] if self.open_id else [], "drawer")

    @rx.event
    @requires(_P.ACCOUNT_MANAGE)
    async def open(self, user_id: int) -> None:
        async with told(self):
            chosen = given_id(user_id)
            await watch(self, [events.managed(chosen)], "drawer")
            self.open_id, self.asking = chosen, ""

    @rx.event
    @requires(_P.ACCOUNT_MANAGE)
    async def close(self) -> None:
        async with told(self):
            self.open_id, self.asking = 0, ""
            await watch(self, [], "drawer")

    @rx.event
    @requires(_P.ACCOUNT_MANAGE)
    async def ask(self, what: str) -> None:
        """Open the dialog of an act, a form or a question."""
        async with told(self):
            if given_text(what, 20) not in ASKED:
                raise Invalid("There is no such act.")
            self.asking = what

    @rx.event
    @requires(_P.ACCOUNT_MANAGE)
    async def put_away(self, is_open: bool = False) -> None:
        """Puts any dialog away, and the password with it. `is_open` is what a dialog says of itself."""
        if not is_open:
            self.asking = ""
            async with told(self):
                await show(self, handover={})

    @rx.event
    @requires(_P.ACCOUNT_MANAGE)
    async def create(self, form: dict[str, Any]) -> None:
        async with told(self) as viewer:
            access = given_access(form)
            name, shown = given_text(form.get("username"), 60), given_text(form.get("display_name"), 80)
            new = NewAccount(name, shown, access.role, access.ward_ids)
            await self._hand_over(await in_thread(accounts.create_account, viewer.require(), new))

    @rx.event
    @requires(_P.ACCOUNT_MANAGE)
    async def change(self, form: dict[str, Any]) -> None:
        """Role and wards of the account that is open."""
        async with told(self) as viewer:
            new, seen = given_access(form), seen_access(form)
            await in_thread(accounts.set_access, viewer.require(), self.open_id, new, seen=seen)
            self.asking = ""

    @rx.event
    @requires(_P.ACCOUNT_MANAGE)
    async def act(self) -> None:
        """What the dialog asked, confirmed."""
        async with told(self) as viewer:
            call, self.asking = ACTS.get(self.asking), ""
            if call is None:
                raise Invalid("There is no such act.")
            outcome = await in_thread(call, viewer.require(), self.open_id)
            if isinstance(outcome, Handover):
                await self._hand_over(outcome)

    async def _hand_over(self, made: Handover) -> None:
        words = {"username": made.username, "password": made.password, "one_time": made.one_time}
        await show(self, handover=words)
        self.asking = "told"
