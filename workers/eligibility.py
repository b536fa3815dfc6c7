"""Insurances are asked here: one question a task, with a time limit of its own."""

from __future__ import annotations

import logging
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded

from hospital_ops.config import get_settings
from hospital_ops.domain.eligibility import Coverage, Reply, ask
from hospital_ops.services import eligibility
from hospital_ops.services.payers import channels
from workers.celery_app import app

log = logging.getLogger(__name__)
# Whatever a payer does to a connection, the task ends: first with an answer in words, then by force.
SOFT_SECONDS, HARD_SECONDS = 20, 30


@app.task(name="workers.eligibility.check_eligibility", soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS)
def check_eligibility(event_id: int, facts: dict[str, Any]) -> None:
    """Answer an `eligibility.asked`. A repeat, or one that is answered already, changes nothing."""
    check_id = int(facts["check_id"])
    inquiry = eligibility.question(check_id)
    if inquiry is None:
        return
    try:
        reply, channel = ask(channels(), inquiry, seconds=get_settings().payer_seconds)
    except SoftTimeLimitExceeded:
        reply, channel = Reply(Coverage.COULD_NOT_REACH), ""
    eligibility.answer(check_id, reply, channel, event_id)
    log.info("eligibility %s: %s", check_id, reply.coverage)
