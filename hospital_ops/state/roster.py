"""The roster's page: which ward and week is looked at, whose day is being changed, what a file would make. Ids and words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import reflex as rx

from hospital_ops.domain import events
from hospital_ops.domain.access import Permission
from hospital_ops.domain.errors import Invalid, NotSignedIn, Refused
from hospital_ops.domain.roster import LONGEST_REASON
from hospital_ops.domain.roster_csv import LONGEST_FILE
from hospital_ops.domain.rostering import Need
from hospital_ops.domain.staffing import WEEK
from hospital_ops.queries.clock import hospital_date, hospital_now, hospital_zone
from hospital_ops.queries.own_shifts import monday_of
from hospital_ops.queries.roster_page import wards_of_roster
from hospital_ops.queries.staffing import kind_of
from hospital_ops.services import roster_draft, roster_import, roster_proposal
from hospital_ops.services.roster_draft import Wish
from hospital_ops.state.gate import current_viewer, requires
from hospital_ops.state.given import given_id, given_text
from hospital_ops.state.push import told, watch
from hospital_ops.state.thread import in_thread

_VIEW, _PLAN = Permission.STAFFING_VIEW, Permission.STAFFING_PLAN
# What a shift can be, in words: first hour, hour after the last.
KINDS: dict[str, tuple[str, int, int]] = {
    "day": ("Day, 7–15 h", 7, 15),
    "evening": ("Evening, 15–23 h", 15, 23),
    "night": ("Night, 23–7 h", 23, 7),
    "long": ("Long day, 7–19 h", 7, 19),
    "call": ("On call, 19–7 h", 19, 7),
}
FARTHEST_WEEKS = 26


class Roster(rx.State):
    """`asking`: "" or what a dialog asks: `cell`, `import`, `propose`, `publish`. `shift_id` 0: the day is free so far."""

    wards: list[dict[str, Any]] = []
    ward_id: int = 0
    monday: str = ""
    asking: str = ""
    problem: str = ""
    user_id: int = 0
    name: str = ""
    role: str = ""
    day: str = ""
    words: str = ""
    shift_id: int = 0
    found: dict[str, Any] = {}
    proposed: dict[str, Any] = {}
    _file: str = ""

    @rx.event
    @requires(_VIEW, arrival=True)
    async def arrive(self) -> None:
        """After each navigation and reconnect: the first ward of theirs and this week, or what was looked at."""
        async with told(self) as viewer:
            self.wards = await in_thread(wards_of_roster, viewer.require())
            if self.ward_id not in {ward["id"] for ward in self.wards} or not self.monday:
                self.ward_id = self.wards[0]["id"] if self.wards else 0
                self.monday = monday_of(hospital_date(await in_thread(hospital_now))).isoformat()
            self.asking = ""
            await self._look()

    @rx.event
    @requires(_VIEW)
    async def show(self, ward_id: str) -> None:
        async with told(self):
            self.ward_id = given_id(int(ward_id) if ward_id.isdigit() and len(ward_id) < 10 else -1)
            await self._look()

    @rx.event
    @requires(_VIEW)
    async def go(self, weeks: int) -> None:
        """So many weeks on or back; 0 is this one."""
        async with told(self):
            this = monday_of(hospital_date(await in_thread(hospital_now)))
            steps = {-1: -WEEK, 1: WEEK}.get(weeks)
            monday = this if steps is None else date.fromisoformat(self.monday) + steps
            if abs((monday - this).days) <= FARTHEST_WEEKS * 7:
                self.monday = monday.isoformat()
            await self._look()

    @rx.event
    @requires(_PLAN)
    async def open_cell(self, user_id: int, name: str, role: str, day: str, words: str, shift_id: int) -> None:
        """Somebody's day: what is to be there?"""
        async with told(self):
            self.user_id, self.shift_id = given_id(user_id), given_id(shift_id)
            self.name, self.role, self.words = given_text(name, 80), given_text(role, 40), given_text(words, 40)
            self.day = _day(day).isoformat()
            self.asking, self.problem = "cell", ""

    @rx.event
    @requires(_PLAN)
    async def ask(self, what: str) -> None:
        """Open the dialog of the import or of publishing."""
        async with told(self):
            if what not in ("import", "publish"):
                raise Invalid("There is no such dialog.")
            self.asking, self.problem, self.found, self._file = what, "", {}, ""

    @rx.event
    @requires(_VIEW)
    async def put_away(self, is_open: bool = False) -> None:
        self.asking, self.problem, self.found, self._file, self.proposed = "", "", {}, "", {}

    @rx.event
    @requires(_PLAN)
    async def propose(self) -> AsyncIterator[None]:
        """Open the dialog at once, then show who could fill the week's open places."""
        self.asking, self.problem, self.proposed = "propose", "", {}
        yield
        found = await self._try(roster_proposal.propose, self.ward_id, date.fromisoformat(self.monday), stay=True)
        self.proposed = {} if found is None else _proposal(found)

    @rx.event
    @requires(_PLAN)
    async def take_proposal(self) -> None:
        """Draft what the dialog has shown."""
        stamp = str(self.proposed.get("stamp", ""))
        await self._try(roster_proposal.take, self.ward_id, date.fromisoformat(self.monday), stamp)

    @rx.event
    @requires(_PLAN)
    async def put(self, form: dict[str, Any]) -> None:
        """The cell's form: this kind of shift, instead of the one that is there."""
        kind, reason = given_text(form.get("kind", ""), 20), given_text(form.get("reason", ""), LONGEST_REASON)
        if kind not in KINDS:
            self.problem = "Choose a shift first."
            return
        _, first, last = KINDS[kind]
        wish = _wish(self.ward_id or None, self.role.replace(" ", "_"), date.fromisoformat(self.day), first, last)
        if self.shift_id:
            await self._try(roster_draft.move, self.shift_id, self.user_id, wish, reason=reason)
        else:
            await self._try(roster_draft.put_on, wish, self.user_id, reason=reason)

    @rx.event
    @requires(_PLAN)
    async def take_off(self) -> None:
        await self._try(roster_draft.take_off, self.shift_id, self.user_id)

    @rx.event
    @requires(_PLAN)
    async def publish(self, stamp: str) -> None:
        week = date.fromisoformat(self.monday)
        await self._try(roster_draft.publish_week, self.ward_id or None, week, given_text(stamp, 40))

    @rx.event
    @requires(_PLAN)
    async def discard(self, stamp: str) -> None:
        week = date.fromisoformat(self.monday)
        await self._try(roster_draft.discard_week, self.ward_id or None, week, given_text(stamp, 40))

    @rx.event
    @requires(_PLAN)
    async def preview(self, form: dict[str, Any]) -> None:
        """What the pasted file would make."""
        text, reason = (
            given_text(form.get("text", ""), LONGEST_FILE),
            given_text(form.get("reason", ""), LONGEST_REASON),
        )
        found = await self._try(roster_import.preview, text, reason=reason, stay=True)
        self.found, self._file = ({}, "") if found is None else (_imported(found, reason), text)

    @rx.event
    @requires(_PLAN)
    async def take(self) -> None:
        """Draft what the preview has shown."""
        await self._try(roster_import.take, self._file, reason=str(self.found.get("reason", "")))

    async def _look(self) -> None:
        topic = events.roster(self.ward_id or None, date.fromisoformat(self.monday))
        await watch(self, [topic], "roster")

    async def _try(self, service: Any, *given: Any, stay: bool = False, **more: Any) -> Any:
        """A refusal stands in the dialog that it answers; without one the dialog closes."""
        async with told(self):
            self.problem = ""
            try:
                done = await in_thread(service, current_viewer().require(), *given, **more)
            except NotSignedIn:
                raise
            except Refused as refusal:
                self.problem = refusal.sentence
                return None
            if not stay:
                self.asking, self.found, self._file, self.proposed = "", {}, "", {}
            return done


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(given_text(text, 10))
    except ValueError:
        raise Invalid("That is not a day.") from None


