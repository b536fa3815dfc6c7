"""Days that somebody would rather be off: asked for on their own page, kept by a proposal where it can."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import func
from sqlmodel import col, select

from hospital_ops.domain import events
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import Conflict, Invalid
from hospital_ops.domain.roster import DAY, LOOK, Slot
from hospital_ops.domain.rostering import FARTHEST_WISH, MOST_WISHES
from hospital_ops.models import DayWish, User
from hospital_ops.queries.clock import hospital_date, hospital_zone
from hospital_ops.queries.roster_book import roster_book
from hospital_ops.services.access import require
from hospital_ops.services.roster_door import pages
from hospital_ops.services.unit_of_work import Work, unit_of_work


def wish_off(actor: Actor, day: date) -> bool:
    """Ask for a day off. It binds nobody. False when it is asked for already."""
    require(actor, Permission.SHIFT_OWN)
    with unit_of_work(actor) as work:
        user_id, today = _locked(work, actor), hospital_date(work.now)
        if not today < day <= today + FARTHEST_WISH:
            raise Invalid(f"Choose a day from tomorrow on, within {FARTHEST_WISH.days // 7} weeks.", code="wish_day")
        if work.session.get(DayWish, (user_id, day)) is not None:
            return False
        coming = select(func.count()).where(DayWish.user_id == user_id, col(DayWish.day) > today)
        if work.session.exec(coming).one() >= MOST_WISHES:
            raise Conflict(f"You have asked for {MOST_WISHES} days. Take one back first.", code="wishes_spent")
        work.session.add(DayWish(user_id=user_id, day=day, made_at=work.now))
        _tell(work, user_id, day, "shift.wish_off")
        return True


def take_wish_back(actor: Actor, day: date) -> bool:
    """Not asked for any longer. False when it was not."""
    require(actor, Permission.SHIFT_OWN)
    with unit_of_work(actor) as work:
        user_id = _locked(work, actor)
        wish = work.session.get(DayWish, (user_id, day))
        if wish is None:
            return False
        work.session.delete(wish)
        _tell(work, user_id, day, "shift.take_wish_back")
        return True


def _locked(work: Work, actor: Actor) -> int:
    """The person's row, locked, so that two tabs do not ask for more than there is."""
    if actor.user_id is None:
        raise Invalid("Only people have days off.")
    work.session.exec(select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True)).one()
    return actor.user_id


def _tell(work: Work, user_id: int, day: date, action: str) -> None:
    begins = datetime.combine(day, time(0), hospital_zone())
    book = roster_book(work.session, begins - LOOK, begins + LOOK, [user_id])
    here = pages(book, user_id, Slot(None, book.workers[user_id].role, begins, begins + DAY, day))
    work.record(action, "user", user_id, day=day.isoformat())
    topics = tuple(sorted({events.me(user_id), *here}))
    work.announce(events.Event("shift.wished", {"user_id": user_id}, topics))
