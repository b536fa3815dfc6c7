"""Setting a ward's target. The list comes from the topic `wards`, so that a second person sees the change too."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.domain.access import Permission
from hospital_ops.services import wards
from hospital_ops.state.gate import requires
from hospital_ops.state.given import given_field_id
from hospital_ops.state.push import told
from hospital_ops.state.thread import in_thread


class Wards(rx.State):
    """Nothing is kept."""

    @rx.event
    @requires(Permission.WARD_SET)
    async def set_notice(self, form: dict[str, Any]) -> None:
        """`minutes` for `ward_id`; `seen`: the target that stood there before."""
        async with told(self) as viewer:
            ward_id, minutes, seen = (given_field_id(form, name) for name in ("ward_id", "minutes", "seen"))
            await in_thread(wards.set_notice_target, viewer.require(), ward_id, minutes, seen=seen)