def _wish(ward_id: int | None, role: str, day: date, first: int, last: int) -> Wish:
    ends = day if last > first else day + timedelta(days=1)
    begins_at, ends_at = (
        datetime.combine(on, time(hour), hospital_zone()).astimezone(UTC) for on, hour in ((day, first), (ends, last))
    )
    return Wish(ward_id, role, begins_at, ends_at)


def _proposal(found: roster_proposal.Proposal) -> dict[str, Any]:
    return {
        "stamp": found.stamp,
        "wanted": found.wanted,
        "filled": len(found.places),
        "in_turn": found.in_turn,
        "proven": found.proven,
        "places": [
            {"key": f"{_when(one.need)} {one.user_id}", "words": f"{one.name} comes {_when(one.need)}", "why": one.why}
            for one in found.places
        ],
        "open": [
            {"key": _when(one.need), "words": f"{_when(one.need)}: {one.people} short", "why": one.why}
            for one in found.open
        ],
    }


def _when(need: Need) -> str:
    return f"{need.slot.day:%a %-d %b} {kind_of(need.slot.starts_at)}"


def _imported(found: roster_import.Imported, reason: str) -> dict[str, Any]:
    lines = [(one.line, one.reason, "rule") for one in found.warned] + [
        (one.line, one.reason, "bad") for one in found.bad
    ]
    return {
        "made": found.made,
        "there": found.there,
        "people": found.people,
        "lines": [{"line": line, "reason": words, "kind": kind} for line, words, kind in sorted(lines)][:100],
        "left_out": len(lines),
        "reason": reason,
    }
