"""Swaps of shifts: what one could ask for, the question, the answer, and the planner's word. Ids and words of the roster."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.domain.access import Permission
from hospital_ops.domain.errors import Invalid, NotSignedIn, Refused
from hospital_ops.domain.roster import LONGEST_REASON
from hospital_ops.queries.shift_swaps import swap_choices
from hospital_ops.services import shift_swaps
from hospital_ops.state.gate import requires
from hospital_ops.state.given import given_field_id, given_id, given_text
from hospital_ops.state.push import told
from hospital_ops.state.thread import in_thread

_OWN, _PLAN = Permission.SHIFT_OWN, Permission.STAFFING_PLAN
YES = "yes"


class Swaps(rx.State):
    """`shift_id`: my shift for which the dialog is open, 0 for none; `words` names it; `choices`: what I could ask for."""

    shift_id: int = 0
    words: str = ""
    choices: list[dict[str, Any]] = []
    problem: str = ""

    @rx.event
    @requires(_OWN)
    async def choose(self, shift_id: int, words: str) -> None:
        """Whom could I ask to take this shift of mine, and for which of theirs?"""
        async with told(self) as viewer:
            chosen, self.words = given_id(shift_id), given_text(words, 80)
            self.choices = await in_thread(swap_choices, viewer.require(), chosen)
            self.shift_id, self.problem = chosen, ""

    @rx.event
    @requires(_OWN)
    async def put_away(self, is_open: bool = False) -> None:
        self.shift_id, self.choices, self.problem = 0, [], ""

    @rx.event
    @requires(_OWN)
    async def ask(self, form: dict[str, Any]) -> None:
        """The dialog's form: this colleague's shift for mine. A refusal stands in the dialog."""
        async with told(self) as viewer:
            picked = given_text(form.get("choice", "") if isinstance(form, dict) else "", 24)
            if not picked:
                self.problem = "Choose a colleague's shift first."
                return
            user_id, theirs = _pair(picked)
            try:
                await in_thread(shift_swaps.ask_swap, viewer.require(), self.shift_id, user_id, theirs)
            except NotSignedIn:
                raise
            except Refused as refusal:
                self.problem = refusal.sentence
                return
            self.shift_id, self.choices, self.problem = 0, [], ""

    @rx.event
    @requires(_OWN)
    async def answer(self, swap_id: int, yes: bool) -> None:
        """A colleague has asked me: yes or no."""
        async with told(self) as viewer:
            await in_thread(shift_swaps.answer_swap, viewer.require(), given_id(swap_id), yes=yes is True)

    @rx.event
    @requires(_OWN)
    async def withdraw(self, swap_id: int) -> None:
        """Take my question back."""
        async with told(self) as viewer:
            await in_thread(shift_swaps.withdraw_swap, viewer.require(), given_id(swap_id))

    @rx.event
    @requires(_PLAN)
    async def decide(self, form: dict[str, Any]) -> None:
        """The planner's word; the form names the swap, which way, and why."""
        async with told(self) as viewer:
            swap_id, yes = given_field_id(form, "swap"), form.get("verdict") == YES
            reason = given_text(form.get("reason", ""), LONGEST_REASON)
            await in_thread(shift_swaps.decide_swap, viewer.require(), swap_id, yes=yes, reason=reason)


def _pair(picked: str) -> tuple[int, int]:
    """`7-31` → (7, 31): a colleague and their shift."""
    parts = picked.split("-")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
        raise Invalid("That is not one of the choices shown.")
    return given_id(int(parts[0])), given_id(int(parts[1]))
