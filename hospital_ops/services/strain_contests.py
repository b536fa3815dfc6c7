"""Saying that one's own strain index is wrong, taking it back, and the answer to it.

A contested index is in no group's figure from the next scoring on, until it is answered. Answered "wrong" it stays out for
another four weeks: the days that were wrong are still in the window.
"""

from __future__ import annotations

from sqlmodel import col, select

from hospital_ops.domain import events
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import ChangedMeanwhile, Conflict, Invalid, NotFound
from hospital_ops.domain.strain import LONGEST_WORDS, ContestStatus
from hospital_ops.models import StrainContest, StrainIndex
from hospital_ops.services.access import require
from hospital_ops.services.unit_of_work import Work, unit_of_work


def contest(actor: Actor, words: str) -> int:
    """Say why one's index is wrong. Returns the contest's id. A second one while the first is open is refused."""
    require(actor, Permission.ACCOUNT_OWN)
    words = _words(words, "Please say in a few words what is wrong.")
    with unit_of_work(actor) as work:
        if actor.user_id is None or work.session.get(StrainIndex, actor.user_id) is None:
            raise NotFound("There is no index of yours yet.")
        if _open(work, actor.user_id) is not None:
            raise Conflict("You have said so already; it waits for an answer.", code="contest_open")
        row = StrainContest(user_id=actor.user_id, contested_at=work.now)
        row.words = words
        _write(work, row, "contest")
        return row.id or 0


def withdraw(actor: Actor) -> None:
    """Take one's contest back. Nothing happens when none is open."""
    require(actor, Permission.ACCOUNT_OWN)
    with unit_of_work(actor) as work:
        row = _open(work, actor.user_id) if actor.user_id is not None else None
        if row is None:
            return
        row.status, row.answered_at = ContestStatus.WITHDRAWN.value, work.now
        row.words = ""
        _write(work, row, "withdraw")


def answer(actor: Actor, contest_id: int, words: str, *, wrong: bool) -> None:
    """Answer somebody's contest: the index is wrong, or it stands, and why. Nobody answers their own."""
    require(actor, Permission.STRAIN_ANSWER)
    words = _words(words, "Please say why, in a few words: the person reads it.")
    with unit_of_work(actor) as work:
        found = select(StrainContest).where(StrainContest.id == contest_id).with_for_update()
        row = work.session.exec(found).first()
        if row is None:
            raise NotFound("There is no such contest.")
        if row.user_id == actor.user_id:
            raise Conflict("Somebody else must answer what you contest yourself.", code="own_contest")
        if row.status != ContestStatus.OPEN:
            raise ChangedMeanwhile
        row.status = (ContestStatus.WRONG if wrong else ContestStatus.STANDS).value
        row.answered_at, row.answered_by = work.now, actor.user_id
        row.answer = words
        _write(work, row, "answer")


def _open(work: Work, user_id: int) -> StrainContest | None:
    found = select(StrainContest).where(
        StrainContest.user_id == user_id, col(StrainContest.status) == ContestStatus.OPEN.value
    )
    return work.session.exec(found.with_for_update()).first()


def _words(words: str, wanted: str) -> str:
    words = words.strip()
    if not words:
        raise Invalid(wanted, code="words_missing")
    if len(words) > LONGEST_WORDS:
        raise Invalid(f"At most {LONGEST_WORDS:,} characters, please.", code="too_long")
    return words


def _write(work: Work, row: StrainContest, act: str) -> None:
    """The one write door of contests: row, audit and event. Whose it is stands in the audit's subject."""
    work.session.add(row)
    work.session.flush()
    work.record(f"strain.{act}", "strain_contest", row.id, status=row.status)
    topics = (events.own_strain(row.user_id), events.CONTESTS)
    name = {"contest": "strain.contested", "withdraw": "strain.contest_withdrawn", "answer": "strain.answered"}[act]
    work.announce(events.Event(name, {"contest_id": row.id}, topics))
