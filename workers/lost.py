"""What was sent and has left no trace goes out again.

A queue is not a database: a message falls between Valkey and a worker when either dies at the moment at which the one has
given it away and the other has not yet written that it holds it. Celery gives again what a worker is known to hold; of
this one nobody knows. The consumer's note (`services.inbox`) is written with the effect, so no note means no effect.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from hospital_ops.infra.db import new_session
from workers.celery_app import HARD_LIMIT_SECONDS, VISIBILITY_SECONDS

# Later than Celery's own: what a dead worker held goes out after VISIBILITY and is done HARD_LIMIT later.
PATIENCE_SECONDS = VISIBILITY_SECONDS + HARD_LIMIT_SECONDS

# Each sending makes it twice as patient: while no worker runs, the queue must not fill. After a day nobody wants it.
_SEND_AGAIN = text(
    """
    UPDATE outbox_event SET sent_at = NULL, attempts = attempts + 1 WHERE id IN (
        SELECT event.id FROM outbox_event AS event
        JOIN unnest(CAST(:keys AS text[]), CAST(:notes AS text[])) AS asked(key, note)
          ON asked.key = concat_ws(':', event.name, CASE event.name WHEN 'clock.fired' THEN event.facts->>'job' END)
        WHERE event.sent_at BETWEEN now() - interval '1 day' AND now() - make_interval(secs => :patience)
          AND event.sent_at < now() - make_interval(secs => :patience * 2.0 ^ event.attempts)
          AND event.attempts < :most
          AND NOT EXISTS (SELECT FROM handled WHERE event_id = event.id AND consumer = asked.note)
    )
    """
)


def send_again(noted: Sequence[tuple[str, str]], most: int) -> int:
    """Take back the mark of sending from what its consumer has not noted. Returns how many events will go out again.

    `noted`: (event, name of the note) pairs, the event as in `relay.CONSUMERS`. `most`: after so many attempts not again.
    """
    with new_session() as session:
        keys, notes = [key for key, _ in noted], [note for _, note in noted]
        values = {"keys": keys, "notes": notes, "patience": float(PATIENCE_SECONDS), "most": most}
        found = session.connection().execute(_SEND_AGAIN, values)
        session.commit()
        return found.rowcount
