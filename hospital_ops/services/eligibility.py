"""Is this patient insured? Asked by the desk, or by the house itself at sending; answered by a worker; stored with when
and whom. An answer is information: nothing waits for it and nothing is refused because of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from hospital_ops.domain import events
from hospital_ops.domain.access import WORKER, Actor, Permission, Role
from hospital_ops.domain.eligibility import Coverage, Inquiry, Reply
from hospital_ops.domain.errors import NotAllowed
from hospital_ops.domain.intake import Draft
from hospital_ops.models import EligibilityCheck, Registration
from hospital_ops.queries.clock import real_now
from hospital_ops.services.access import require
from hospital_ops.services.inbox import first_time
from hospital_ops.services.registration_door import lock_registration
from hospital_ops.services.unit_of_work import Work, unit_of_work

CONSUMER = "eligibility.answer"
# A question that no worker has answered by then was lost with one: it is answered in words, and can be asked again.
PATIENCE = timedelta(seconds=90)


def ask(actor: Actor, registration_id: int, values: Mapping[str, str] | None = None) -> int:
    """Ask the insurance, with the registration's answers or with what the desk has in its form. Returns the check's id.

    While one is being asked the same again changes nothing.
    """
    require(actor, Permission.DESK_WORK)
    with unit_of_work(actor) as work:
        registration = lock_registration(work, registration_id)
        answers = Draft.from_json(registration.answers).values | dict(values or {})
        return ask_in(work, registration, Inquiry.of(answers), asked_by=actor.user_id)


def ask_in(work: Work, registration: Registration, inquiry: Inquiry, *, asked_by: int | None = None) -> int:
    """Inside a unit of work that has locked the registration."""
    assert registration.id is not None
    waiting = work.session.exec(
        select(EligibilityCheck).where(
            EligibilityCheck.registration_id == registration.id, EligibilityCheck.status == Coverage.ASKING
        )
    ).first()
    if waiting is not None and waiting.id is not None:
        return waiting.id
    check = EligibilityCheck(
        registration_id=registration.id, asked_at=work.now, asking_since=real_now(), asked_by=asked_by
    )
    check.inquiry = json.dumps(inquiry.as_dict())
    work.session.add(check)
    work.session.flush()
    _tell(work, check, "eligibility.asked", "eligibility.ask")
    assert check.id is not None
    return check.id


def question(check_id: int, *, actor: Actor = WORKER) -> Inquiry | None:
    """What a worker is to ask. None when it has been answered."""
    _only_worker(actor)
    with unit_of_work(actor) as work:
        check = work.session.get(EligibilityCheck, check_id)
        if check is None or check.status != Coverage.ASKING or not check.inquiry:
            return None
        return Inquiry(**json.loads(check.inquiry))


def answer(check_id: int, reply: Reply, channel: str, event_id: int | None = None, *, actor: Actor = WORKER) -> bool:
    """Write down what was said. Late, or twice, changes nothing: False."""
    _only_worker(actor)
    with unit_of_work(actor) as work:
        found = select(EligibilityCheck).where(EligibilityCheck.id == check_id).with_for_update()
        check = work.session.exec(found).first()
        if check is None or check.status != Coverage.ASKING or not first_time(work, CONSUMER, event_id):
            return False
        _write(work, check, reply, channel)
        return True


def give_up(actor: Actor = WORKER) -> int:
    """Questions that nobody answers any longer get an answer in words. Returns how many."""
    _only_worker(actor)
    with unit_of_work(actor) as work:
        found = select(EligibilityCheck).where(
            EligibilityCheck.status == Coverage.ASKING, col(EligibilityCheck.asking_since) < real_now() - PATIENCE
        )
        lost = list(work.session.exec(found.with_for_update(skip_locked=True)))
        for check in lost:
            _write(work, check, Reply(Coverage.COULD_NOT_REACH), "")
        return len(lost)


def _write(work: Work, check: EligibilityCheck, reply: Reply, channel: str) -> None:
    check.status, check.channel, check.answered_at = reply.coverage.value, channel, work.now
    check.reply = json.dumps(asdict(reply))
    check.version += 1
    _tell(work, check, "eligibility.answered", "eligibility.answer", coverage=reply.coverage.value)


def _tell(work: Work, check: EligibilityCheck, event: str, action: str, **facts: Any) -> None:
    work.session.add(check)
    work.session.flush()
    assert check.id is not None
    work.record(action, "eligibility_check", check.id, of_registration=check.registration_id, **facts)
    topics = (events.verify(check.registration_id), events.DESK)
    work.announce(events.Event(event, {"check_id": check.id, "registration_id": check.registration_id}, topics))


def _only_worker(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise NotAllowed("Only the hospital's own worker speaks with insurances.")
