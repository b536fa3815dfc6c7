"""Scoring and forecasting, as thin tasks."""

from __future__ import annotations

import logging
from typing import Any

from hospital_ops.domain.access import WORKER
from workers.celery_app import app

# The services are imported in the tasks: with them come pandas and scikit-learn, 150 MB that a child which reads
# cards would otherwise carry from its fork on.

log = logging.getLogger(__name__)


@app.task(name="workers.forecasts.score_discharges")
def score_discharges(event_id: int, facts: dict[str, Any]) -> None:
    """Forecast everybody in a bed; beds due today turn pending."""
    from hospital_ops.services import forecasts

    log.info("scored: %s", forecasts.score_inpatients(WORKER, event_id=event_id))


@app.task(name="workers.forecasts.score_new_stay")
def score_new_stay(event_id: int, facts: dict[str, Any]) -> None:
    """Forecast one patient who has just been put to bed."""
    from hospital_ops.services import forecasts

    forecasts.score_one(WORKER, int(facts["encounter_id"]), event_id=event_id)


@app.task(name="workers.forecasts.score_observed")
def score_observed(event_id: int, facts: dict[str, Any]) -> None:
    """Forecast those of whom a round has just measured something."""
    from hospital_ops.services import forecasts

    forecasts.score_observed(WORKER, list(facts.get("encounter_ids", ())), event_id=event_id)


@app.task(name="workers.forecasts.forecast_staffing")
def forecast_staffing(event_id: int, facts: dict[str, Any]) -> None:
    """Forecast arrivals and what they need."""
    from hospital_ops.services import staffing

    log.info("staffing: %s", staffing.forecast_staffing(WORKER, event_id=event_id))
