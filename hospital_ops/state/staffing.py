"""The staffing page's own state: which unit's arrivals are plotted."""

from __future__ import annotations

import reflex as rx

from hospital_ops.domain.access import Permission
from hospital_ops.state.gate import requires
from hospital_ops.state.given import given_text


class Staffing(rx.State):
    """`unit` "" is the first one of the value."""

    unit: str = ""

    @rx.event
    @requires(Permission.STAFFING_VIEW)
    async def show(self, unit: str) -> None:
        self.unit = given_text(unit, 60)
