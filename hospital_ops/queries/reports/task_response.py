"""From asking to beginning, of tasks of every kind and priority that were begun."""

from hospital_ops.domain.tasks import RESPONSE_MINUTES

_TARGETS = ", ".join(f"('{priority.value}', {minutes})" for priority, minutes in RESPONSE_MINUTES.items())

SAMPLE = f"""
SELECT task.ward_id, task.started_at AS at, of.part, took.minutes AS value, took.minutes <= target.minutes AS met
FROM task
JOIN (VALUES {_TARGETS}) target (priority, minutes) ON target.priority = task.priority
CROSS JOIN LATERAL (SELECT extract(epoch FROM task.started_at - task.created_at) / 60.0 AS minutes) took
CROSS JOIN LATERAL (VALUES ('all'), (task.kind || '.' || task.priority)) of (part)
WHERE task.started_at >= :first AND task.started_at < :until AND task.status <> 'cancelled'
"""  # noqa: S608 - words and numbers of our own
