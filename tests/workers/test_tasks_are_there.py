"""What the clock fires and the relay sends is there in the worker: a task nobody registered would vanish in silence."""

from __future__ import annotations

from hospital_ops.domain.clockwork import JOBS
from hospital_ops.domain.events import NAMES
from workers.celery_app import app
from workers.relay import CONSUMERS


def test_every_consumer_is_a_task_of_the_worker() -> None:
    app.loader.import_default_modules()
    wanted = {consumer.task for consumers in CONSUMERS.values() for consumer in consumers}
    assert wanted <= set(app.tasks), sorted(wanted - set(app.tasks))


def test_every_job_of_the_clock_has_somebody_who_does_it() -> None:
    done = {key.removeprefix("clock.fired:") for key in CONSUMERS if key.startswith("clock.fired:")}
    assert {job.name for job in JOBS} == done


def test_every_event_that_is_worked_on_exists() -> None:
    assert {key.split(":")[0] for key in CONSUMERS} <= NAMES
