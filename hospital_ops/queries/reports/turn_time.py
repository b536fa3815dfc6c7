"""From a bed's emptying to ready, and the clocks within, of cleanings that were finished."""

from hospital_ops.domain.reports import BY_NAME

_PARTS = BY_NAME["turn-time"]


def _target(part: str) -> str:
    minutes = _PARTS.part(part).target
    return "NULL::boolean" if minutes is None else f"{part}.minutes <= {minutes}"


# Begun from the board without a word of acceptance, a job was accepted when it began. One marked clean without having
# begun has no clocks within: NULL is counted nowhere.
SAMPLE = f"""
SELECT ward_id, finished_at AS at, clock.part, clock.value, clock.met
FROM task
CROSS JOIN LATERAL (SELECT extract(epoch FROM finished_at - created_at) / 60.0 AS minutes) turn
CROSS JOIN LATERAL (SELECT extract(epoch FROM least(accepted_at, started_at) - created_at) / 60.0 AS minutes) accepted
CROSS JOIN LATERAL (SELECT extract(epoch FROM started_at - created_at) / 60.0 AS minutes) started
CROSS JOIN LATERAL (SELECT extract(epoch FROM finished_at - started_at) / 60.0 AS minutes) cleaning
CROSS JOIN LATERAL (VALUES
    ('turn', turn.minutes, {_target("turn")}), ('accepted', accepted.minutes, {_target("accepted")}),
    ('started', started.minutes, {_target("started")}), ('cleaning', cleaning.minutes, {_target("cleaning")})
) clock (part, value, met)
WHERE kind = 'clean_bed' AND status = 'complete' AND finished_at >= :first AND finished_at < :until
"""  # noqa: S608 - targets are numbers of our own
