"""One ward's roster of one week: who works when, where nurses are short, and, for planners, what is drafted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.events import roster_week
from hospital_ops.domain.forecasts import SHIFTS
from hospital_ops.domain.roster import LOOK, Slot, Worker, judge, most_hours, stamp_of
from hospital_ops.domain.staffing import WEEK, acuity, nurses_for
from hospital_ops.infra.db import read_session
from hospital_ops.models import Ward
from hospital_ops.queries.clock import hospital_date, hospital_zone, read_clock
from hospital_ops.queries.day_wishes import wishes_between
from hospital_ops.queries.own_shifts import begin_of, monday_of
from hospital_ops.queries.roster import NURSE
from hospital_ops.queries.roster_book import FEW_WARDS, RosterBook, roster_book
from hospital_ops.queries.staffing import SHIFT_PLACE, kind_of, wards_now

DAY = timedelta(days=1)
HOUSE = "The whole house"


@dataclass(frozen=True, slots=True)
class Week:
    """What one page shows."""

    ward_id: int | None
    monday: date
    now: datetime
    codes: dict[int | None, str]
    # Person → days they would rather be off; planners' alone.
    wishes: dict[int, frozenset[date]]

    @property
    def days(self) -> list[date]:
        return [self.monday + n * DAY for n in range(7)]


def roster_page(number: int, *, drafts: bool) -> dict[str, Any]:
    """The topic `roster:<number>` (domain.events.roster). Without `drafts` as it is published. {} for no such ward."""
    ward_id, monday = roster_week(number)
    with read_session() as session:
        ward = session.get(Ward, ward_id) if ward_id is not None else None
        if ward_id is not None and ward is None:
            return {}
        now = read_clock(session).now
        codes: dict[int | None, str] = dict(session.execute(select(col(Ward.id), col(Ward.code))).all())
        book = roster_book(session, begin_of(monday) - LOOK, begin_of(monday + WEEK) + LOOK)
        needs = nurses_wanted(session, ward_id, now)
        wishes = wishes_between(session, monday, monday + WEEK) if drafts else {}
    if not drafts:
        book.changes.clear()
    week = Week(ward_id, monday, now, codes, wishes)
    here = [one for one in book.workers.values() if _belongs(one, week, book)]
    rows = [_row(one, week, book) for one in sorted(here, key=lambda one: (one.role != NURSE, one.role, one.name))]
    shifts = _shifts(week, book, needs)
    mine = {key: one for key, one in book.changes.items() if _is_here(book.slots[key[0]], week)}
    return {
        "number": number,
        "ward": HOUSE if ward is None else ward.name,
        "week": f"{monday:%-d %B} – {monday + WEEK - DAY:%-d %B %Y}",
        "is_now": monday == monday_of(hospital_date(now)),
        "days": [{"day": day.isoformat(), "word": f"{day:%a %-d}"} for day in week.days],
        "rows": rows,
        # A ward's patients come and go by the minute; the roster is read again when the roster changes.
        "counted": f"{now.astimezone(hospital_zone()):%H:%M}",
        "gaps": [one for one in shifts if one["gap"] > 0],
        "shifts": shifts,
        "changes": [
            _change(book.workers[user_id].name, book.slots[shift_id], joins=one.joins, rules=one.rules)
            for (shift_id, user_id), one in sorted(mine.items(), key=lambda item: book.slots[item[0][0]].starts_at)
        ],
        "stamp": stamp_of((shift_id, user_id, one.joins) for (shift_id, user_id), one in mine.items()),
    }


def wards_of_roster(actor: Actor) -> list[dict[str, Any]]:
    """The wards whose roster somebody may see, in the board's order; the house's last, as 0."""
    with read_session() as session:
        found = session.execute(select(col(Ward.id), col(Ward.name), col(Ward.code)).order_by(col(Ward.position)))
        wards = [
            {"id": ward_id, "name": f"{name} ({code})"}
            for ward_id, name, code in found
            if actor.may(Permission.STAFFING_VIEW, ward_id)
        ]
    return [*wards, {"id": 0, "name": HOUSE}] if actor.all_wards else wards


def _is_here(slot: Slot, week: Week) -> bool:
    return slot.ward_id == week.ward_id and week.monday <= slot.day < week.monday + WEEK


def _belongs(one: Worker, week: Week, book: RosterBook) -> bool:
    """People of the ward, and whoever works here this week."""
    if any(_is_here(book.slots[shift_id], week) for shift_id in _touched(one, book)):
        return True
    return one.active and len(one.ward_ids) <= FEW_WARDS and week.ward_id in one.ward_ids


def _touched(one: Worker, book: RosterBook) -> set[int]:
    return {*book.published[one.user_id], *(shift for shift, user in book.changes if user == one.user_id)}


def _row(one: Worker, week: Week, book: RosterBook) -> dict[str, Any]:
    decided = book.decided(one.user_id)
    in_week = [slot for slot in decided.values() if week.monday <= slot.day < week.monday + WEEK]
    return {
        "user_id": one.user_id,
        "name": one.name,
        "role": one.role.replace("_", " "),
        "hours": round(sum(slot.hours for slot in in_week)),
        "most": round(most_hours(decided.values())),
        "cells": [_cell(one, day, week, book, decided) for day in week.days],
    }


def _cell(one: Worker, day: date, week: Week, book: RosterBook, decided: dict[int, Slot]) -> dict[str, Any]:
    shown = []
    for shift_id in sorted(_touched(one, book), key=lambda shift_id: book.slots[shift_id].starts_at):
        slot = book.slots[shift_id]
        if slot.day == day:
            change = book.changes.get((shift_id, one.user_id))
            state = "published" if change is None else "joins" if change.joins else "leaves"
            others = [other for key, other in decided.items() if key != shift_id]
            broken = judge(one, slot, others) if shift_id in decided and slot.starts_at > week.now else []
            shown.append(
                {
                    "shift_id": shift_id,
                    "word": _word(slot),
                    "place": "" if slot.ward_id == week.ward_id else week.codes.get(slot.ward_id, "House"),
                    "state": state,
                    "why": " ".join(rule.sentence for rule in broken),
                    "mine": slot.ward_id == week.ward_id and state != "leaves",
                }
            )
    return {
        "day": day.isoformat(),
        "words": f"{day:%a %-d %b}",
        "shifts": shown,
        "open": day >= hospital_date(week.now),
        "wish": day in week.wishes.get(one.user_id, ()),
    }


def _word(slot: Slot) -> str:
    """`Day`, or the hours where they are not one of the three."""
    first, last = (moment.astimezone(hospital_zone()).hour for moment in (slot.starts_at, slot.ends_at))
    return next((name.title() for name, *hours in SHIFTS if hours == [first, last]), f"{first}–{last}")


def nurses_wanted(session: Session, ward_id: int | None, now: datetime) -> dict[str, int]:
    """Nurses that each kind of shift needs for the patients of now, by ratio and acuity. The house needs none."""
    for one in wards_now(session, now):
        if one.ward.id == ward_id and one.beds:
            patients, weight = len(one.patients), acuity(one.patients)
            return {name: nurses_for(patients, one.ratios[SHIFT_PLACE[name]], weight) for name, *_ in SHIFTS}
    return {}


def _shifts(week: Week, book: RosterBook, needs: dict[str, int]) -> list[dict[str, Any]]:
    """Every nurses' shift of the week that is needed: planned of needed."""
    planned: Counter[tuple[date, str]] = Counter()
    for user_id in book.workers:
        for slot in book.decided(user_id).values():
            if _is_here(slot, week) and slot.role == NURSE:
                planned[slot.day, kind_of(slot.starts_at)] += 1
    today = hospital_date(week.now)
    return [_need(day, name, planned[day, name], needs[name]) for day in week.days if day >= today for name in needs]


def _need(day: date, name: str, planned: int, needed: int) -> dict[str, Any]:
    return {
        "key": f"{day} {name}",
        "day": day.isoformat(),
        "words": f"{day:%a %-d} {name}",
        "planned": planned,
        "needed": needed,
        "gap": needed - planned,
    }


def _change(name: str, slot: Slot, *, joins: bool, rules: str) -> dict[str, Any]:
    verb = "comes" if joins else "no longer comes"
    against = f", with a reason against: {rules.replace(',', ', ')}" if rules else ""
    return {
        "key": f"{name} {slot.starts_at.isoformat()} {joins}",
        "words": f"{name} {verb} {slot.day:%a %-d %b} {_word(slot).lower()}{against}",
    }
