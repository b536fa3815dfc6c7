"""Every five minutes: each ward's sealed board, and who has opened one meanwhile. A thin task that calls a service."""

from __future__ import annotations

import logging
from typing import Any

from hospital_ops.domain.access import WORKER
from hospital_ops.services import downtime
from workers.celery_app import app

log = logging.getLogger(__name__)


@app.task(name="workers.downtime.keep_downtime_boards")
def keep_downtime_boards(event_id: int, facts: dict[str, Any]) -> None:
    """Write the boards as they are now; a repeat writes newer ones."""
    log.info("downtime: %s", downtime.keep_boards(WORKER))
