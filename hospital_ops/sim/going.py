"""Who is discharged, who leaves, and who moves to another ward on the way."""

from __future__ import annotations

from datetime import timedelta

from hospital_ops.domain.access import Role
from hospital_ops.queries import simulated
from hospital_ops.services import placement, stays
from hospital_ops.sim.beat import MINUTE, Beat, between, tried

MOST_AT_ONCE = 4
# Minutes from the doctor's order to the door.
ORDER_BEFORE = (70.0, 260.0)
# Units from which people go on to a ward when a bed there is worth more to somebody else: after so many hours at
# least, with so many left, and where to, by turns.
STEP_DOWN: dict[str, tuple[float, float, tuple[str, ...]]] = {
    "ICU": (24.0, 12.0, ("Cardiac", "Neurology", "Surgery", "Respiratory")),
    "Emergency": (14.0, 14.0, ("Medicine", "Respiratory", "Surgery")),
}
# A unit that has fewer beds left than this wants to move somebody on; one that has more can take somebody in.
CROWDED, ROOMY = 2, 3


def order(beat: Beat) -> int:
    """The ward's doctor says in time who goes home today."""
    if not beat.passes(4):
        return 0
    done = 0
    for one in simulated.ready_for_order(beat.now + ORDER_BEFORE[1] * MINUTE, 40):
        if one.leaves_at - between(*ORDER_BEFORE, "order", one.encounter_id) > beat.now or done >= MOST_AT_ONCE:
            continue
        doctor = beat.somebody(Role.DOCTOR, one.ward_id)
        done += doctor is not None and tried(stays.order_discharge, doctor, one.bed_id)
    return done


def leave(beat: Beat) -> int:
    """Whose time has come goes home; a nurse of the ward says so."""
    if not beat.passes(1):
        return 0
    left = 0
    for one in simulated.ready_to_leave(beat.now, MOST_AT_ONCE):
        nurse = beat.somebody(Role.NURSE, one.ward_id)
        left += nurse is not None and tried(stays.leave, nurse, one.bed_id)
    return left


def transfer(beat: Beat) -> int:
    """One move at a time: out of intensive care to a ward, or from another ward's bed into one of the own unit."""
    if not beat.passes(15) or not 8 <= beat.local.hour < 20:
        return 0
    beds, manager = simulated.beds_to_come(), beat.somebody(Role.BED_MANAGER)
    if manager is None:
        return 0
    for one in simulated.lying_anywhere():
        unit = _wants_to(one, beds, beat)
        if unit and (bed_id := simulated.bed_for_move(one, unit)) is not None:
            return tried(placement.transfer, manager, one.bed_id, bed_id)
    return 0


def _wants_to(one: simulated.Lying, beds: dict[str, int], beat: Beat) -> str:
    """The unit in which this patient would lie better now; "" for most."""
    if one.leaves_at - beat.now < timedelta(hours=8):
        return ""
    if one.bed_unit in STEP_DOWN:
        stayed, left, onward = STEP_DOWN[one.bed_unit]
        long_enough = beat.now - one.admitted_at > timedelta(hours=stayed)
        unit = onward[one.encounter_id % len(onward)]
        crowded = beds.get(one.bed_unit, 0) < CROWDED and beds.get(unit, 0) > ROOMY
        return unit if long_enough and one.leaves_at - beat.now > timedelta(hours=left) and crowded else ""
    return one.unit if one.unit not in {one.bed_unit, *STEP_DOWN} and beds.get(one.unit, 0) > 1 else ""
