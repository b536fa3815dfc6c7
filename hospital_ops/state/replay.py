"""The replay's page: a day in the address, read once and sent to the one browser that asked, which plays it by itself."""

from __future__ import annotations

from datetime import date

import reflex as rx

from hospital_ops.domain.access import Permission
from hospital_ops.domain.errors import Invalid
from hospital_ops.queries.replay import replay_day
from hospital_ops.state.gate import requires
from hospital_ops.state.given import given_text
from hospital_ops.state.push import show, told
from hospital_ops.state.thread import in_thread


class Replay(rx.State):
    """`problem`: why there is no day to show. The day itself is kept nowhere."""

    problem: str = ""

    @rx.event
    @requires(Permission.REPLAY_VIEW, arrival=True)
    async def arrive(self) -> None:
        """After each navigation and reconnect: the day of the address, or today."""
        async with told(self) as viewer:
            asked = dict(self.router.url.query_parameters).get("day", "")
            try:
                value = await in_thread(replay_day, viewer.require(), day_given(asked))
                self.problem = ""
            except Invalid as refusal:
                value, self.problem = {}, refusal.sentence
            await show(self, replay=value)


def day_given(text: object) -> date | None:
    """The day of an address or a field; None for none."""
    words = given_text(text, 40)
    try:
        return date.fromisoformat(words) if words else None
    except ValueError:
        raise Invalid("That is not a day. Write it as 2026-03-02.", code="bad_day") from None
