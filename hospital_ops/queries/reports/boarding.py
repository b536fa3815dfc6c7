"""From asking for a bed to lying in it, of requests that ended in a bed."""

from hospital_ops.domain.reports import BY_NAME

SAMPLE = f"""
SELECT bed.ward_id, asked.closed_at AS at, 'all' AS part,
       extract(epoch FROM asked.closed_at - asked.opened_at) / 60.0 AS value,
       asked.closed_at - asked.opened_at <= make_interval(mins => {BY_NAME["boarding"].parts[0].target}) AS met
FROM bed_request asked JOIN bed ON bed.id = asked.bed_id
WHERE asked.closed_at >= :first AND asked.closed_at < :until
"""  # noqa: S608 - the target is a number of our own
