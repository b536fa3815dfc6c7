"""Once a day: everybody's own strain index, and what may be said of groups."""

from __future__ import annotations

import logging
from typing import Any

from hospital_ops.domain.access import WORKER
from workers.celery_app import app

log = logging.getLogger(__name__)


@app.task(name="workers.strain.score_strain")
def score_strain(event_id: int, facts: dict[str, Any]) -> None:
    """Score, once for each firing. The service is imported here: with it come pandas and scikit-learn."""
    from hospital_ops.services import strain

    scored = strain.score(WORKER, event_id=event_id)
    log.info("strain: %d people, %d groups", scored.people, scored.groups)
