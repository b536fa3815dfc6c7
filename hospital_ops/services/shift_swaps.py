"""Two colleagues change shifts: one asks, the other answers, and a planner decides where a rule is in the way."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import select

from hospital_ops.domain import events
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import ChangedMeanwhile, Conflict, Invalid, NotAllowed, NotFound
from hospital_ops.domain.roster import OPEN_SWAPS, Broken, SwapState, refuse
from hospital_ops.models import Shift, ShiftSwap
from hospital_ops.queries.roster_book import slot_of
from hospital_ops.services.access import require
from hospital_ops.services.roster_door import Drafting, pages, set_place
from hospital_ops.services.unit_of_work import Work, unit_of_work

_OWN, _PLAN = Permission.SHIFT_OWN, Permission.STAFFING_PLAN


def ask_swap(actor: Actor, shift_id: int, with_user_id: int, with_shift_id: int) -> bool:
    """Ask a colleague to take my shift for theirs. False when that very question is open already."""
    require(actor, _OWN)
    if actor.user_id is None or actor.user_id == with_user_id:
        raise Invalid("A swap is with somebody else.")
    with unit_of_work(actor) as work:
        swap = ShiftSwap(
            user_id=actor.user_id,
            shift_id=shift_id,
            with_user_id=with_user_id,
            with_shift_id=with_shift_id,
            asked_at=work.now,
        )
        drafting = _round(work, swap)
        refuse([one for one in _broken(drafting, swap) if one.hard])
        if (open_one := _open_question(work, swap)) is not None:
            if (open_one.with_user_id, open_one.with_shift_id) == (with_user_id, with_shift_id):
                return False
            raise Conflict("You have asked somebody about this shift already. Take that back first.", code="swap_open")
        work.session.add(swap)
        work.session.flush()
        _tell(work, drafting, swap, "shift.swap_ask", "shift.swap_asked")
        return True


def answer_swap(actor: Actor, swap_id: int, *, yes: bool) -> None:
    """Say yes or no to a colleague. A yes that no rule is against swaps at once; else the planner decides."""
    require(actor, _OWN)
    with unit_of_work(actor) as work:
        swap = _locked(work, swap_id)
        if swap.with_user_id != actor.user_id:
            raise NotFound("Nobody has asked you for this swap.")
        if swap.state == (SwapState.DONE if yes else SwapState.DECLINED) or (
            yes and swap.state == SwapState.TO_APPROVE
        ):
            return
        _still(swap, SwapState.ASKED)
        drafting = _round(work, swap, only_end=not yes)
        broken = _broken(drafting, swap) if yes else []
        refuse([one for one in broken if one.hard])
        if broken:
            swap.state, swap.rules = SwapState.TO_APPROVE.value, ",".join(sorted({one.code for one in broken}))
            work.session.add(swap)
            _tell(work, drafting, swap, "shift.swap_answer", "shift.swap_asked")
        else:
            outcome = SwapState.DONE if yes else SwapState.DECLINED
            _end(work, drafting, swap, outcome, "shift.swap_answer")


def withdraw_swap(actor: Actor, swap_id: int) -> None:
    """Take one's own question back before it is done. Twice is once."""
    require(actor, _OWN)
    with unit_of_work(actor) as work:
        swap = _locked(work, swap_id)
        if swap.user_id != actor.user_id:
            raise NotFound("There is no such swap of yours.")
        if swap.state == SwapState.WITHDRAWN:
            return
        _still(swap, *OPEN_SWAPS)
        _end(work, _round(work, swap, only_end=True), swap, SwapState.WITHDRAWN, "shift.swap_withdraw")


def decide_swap(actor: Actor, swap_id: int, *, yes: bool, reason: str = "") -> None:
    """The planner's word on a swap that a rule is in the way of: a yes needs a reason. Twice is once."""
    require(actor, _PLAN)
    with unit_of_work(actor) as work:
        swap = _locked(work, swap_id)
        for shift_id in (swap.shift_id, swap.with_shift_id):
            require(actor, _PLAN, work.session.get_one(Shift, shift_id).ward_id)
        outcome = SwapState.DONE if yes else SwapState.REFUSED
        if swap.state == outcome:
            return
        _still(swap, SwapState.TO_APPROVE)
        drafting = _round(work, swap, only_end=not yes)
        if yes:
            refuse(_broken(drafting, swap), reason.strip())
        swap.reason = reason.strip()[:200]
        _end(work, drafting, swap, outcome, "shift.swap_decide")


