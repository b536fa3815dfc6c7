"""The house's page: parts, models and settings as they are now, for the one browser that asked."""

from __future__ import annotations

import reflex as rx

from hospital_ops.domain.access import Permission
from hospital_ops.queries.health import State
from hospital_ops.queries.house import house_value
from hospital_ops.state.gate import requires
from hospital_ops.state.push import push_status, show, told
from hospital_ops.state.thread import in_thread

_P = Permission


class HousePage(rx.State):
    """Read on arrival and when asked again; nothing is kept."""

    @rx.event
    @requires(_P.ACCOUNT_MANAGE, arrival=True)
    async def arrive(self) -> None:
        await self._look()

    @rx.event
    @requires(_P.ACCOUNT_MANAGE)
    async def look_again(self) -> None:
        await self._look()

    async def _look(self) -> None:
        async with told(self):
            push: State = "ok" if push_status()["status"] == "ok" else "down"
            await show(self, house=await in_thread(house_value, push))
