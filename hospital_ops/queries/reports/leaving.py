"""Of who left: how long before it had been said, against the ward's target, and at what time of day they went.

In the ward where they lay last. Who died did not leave at an hour that anybody could plan.
"""

# A stay that this house did not keep says nothing of when it was marked, so it has no notice; it has an hour.
_LAST_BED = """
    SELECT bed.ward_id FROM stay JOIN bed ON bed.id = stay.bed_id
    WHERE stay.encounter_id = gone.id ORDER BY stay.from_at DESC, stay.id DESC LIMIT 1
"""
_GONE = """
    gone.status = 'left' AND gone.discharged_at >= :first AND gone.discharged_at < :until
    AND gone.disposition IS DISTINCT FROM 'expired'
"""

# Without a word: no notice at all, as a bed's story has it.
NOTICE_SAMPLE = f"""
SELECT lay.ward_id, gone.discharged_at AS at, 'all' AS part, told.minutes AS value,
       told.minutes >= ward.notice_target_minutes AS met
FROM encounter gone
JOIN LATERAL ({_LAST_BED}) lay ON true
JOIN ward ON ward.id = lay.ward_id
CROSS JOIN LATERAL (
    SELECT greatest(0, floor(extract(epoch FROM gone.discharged_at
                                     - coalesce(gone.marked_leaving_at, gone.discharged_at)) / 60.0)) AS minutes
) told
WHERE {_GONE}
"""  # noqa: S608 - pieces of our own

NOON_SAMPLE = f"""
SELECT coalesce(lay.ward_id, alone.ward_id) AS ward_id, gone.discharged_at AS at, 'all' AS part,
       extract(epoch FROM wall.clock) / 60.0 AS value, wall.clock < time '12:00' AS met
FROM encounter gone
LEFT JOIN LATERAL ({_LAST_BED}) lay ON true
LEFT JOIN (SELECT unit, min(id) AS ward_id FROM ward GROUP BY unit HAVING count(*) = 1) alone ON alone.unit = gone.unit
CROSS JOIN LATERAL (SELECT (gone.discharged_at AT TIME ZONE :zone)::time AS clock) wall
WHERE {_GONE}
"""  # noqa: S608 - pieces of our own
