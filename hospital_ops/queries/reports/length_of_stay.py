"""Days from admission to leaving, of who left; in the ward where they lay last."""

# Somebody whose bed is not known (recorded before this house kept beds) counts in the one ward of their unit.
SAMPLE = """
SELECT coalesce(lay.ward_id, alone.ward_id) AS ward_id, gone.discharged_at AS at, 'all' AS part,
       extract(epoch FROM gone.discharged_at - gone.admitted_at) / 86400.0 AS value, NULL::boolean AS met
FROM encounter gone
LEFT JOIN LATERAL (
    SELECT bed.ward_id FROM stay JOIN bed ON bed.id = stay.bed_id
    WHERE stay.encounter_id = gone.id ORDER BY stay.from_at DESC, stay.id DESC LIMIT 1
) lay ON true
LEFT JOIN (SELECT unit, min(id) AS ward_id FROM ward GROUP BY unit HAVING count(*) = 1) alone ON alone.unit = gone.unit
WHERE gone.status = 'left' AND gone.discharged_at >= :first AND gone.discharged_at < :until
"""
