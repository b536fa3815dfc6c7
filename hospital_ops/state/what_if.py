"""The what-if's page: a day, a role, more or fewer people, some hours. Reckoned in a thread, a few replications at a time."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import reflex as rx

from hospital_ops.domain import what_if
from hospital_ops.domain.access import Actor, Permission, Role
from hospital_ops.domain.errors import Conflict, Invalid, NotSignedIn, Refused
from hospital_ops.domain.what_if import KINDS, REPLICATIONS, Both, Change, Recorded
from hospital_ops.queries.clock import hospital_date, hospital_now
from hospital_ops.queries.what_if import recorded_day
from hospital_ops.state.gate import current_viewer, requires
from hospital_ops.state.given import given_text
from hospital_ops.state.push import show, told
from hospital_ops.state.replay import day_given
from hospital_ops.state.thread import in_thread

# Between two of these the browser hears how far it is, and others have the thread.
AT_ONCE = 4
ROLES: dict[str, Role] = {role.value: role for role in KINDS}
# One at a time in a web process: it takes a processor, which the boards need too.
_busy = asyncio.Lock()


class WhatIf(rx.State):
    """`day` is what the form begins with; the answer, or why there is none, is sent and kept nowhere."""

    day: str = ""

    @rx.event
    @requires(Permission.REPLAY_VIEW, arrival=True)
    async def arrive(self) -> None:
        """After each navigation and reconnect: the day of the address, or the hospital's yesterday."""
        async with told(self):
            try:
                asked = day_given(dict(self.router.url.query_parameters).get("day", ""))
            except Invalid:
                asked = None
            today = hospital_date(await in_thread(hospital_now))
            self.day = (asked or date.fromordinal(today.toordinal() - 1)).isoformat()

    @rx.event
    @requires(Permission.REPLAY_VIEW)
    async def reckon(self, form: dict[str, Any]) -> None:
        """Both sides, replication by replication; the browser is told how far it is."""
        async with told(self):
            try:
                role, day, change = asked_of(form)
                if _busy.locked():
                    raise Conflict("Another what-if is being reckoned. Try again in a few seconds.", code="busy")
                async with _busy:
                    recorded = await in_thread(_recorded, current_viewer().require(), role, day)
                    runs: list[Both] = []
                    while len(runs) < REPLICATIONS:
                        await show(self, what_if={"done": len(runs), "of": REPLICATIONS})
                        runs += await in_thread(_some, recorded, change, len(runs))
                answer = what_if.compare(recorded, runs)
                await show(self, what_if={**answer, **_question(recorded, day, change)})
            except NotSignedIn:
                raise
            except Refused as refusal:
                await show(self, what_if={"problem": refusal.sentence})


def asked_of(form: Any) -> tuple[Role, date, Change]:
    """The form as given. Refuses, in words, what is none."""
    if not isinstance(form, dict):
        raise Invalid("Choose a day and whose help it is about.", code="bad_what_if")
    given = {name: given_text(form.get(name, ""), 40) for name in ("role", "day", "people", "from", "until")}
    day = day_given(given["day"])
    if given["role"] not in ROLES or day is None:
        raise Invalid("Choose a day and whose help it is about.", code="bad_what_if")
    try:
        people, first, last = (int(given[name]) for name in ("people", "from", "until"))
    except ValueError:
        raise Invalid("People and hours are whole numbers.", code="bad_what_if") from None
    return ROLES[given["role"]], day, Change(people, first, last)


def _recorded(actor: Actor, role: Role, day: date) -> Recorded:
    found = recorded_day(actor, role, day)
    what_if.check(found)
    return found


def _some(day: Recorded, change: Change, first: int) -> list[Both]:
    return [what_if.replicate(day, change, number) for number in range(first, min(REPLICATIONS, first + AT_ONCE))]


def _question(recorded: Recorded, day: date, change: Change) -> dict[str, Any]:
    return {
        "day": day.isoformat(),
        "role": recorded.role.value,
        "people": change.people,
        "from": change.from_hour,
        "until": change.until_hour,
        "asked": len(recorded.tasks),
        "staff": len(recorded.people),
    }
