"""Every few minutes: the audit's new lines are bound to the ones before. The head goes into the log, out of the database."""

from __future__ import annotations

import logging
from typing import Any

from hospital_ops.domain.access import CLOCK
from hospital_ops.domain.audit_chain import head_words
from hospital_ops.services.audit_chain import seal
from workers.celery_app import app

log = logging.getLogger(__name__)


@app.task(name="workers.audit.seal_audit")
def seal_audit(event_id: int, facts: dict[str, Any]) -> None:
    """Bind what is not bound yet; a repeat finds nothing."""
    sealed = seal(CLOCK)
    if sealed.lines:
        log.info("audit: %d lines bound, head %s", sealed.lines, head_words(sealed.number, sealed.mac))
