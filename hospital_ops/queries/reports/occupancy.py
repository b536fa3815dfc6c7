"""Hours in which beds held somebody, of the hours in which they were staffed: a ward's day is one value.

n is bed-days. What the house does not know is left out: the days before it was founded, and of today what is to come.
"""

# When beds were closed stands in the audit, which is never shortened. Closed when the house was founded: since then.
STATEMENT = """
WITH known AS (
    SELECT coalesce((SELECT min(hospital_at) FROM audit_entry WHERE action = 'hospital.found'),
                    (SELECT min(from_at) FROM stay)) AS since
), days AS (
    SELECT day::date AS day, greatest(day::date::timestamp AT TIME ZONE :zone, known.since) AS begins,
           least((day::date + 1)::timestamp AT TIME ZONE :zone, :now) AS ends
    FROM known, generate_series(CAST(:first_day AS date), CAST(:last_day AS date), interval '1 day') day
    WHERE known.since IS NOT NULL
), here AS (
    SELECT days.*, extract(epoch FROM ends - begins) / 3600.0 AS hours FROM days WHERE begins < ends
), turns AS (
    SELECT subject_id AS bed_id, action = 'bed.close' AS closes, hospital_at AS at,
           lead(hospital_at) OVER story AS next_at, row_number() OVER story = 1 AS is_first
    FROM audit_entry WHERE action IN ('bed.close', 'bed.open') AND subject_type = 'bed' AND allowed
    WINDOW story AS (PARTITION BY subject_id ORDER BY hospital_at, id)
), closed AS (
    SELECT bed_id, at AS from_at, coalesce(next_at, 'infinity') AS to_at FROM turns WHERE closes
    UNION ALL SELECT bed_id, '-infinity', at FROM turns WHERE is_first AND NOT closes
    UNION ALL SELECT id, since, 'infinity' FROM bed
    WHERE status = 'closed' AND NOT EXISTS (SELECT FROM turns WHERE turns.bed_id = bed.id)
), held AS (
    SELECT bed.ward_id, here.day,
           sum(extract(epoch FROM least(coalesce(to_at, here.ends), here.ends) - greatest(from_at, here.begins))) / 3600.0 AS hours
    FROM here JOIN stay ON stay.from_at < here.ends AND (stay.to_at IS NULL OR stay.to_at > here.begins)
    JOIN bed ON bed.id = stay.bed_id WHERE bed.ward_id = ANY(:wards) GROUP BY bed.ward_id, here.day
), shut AS (
    SELECT bed.ward_id, here.day,
           sum(extract(epoch FROM least(to_at, here.ends) - greatest(from_at, here.begins))) / 3600.0 AS hours
    FROM here JOIN closed ON closed.from_at < here.ends AND closed.to_at > here.begins
    JOIN bed ON bed.id = closed.bed_id WHERE bed.ward_id = ANY(:wards) GROUP BY bed.ward_id, here.day
), ward_days AS (
    SELECT beds.ward_id, here.day, coalesce(held.hours, 0) AS held,
           greatest(beds.n * here.hours - coalesce(shut.hours, 0), 0) AS staffed
    FROM here CROSS JOIN (
        SELECT ward_id, count(*) AS n FROM bed WHERE ward_id = ANY(:wards) GROUP BY ward_id
    ) beds
    LEFT JOIN held ON held.ward_id = beds.ward_id AND held.day = here.day
    LEFT JOIN shut ON shut.ward_id = beds.ward_id AND shut.day = here.day
), daily AS (
    SELECT ward_id, day, grouping(ward_id) = 0 AS is_ward, sum(held) AS held, sum(staffed) AS staffed,
           100.0 * sum(held) / nullif(sum(staffed), 0) AS value
    FROM ward_days GROUP BY GROUPING SETS ((ward_id, day), (day))
)
SELECT 'all' AS part, is_ward, grouping(date_trunc(:step, day)::date) = 0 AS is_time, ward_id,
       date_trunc(:step, day)::date AS began, round(sum(staffed) / 24)::int AS n,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS median,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY value) AS p90, sum(held) / nullif(sum(staffed), 0) AS share
FROM daily
GROUP BY GROUPING SETS ((is_ward, ward_id), (is_ward, ward_id, date_trunc(:step, day)::date))
HAVING grouping(date_trunc(:step, day)::date) = 1 OR NOT is_ward
"""
