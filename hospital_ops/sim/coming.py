"""Who comes, and into which bed: arrivals by the history's own rates, placed by a bed manager."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

import numpy as np

from hospital_ops.domain.access import Actor, Role
from hospital_ops.domain.tasks import Priority
from hospital_ops.queries import simulated
from hospital_ops.services import placement, stays
from hospital_ops.services.patients import Identity, add_patient
from hospital_ops.services.unit_of_work import unit_of_work
from hospital_ops.sim.beat import MINUTE, Beat, between, poisson, tried
from hospital_ops.sim.history import LENDING, WARD_OF_UNIT, expected_arrivals, newcomer
from hospital_ops.sim.morning import facts_of, identity_of, needs_of

MOST_AT_ONCE = 4
# Numbers above those of the history, so that no two simulated people share a policy.
FIRST_NUMBER = 900_000
# The history loses no bed to cleaning; a few more must come here to lie in as many beds.
MORE_THAN_HISTORY = 1.03
# The last beds of a ward are kept for its own patients.
KEPT_FOR_OWN = 3
# How long a bed of the own unit is waited for before another ward's will do, and until another hospital takes them.
PATIENCE, GIVES_UP_AFTER = 60 * MINUTE, 300 * MINUTE
OWN_ONLY = frozenset({"ICU", "Maternity", "Paediatrics", "Rehabilitation"})


def arrive(beat: Beat) -> int:
    """New patients, by chance, for the time that has passed. Where no bed is to be had, the ambulance goes elsewhere."""
    rates = _rates(beat.local.replace(minute=0, second=0, microsecond=0))
    # A clock that jumped brings a few, not a crowd.
    count = poisson(sum(rates.values()) * MORE_THAN_HISTORY * 24 * min(beat.days, 0.05), beat.dice, MOST_AT_ONCE)
    if not count:
        return 0
    desk, beds = beat.somebody(Role.DESK), simulated.beds_to_come()
    if desk is None:
        return 0
    wanted = beat.dice.choices(list(rates), weights=list(rates.values()), k=count)
    return sum(_takes(unit, beds) and tried(_admit, desk, unit, beat) for unit in wanted)


@lru_cache(maxsize=4)
def _rates(hour: datetime) -> dict[str, float]:
    return {unit: expected_arrivals(unit, hour) for unit in WARD_OF_UNIT}


def _takes(unit: str, beds: dict[str, int]) -> bool:
    """As in the history: a bed of the unit, else one that another ward can spare."""
    lender = unit
    if beds.get(unit, 0) <= 0:
        lender = max(sorted(LENDING), key=lambda other: beds.get(other, 0))
        if unit not in LENDING or beds.get(lender, 0) <= KEPT_FOR_OWN:
            return False
    beds[lender] -= 1
    return True


def _admit(desk: Actor, unit: str, beat: Beat) -> None:
    number = FIRST_NUMBER + simulated.highest_encounter() + 1
    dice = np.random.default_rng(beat.dice.getrandbits(64))
    stay, story = newcomer(number, number, unit, beat.now, dice, beat.zone)
    isolation, telemetry = needs_of(stay)
    patient_id = _register(desk, identity_of(number, stay.sex, stay.age or 0.0, stay.language, beat.now))
    admission = stays.Admission(
        patient_id,
        **facts_of(stay),  # type: ignore[arg-type]
        isolation=isolation,
        telemetry=telemetry,
        priority=Priority.HIGH if unit in {"Emergency", "ICU"} else Priority.MEDIUM,
        planned_leave_at=story.leaves_at,
    )
    stays.admit(desk, admission)


def _register(desk: Actor, identity: Identity) -> int:
    with unit_of_work(desk) as work:
        patient = add_patient(work, identity, provisional=False)
        assert patient.id is not None
        return patient.id


def place(beat: Beat) -> int:
    """Who has waited a few minutes is put into the best bed that fits; looked for again every five minutes."""
    if not beat.passes(1):
        return 0
    due = [one for one in simulated.waiting_requests(beat.now) if _is_due(one, beat)]
    manager = beat.somebody(Role.BED_MANAGER) if due else None
    if manager is None:
        return 0
    return sum(_place(manager, one, beat) for one in due[:MOST_AT_ONCE])


def _is_due(one: simulated.Waiting, beat: Beat) -> bool:
    """First after some minutes, then every five; each at a minute of its own."""
    waited = beat.now - one.since
    return waited >= between(4, 25, "place", one.request_id) and beat.passes_for(one.request_id, 5)


def _place(manager: Actor, one: simulated.Waiting, beat: Beat) -> bool:
    waited, desk = beat.now - one.since, beat.somebody(Role.DESK)
    if waited > GIVES_UP_AFTER and desk is not None:
        return tried(stays.cancel_admission, desk, one.request_id)
    units = {bed.bed_id: bed.unit for bed in simulated.ready_beds()}
    able = {one.unit} if waited < PATIENCE or one.unit in OWN_ONLY else {one.unit, *LENDING}
    fitting = (judged for judged in placement.offers(manager, one.request_id) if judged.allowed)
    bed_id = next((judged.bed_id for judged in fitting if units.get(judged.bed_id) in able), None)
    return bed_id is not None and tried(placement.place, manager, one.request_id, bed_id)
