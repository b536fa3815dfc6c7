"""What people do about strain: contest their own index, take that back, answer somebody's. The words stay in no var."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.domain.access import Permission
from hospital_ops.domain.strain import LONGEST_WORDS
from hospital_ops.services import strain_contests
from hospital_ops.state.gate import requires
from hospital_ops.state.given import given_field_id, given_text
from hospital_ops.state.push import told
from hospital_ops.state.thread import in_thread

WRONG = "wrong"


class Strain(rx.State):
    """Nothing is kept here: what is shown comes with the topics."""

    @rx.event
    @requires(Permission.ACCOUNT_OWN)
    async def contest(self, form: dict[str, Any]) -> None:
        """Say why one's own index is wrong."""
        async with told(self) as viewer:
            words = given_text(form.get("words", ""), LONGEST_WORDS)
            await in_thread(strain_contests.contest, viewer.require(), words)

    @rx.event
    @requires(Permission.ACCOUNT_OWN)
    async def withdraw(self) -> None:
        """Take one's contest back."""
        async with told(self) as viewer:
            await in_thread(strain_contests.withdraw, viewer.require())

    @rx.event
    @requires(Permission.STRAIN_ANSWER)
    async def answer(self, form: dict[str, Any]) -> None:
        """Answer a contest; the form names it and says which way."""
        async with told(self) as viewer:
            words = given_text(form.get("words", ""), LONGEST_WORDS)
            contest_id, wrong = given_field_id(form, "contest"), form.get("verdict") == WRONG
            await in_thread(strain_contests.answer, viewer.require(), contest_id, words, wrong=wrong)
