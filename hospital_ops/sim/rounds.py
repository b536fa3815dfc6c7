"""What the wards measure: each newcomer within the hour, and everybody on the morning's round."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from hospital_ops.domain.access import Role
from hospital_ops.queries import simulated
from hospital_ops.services import observations
from hospital_ops.services.observations import Reading
from hospital_ops.sim.beat import MINUTE, Beat, tried
from hospital_ops.sim.stories import CODES, DAYS_WAITING_TO_LEAVE, draw_traits, next_values, values_at

ROUND_HOUR, MINUTES_A_WARD = 5, 8  # a multiple of the four minutes at which rounds are looked for
FIRST_LOOK = timedelta(minutes=50)
MOST_NEWCOMERS = 6


def make_rounds(beat: Beat) -> int:
    """From five in the morning one ward after the other; and who has come since is looked at within the hour."""
    if not beat.passes(4):
        return 0
    return _newcomers(beat) + sum(_round(ward_id, beat) for ward_id in _wards_due(beat))


def _wards_due(beat: Beat) -> list[int]:
    """Wards whose turn of the morning lies in this beat."""
    first = beat.local.replace(hour=ROUND_HOUR, minute=0, second=0, microsecond=0)
    if not first <= beat.local <= first + timedelta(hours=3):
        return []
    turns = ((first + place * MINUTES_A_WARD * MINUTE, ward_id) for place, ward_id in enumerate(simulated.ward_ids()))
    return [ward_id for at, ward_id in turns if beat.since < at <= beat.now]


def _newcomers(beat: Beat) -> int:
    done = 0
    for one in simulated.unobserved(beat.now - FIRST_LOOK, MOST_NEWCOMERS):
        done += _record(one.ward_id, [one], beat)
    return done


def _round(ward_id: int, beat: Beat) -> int:
    early = beat.now - timedelta(hours=4)
    return _record(ward_id, [one for one in simulated.lying_in(ward_id) if one.admitted_at < early], beat)


def _record(ward_id: int, patients: Sequence[simulated.Lying], beat: Beat) -> int:
    nurse = beat.somebody(Role.NURSE, ward_id)
    if nurse is None or not patients:
        return 0
    seen = simulated.last_seen([one.encounter_id for one in patients])
    readings = [reading for one in patients for reading in _readings(one, seen[one.encounter_id], beat)]
    return int(tried(observations.record, nurse, ward_id, readings))


def _readings(one: simulated.Lying, seen: dict[str, tuple], beat: Beat) -> list[Reading]:  # type: ignore[type-arg]
    dice = np.random.default_rng(beat.dice.getrandbits(64))
    now = _done(one, beat.now)
    if set(seen) >= set(CODES):
        last = np.array([seen[code][1] for code in CODES])
        values = next_values(last, _done(one, max(seen[code][0] for code in CODES)), now, dice)
    else:
        # Drawn from the encounter: the same body whenever it is looked at for the first time.
        body = np.random.default_rng([41, one.encounter_id])
        values = values_at([one.unit], body.normal(size=1), draw_traits(1, body), np.array([now]), dice)[0]
    return [Reading(one.encounter_id, code, float(value)) for code, value in zip(CODES, values, strict=True)]


def _done(one: simulated.Lying, at: object) -> float:
    """The share of the illness that is over."""
    ready = one.leaves_at - timedelta(days=DAYS_WAITING_TO_LEAVE)
    whole = max(ready - one.admitted_at, timedelta(hours=1))
    return float(np.clip((at - one.admitted_at) / whole, 0.0, 1.0))  # type: ignore[operator]
