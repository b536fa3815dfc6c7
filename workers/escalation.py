"""Clock work around tasks and beds: thin tasks that call a service."""

from __future__ import annotations

import logging
from typing import Any

from hospital_ops.domain.access import CLOCK
from hospital_ops.services import absence, blocks, escalation
from workers.celery_app import app

log = logging.getLogger(__name__)


@app.task(name="workers.escalation.escalate_overdue")
def escalate_overdue(event_id: int, facts: dict[str, Any]) -> None:
    """Offers without an answer go to the next person."""
    if done := escalation.escalate_overdue(CLOCK, event_id=event_id):
        log.info("escalation: %s", dict(done))


@app.task(name="workers.escalation.expire_blocks")
def expire_blocks(event_id: int, facts: dict[str, Any]) -> None:
    """Beds whose block is over come back."""
    if back := blocks.expire_blocks(CLOCK, event_id=event_id):
        log.info("%d blocked beds came back", back)


@app.task(name="workers.escalation.sign_off_absent")
def sign_off_absent(event_id: int, facts: dict[str, Any]) -> None:
    """People who have left without a word are signed off."""
    if gone := absence.sign_off_absent(CLOCK, event_id=event_id):
        log.info("%d people were signed off", gone)
