"""Once a day: what need not be kept is removed, rows by the table of rules and files that nothing names."""

from __future__ import annotations

import logging
from typing import Any

from hospital_ops.domain.access import CLOCK
from hospital_ops.services.leftovers import tidy
from hospital_ops.services.retention import retain as remove_by_rules
from workers.celery_app import app

log = logging.getLogger(__name__)


@app.task(name="workers.retention.retain")
def retain(event_id: int, facts: dict[str, Any]) -> None:
    """Remove by the table of rules; a repeat finds nothing left to remove."""
    log.info("retention: %s, files: %s", dict(remove_by_rules(CLOCK)), tidy(CLOCK))
