"""The relay: what has happened (outbox) becomes work for Celery. Send, then mark; a crash between the two sends again,
and consumers accept repeats.

It listens, so that a photo is sent within milliseconds, and polls, since a NOTIFY may be missed. With Redis away it
waits; nothing is lost, since a row stays unsent until it was sent.
"""

from __future__ import annotations

import contextlib
import logging
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg2
from kombu.exceptions import OperationalError as BrokerAway
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hospital_ops.domain.errors import Unavailable
from hospital_ops.infra.alive import BEAT_SECONDS, beat
from hospital_ops.infra.bus import decode_notice, listening_connection
from hospital_ops.infra.db import new_session
from workers.celery_app import HIDDEN, app
from workers.lost import send_again
from workers.sweeper import Sweeper

log = logging.getLogger("workers.relay")


@dataclass(frozen=True, slots=True)
class Consumer:
    """A Celery task that an event asks for. After `expires_seconds` in the queue it is no longer wanted.

    `noted_as` is its name in `services.inbox`: an event without that note goes out again (`workers.lost`). Without a
    name, what is lost is asked for again by something else: the sweeper, the next minute, the next hour.
    """

    task: str
    expires_seconds: int | None = None
    noted_as: str | None = None


# Event (for the clock: event and job) → who must act. An event without a line here is only shown, not worked on.
CONSUMERS: dict[str, tuple[Consumer, ...]] = {
    "document.received": (Consumer("workers.documents.read_document"),),
    "eligibility.asked": (Consumer("workers.eligibility.check_eligibility"),),
    "stay.started": (Consumer("workers.forecasts.score_new_stay", noted_as="score_one"),),
    "observation.recorded": (Consumer("workers.forecasts.score_observed", noted_as="score_observed"),),
    "forecast.requested": (
        Consumer("workers.forecasts.score_discharges", noted_as="score_inpatients"),
        Consumer("workers.forecasts.forecast_staffing"),
    ),
    "clock.fired:score_discharges": (Consumer("workers.forecasts.score_discharges", noted_as="score_inpatients"),),
    "clock.fired:forecast_staffing": (Consumer("workers.forecasts.forecast_staffing"),),
    # The next minute asks again, so an old one is not worth doing.
    "clock.fired:escalate_overdue": (Consumer("workers.escalation.escalate_overdue", 60),),
    "clock.fired:expire_blocks": (Consumer("workers.escalation.expire_blocks", 120),),
    "clock.fired:sign_off_absent": (Consumer("workers.escalation.sign_off_absent", 120),),
    "clock.fired:seal_audit": (Consumer("workers.audit.seal_audit", 300),),
    "clock.fired:score_strain": (Consumer("workers.strain.score_strain", noted_as="score_strain"),),
    "clock.fired:keep_downtime_boards": (Consumer("workers.downtime.keep_downtime_boards", 300),),
    "clock.fired:retention": (Consumer("workers.retention.retain"),),
}
NAMES = frozenset(key.split(":")[0] for key in CONSUMERS)
NOTED = tuple((key, who.noted_as) for key, consumers in CONSUMERS.items() for who in consumers if who.noted_as)

BATCH = 200
POLL_SECONDS = 1.0
SWEEP_SECONDS = 5.0
LOST_SECONDS = 30.0
BACK_OFF = (0.2, 0.5, 1.0, 2.0, 5.0)
# A row that cannot be sent for a reason of its own must not hold up the others.
MOST_ATTEMPTS = 20

_UNSENT = text(
    "SELECT id, name, facts FROM outbox_event WHERE sent_at IS NULL AND attempts < :most"
    " ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED"
)
_SENT = text("UPDATE outbox_event SET sent_at = now() WHERE id = ANY(:ids)")
_FAILED = text("UPDATE outbox_event SET attempts = attempts + 1 WHERE id = ANY(:ids)")

Send = Callable[[Consumer, int, dict[str, Any]], None]


def consumers_of(name: str, facts: dict[str, Any]) -> tuple[Consumer, ...]:
    """Who must act on an event."""
    return CONSUMERS.get(f"{name}:{facts['job']}" if name == "clock.fired" else name, ())