def _locked(work: Work, swap_id: int) -> ShiftSwap:
    swap = work.session.exec(select(ShiftSwap).where(ShiftSwap.id == swap_id).with_for_update()).first()
    if swap is None:
        raise NotFound("There is no such swap.")
    return swap


def _still(swap: ShiftSwap, *states: SwapState) -> None:
    if swap.state not in states:
        raise ChangedMeanwhile("This swap has been settled meanwhile. Look again.")


def _open_question(work: Work, swap: ShiftSwap) -> ShiftSwap | None:
    found = select(ShiftSwap).where(ShiftSwap.user_id == swap.user_id, ShiftSwap.shift_id == swap.shift_id)
    return next((one for one in work.session.exec(found) if one.state in OPEN_SWAPS), None)


def _round(work: Work, swap: ShiftSwap, *, only_end: bool = False) -> Drafting:
    """Both people, locked, with their shifts round the two. Refuses when one does not work theirs any more.

    `only_end`: nobody's shifts change, so a swap that is impossible by now can still be taken back or refused.
    """
    mine, theirs = (work.session.get(Shift, shift_id) for shift_id in (swap.shift_id, swap.with_shift_id))
    if mine is None or theirs is None or mine.role != theirs.role:
        raise NotFound("There is no such shift to swap.")
    spans = min(mine.starts_at, theirs.starts_at), max(mine.ends_at, theirs.ends_at)
    drafting = Drafting(work, [swap.user_id, swap.with_user_id], *spans)
    # A swap is of the roster that people see: what is drafted does not count.
    drafting.book.changes.clear()
    drafting.book.slots.update({one.id or 0: slot_of(one) for one in (mine, theirs)})
    if only_end:
        return drafting
    for user_id, shift_id in ((swap.user_id, swap.shift_id), (swap.with_user_id, swap.with_shift_id)):
        if shift_id not in drafting.book.published[user_id]:
            raise ChangedMeanwhile("One of these shifts is somebody else's by now. Look again.")
    _refuse_begun(work.now, mine, theirs)
    return drafting


def _refuse_begun(now: datetime, *shifts: Shift) -> None:
    if any(one.starts_at <= now for one in shifts):
        raise Conflict("One of these shifts has begun.", code="shift_begun")


def _broken(drafting: Drafting, swap: ShiftSwap) -> list[Broken]:
    book = drafting.book
    if swap.with_user_id not in book.workers:
        raise NotFound("There is no such colleague.")
    if swap.with_shift_id in book.published[swap.user_id] or swap.shift_id in book.published[swap.with_user_id]:
        raise NotAllowed("You both work that shift.", code="same_shift")
    mine = book.judge(swap.user_id, book.slots[swap.with_shift_id], [swap.shift_id])
    return [*mine, *book.judge(swap.with_user_id, book.slots[swap.shift_id], [swap.with_shift_id])]


def _end(work: Work, drafting: Drafting, swap: ShiftSwap, state: SwapState, action: str) -> None:
    """Settle it; done means that the roster changes here and now."""
    swap.state, swap.decided_by, swap.decided_at = state.value, work.actor.user_id, work.now
    work.session.add(swap)
    book = drafting.book
    touched = _pages(drafting, swap)
    if state is SwapState.DONE:
        for user_id, gives, takes in (
            (swap.user_id, swap.shift_id, swap.with_shift_id),
            (swap.with_user_id, swap.with_shift_id, swap.shift_id),
        ):
            set_place(work, book, gives, user_id, here=False)
            set_place(work, book, takes, user_id, here=True)
        touched |= {events.STAFFING}
    _tell(work, drafting, swap, action, "shift.swap_ended", touched)


def _pages(drafting: Drafting, swap: ShiftSwap) -> set[str]:
    book = drafting.book
    pairs = ((user, shift) for user in _both(swap) for shift in (swap.shift_id, swap.with_shift_id))
    return {page for user_id, shift_id in pairs for page in pages(book, user_id, book.slots[shift_id])}


def _both(swap: ShiftSwap) -> tuple[int, int]:
    return swap.user_id, swap.with_user_id


def _tell(
    work: Work, drafting: Drafting, swap: ShiftSwap, action: str, event: str, touched: Collection[str] = ()
) -> None:
    ward_id = drafting.book.slots[swap.shift_id].ward_id
    work.record(action, "shift_swap", swap.id, ward_id=ward_id, state=swap.state, rules=swap.rules, reason=swap.reason)
    topics = {*(touched or _pages(drafting, swap)), *(events.me(user_id) for user_id in _both(swap)), events.SWAPS}
    work.announce(events.Event(event, {"swap_id": swap.id, "state": swap.state}, tuple(sorted(topics))))
