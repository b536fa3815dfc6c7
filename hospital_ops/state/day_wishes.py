"""Days off that one asks for, on one's own page."""

from __future__ import annotations

from datetime import date
from typing import Any

import reflex as rx

from hospital_ops.domain.access import Permission
from hospital_ops.domain.errors import Invalid
from hospital_ops.services import day_wishes
from hospital_ops.state.gate import requires
from hospital_ops.state.given import given_text
from hospital_ops.state.push import told
from hospital_ops.state.thread import in_thread


class Wishes(rx.State):
    """Nothing is kept here: the days come with the topic."""

    @rx.event
    @requires(Permission.SHIFT_OWN)
    async def wish(self, form: dict[str, Any]) -> None:
        async with told(self) as viewer:
            await in_thread(day_wishes.wish_off, viewer.require(), _day(form.get("day", "")))

    @rx.event
    @requires(Permission.SHIFT_OWN)
    async def take_back(self, day: str) -> None:
        async with told(self) as viewer:
            await in_thread(day_wishes.take_wish_back, viewer.require(), _day(day))


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(given_text(text, 10))
    except ValueError:
        raise Invalid("Choose a day first.") from None