def send(consumer: Consumer, event_id: int, facts: dict[str, Any]) -> None:
    """Put one task into the queue. Raises while Redis is away; does not try again by itself."""
    app.send_task(
        consumer.task,
        kwargs={"event_id": event_id, "facts": facts},
        task_id=f"{event_id}:{consumer.task}",
        expires=consumer.expires_seconds,
        retry=False,
        argsrepr=HIDDEN,
        kwargsrepr=HIDDEN,
    )


def relay_once(send: Send = send, batch: int = BATCH) -> int:
    """Send what is unsent, oldest first, and mark it. Returns how many rows were taken.

    Rows that another relay holds are skipped. When Redis goes away, what was sent until then is marked, the rest stays.
    """
    with new_session() as session:
        rows = session.connection().execute(_UNSENT, {"batch": batch, "most": MOST_ATTEMPTS}).all()
        sent: list[int] = []
        failed: list[int] = []
        away: Exception | None = None
        for event_id, name, facts in rows:
            try:
                for consumer in consumers_of(name, facts):
                    send(consumer, event_id, facts)
                sent.append(event_id)
            except (BrokerAway, RedisError, OSError) as error:
                away = error
                break
            except Exception:  # A row that only its author can mend: noted, and the others go on.
                log.exception("event %s (%s) could not be sent", event_id, name)
                failed.append(event_id)
        for statement, ids in ((_SENT, sent), (_FAILED, failed)):
            if ids:
                session.connection().execute(statement, {"ids": ids})
        session.commit()
    if away is not None:
        raise away
    return len(rows)


class Relay:
    """One relay process."""

    def __init__(self, send: Send = send, sweep: Callable[[], int] | None = None) -> None:
        self.send, self.sweep = send, sweep
        self.stopping = False
        self.failures = 0
        self.line: Any = None
        self.beaten_at = self.swept_at = self.searched_at = float("-inf")

    def run(self) -> None:
        """Relay until told to stop."""
        while not self.stopping:
            try:
                self._listen()
                self._round()
                self.failures = 0
            except (BrokerAway, RedisError, DBAPIError, psycopg2.Error, Unavailable, OSError) as away:
                self._back_off(away)
        self._hang_up()

    def _round(self) -> None:
        now = time.monotonic()
        if now - self.beaten_at >= BEAT_SECONDS:
            self.beaten_at = now
            beat("relay")
        if self.sweep is not None and now - self.swept_at >= SWEEP_SECONDS:
            self.swept_at = now
            if again := self.sweep():
                log.warning("%d documents were stuck; they are asked for again, or given up", again)
        if now - self.searched_at >= LOST_SECONDS:
            self.searched_at = now
            if lost := send_again(NOTED, MOST_ATTEMPTS):
                log.warning("%d events were sent and left no trace; they go out again", lost)
        if relay_once(self.send) < BATCH:
            self._wait()

    def _listen(self) -> None:
        if self.line is None or self.line.closed:
            self.line = listening_connection()

    def _wait(self) -> None:
        """Until an event that somebody must act on is announced, at most POLL_SECONDS."""
        until = time.monotonic() + POLL_SECONDS
        while not self.stopping and (left := until - time.monotonic()) > 0:
            if not select.select([self.line], [], [], left)[0]:
                return
            self.line.poll()
            heard = [decode_notice(notify.payload).name for notify in self.line.notifies]
            self.line.notifies.clear()
            if NAMES.intersection(heard):
                return

    def _back_off(self, away: Exception) -> None:
        pause = BACK_OFF[min(self.failures, len(BACK_OFF) - 1)]
        if self.failures == 0:
            log.warning("cannot send now (%s); trying again", type(away).__name__)
        self.failures += 1
        if isinstance(away, (psycopg2.Error, DBAPIError, Unavailable)):
            self._hang_up()
        time.sleep(pause)

    def _hang_up(self) -> None:
        if self.line is not None:
            with contextlib.suppress(psycopg2.Error):
                self.line.close()
            self.line = None

    def stop(self, *_: object) -> None:
        self.stopping = True


def main() -> None:
    """Relay until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    relay = Relay(sweep=Sweeper())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, relay.stop)
    log.info("the relay runs")
    relay.run()


if __name__ == "__main__":
    main()
