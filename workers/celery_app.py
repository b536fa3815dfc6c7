"""Celery: work that takes longer than a request. The database is the truth; a queue only carries ids.

Measured on 5.7 with Redis, and why each setting stands: by default a killed worker loses its task; a task longer than
the visibility timeout runs several times at once; a killed pool child loses the task unless it is rejected.
Importing this module opens no connection: the pool's children fork after it.
"""

from __future__ import annotations

import importlib.util
from typing import Any

from celery import Celery, Task
from celery.bootsteps import StartStopStep
from sqlalchemy.exc import InterfaceError, OperationalError

from hospital_ops.config import get_settings
from hospital_ops.domain.errors import Unavailable
from hospital_ops.infra.alive import BEAT_SECONDS, beat
from workers import broker

# One module per noun; each holds thin tasks that call a service.
TASK_MODULES: tuple[str, ...] = (
    "workers.documents",
    "workers.eligibility",
    "workers.forecasts",
    "workers.escalation",
    "workers.retention",
    "workers.audit",
    "workers.strain",
    "workers.downtime",
)

# A task is told to end after SOFT, killed after HARD; only after twice that is it taken for lost and given again.
SOFT_LIMIT_SECONDS = 75
HARD_LIMIT_SECONDS = 90
VISIBILITY_SECONDS = 2 * HARD_LIMIT_SECONDS
HIDDEN = "(hidden)"


class HouseTask(Task):
    """A task as this house sends it: `(event_id, facts)`, no arguments in any log, tried again while a part is away."""

    abstract = True
    # Short waits only: what waits longer is sent again by the relay's sweeper or by the clock's next firing.
    autoretry_for = (Unavailable, OperationalError, InterfaceError)
    retry_backoff = 1
    retry_backoff_max = 8
    retry_jitter = True
    max_retries = 8

    def apply_async(self, *args: Any, **options: Any) -> Any:
        return super().apply_async(*args, **{**options, "argsrepr": HIDDEN, "kwargsrepr": HIDDEN})


class Pulse(StartStopStep):
    """Leaves a sign of life from the worker's own loop: a stuck loop leaves none."""

    requires = frozenset({"celery.worker.components:Timer"})

    def __init__(self, parent: Any, **_: Any) -> None:
        super().__init__(parent)
        self.repeated: Any = None

    def start(self, parent: Any) -> None:
        beat("worker")
        self.repeated = parent.timer.call_repeatedly(BEAT_SECONDS, beat, ("worker",))

    def stop(self, parent: Any) -> None:
        if self.repeated is not None:
            self.repeated.cancel()


def _here() -> list[str]:
    return [name for name in TASK_MODULES if importlib.util.find_spec(name) is not None]


broker.mend()
app = Celery("hospital_ops", task_cls=HouseTask, include=_here())
app.conf.update(
    broker_url=get_settings().redis_url,
    result_backend=None,
    task_ignore_result=True,
    task_default_queue="hospital",
    # Nothing is lost with a worker …
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    # … nor run twice at once while it lives.
    task_soft_time_limit=SOFT_LIMIT_SECONDS,
    task_time_limit=HARD_LIMIT_SECONDS,
    broker_transport_options={
        "visibility_timeout": VISIBILITY_SECONDS,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "unacked_mutex_expire": 10,
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
        "socket_keepalive": True,
        "health_check_interval": 10,
    },
    # At a warm stop tasks under way get a few seconds, then go back into the queue.
    worker_soft_shutdown_timeout=4,
    worker_enable_soft_shutdown_on_idle=True,
    # Ids as JSON, and nothing that could run code.
    task_serializer="json",
    result_serializer="json",
    accept_content=["json"],
    worker_send_task_events=False,
    task_send_sent_event=False,
    worker_enable_remote_control=False,
    # Redis away: wait for it for ever, at start too.
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_connection_timeout=2,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_max_tasks_per_child=2000,
    # A child loads the card reader before it says that it is up; four seconds, the default, are too few on a busy machine.
    worker_proc_alive_timeout=60,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    timezone="UTC",
    enable_utc=True,
)
app.steps["worker"].add(Pulse)
