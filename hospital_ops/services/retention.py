"""What need not be kept any longer is removed, a batch at a time. The audit is never shortened."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import text

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.queries.clock import real_now
from hospital_ops.services.access import require
from hospital_ops.services.unit_of_work import unit_of_work

BATCH = 5000
MOST_BATCHES = 200

# None: as long as HOSPITAL_KEEP_EVENTS_DAYS says.
EVENTS = None
# Table → (what may go, how old, by which clock). What an event has led to stands in the audit, for people.
RULES: tuple[tuple[str, str, timedelta | None], ...] = (
    ("outbox_event", "sent_at IS NOT NULL AND at < :hospital", EVENTS),
    # Longer than any message lives in the queue: visibility is minutes.
    ("handled", "at < :real", EVENTS),
    ("job_firing", "scheduled_for < :hospital", timedelta(days=14)),
    ("arrival_forecast", "made_at < :hospital", timedelta(days=14)),
    ("forecast_check", "due_at < :hospital", timedelta(days=90)),
    ("input_check", "made_at < :hospital", timedelta(days=90)),
    ("strain_figure", "NOT current AND shown_at < :hospital", timedelta(days=60)),
    # What somebody wrote about their own work, and what was answered.
    ("strain_contest", "answered_at < :hospital", timedelta(days=365)),
    ("web_session", "coalesce(ended_at, expires_at) < :real", timedelta(days=30)),
    ("refresh_token", "expires_at < :real", timedelta(days=30)),
)


def retain(actor: Actor) -> Counter[str]:
    """Delete by RULES. Safe to repeat. Returns the number of rows by table."""
    require(actor, Permission.TASK_SUPERVISE)
    removed: Counter[str] = Counter()
    events = timedelta(days=get_settings().keep_events_days)
    for table, which, given in RULES:
        age = events if given is EVENTS else given
        for _ in range(MOST_BATCHES):
            gone = _one_batch(actor, table, which, age)
            removed[table] += gone
            if gone < BATCH:
                break
    return +removed


def _one_batch(actor: Actor, table: str, which: str, age: timedelta) -> int:
    # Short transactions: a long delete would hold up those who work.
    statement = text(
        f"DELETE FROM {table} WHERE ctid IN (SELECT ctid FROM {table} WHERE {which} LIMIT {BATCH})"  # noqa: S608
    )
    with unit_of_work(actor) as work:
        limits = {"hospital": work.now - age, "real": real_now() - age}
        used = {name: limit for name, limit in limits.items() if f":{name}" in which}
        gone = work.session.connection().execute(statement, used).rowcount
        if gone:
            work.record("retention.remove", table, rows=gone)
        return int(gone)
