"""Where somebody who lies in a bed could lie instead: every bed of one's wards, judged."""

from __future__ import annotations

from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Permission, require
from hospital_ops.domain.errors import ChangedMeanwhile, NotFound
from hospital_ops.domain.placement import Isolation, Judgement, Need, ranked
from hospital_ops.infra.db import read_session
from hospital_ops.models import Bed, Encounter, Stay
from hospital_ops.queries.placement import offer_rows


def move_offers(actor: Actor, bed_id: int) -> list[Judgement]:
    """Best first, with the reasons for and against. The bed itself is left out."""
    with read_session() as session:
        bed = session.get(Bed, bed_id)
        if bed is None:
            raise NotFound("There is no such bed.")
        require(actor, Permission.STAY_PLACE, bed.ward_id)
        lying = select(Encounter).join(Stay, col(Stay.encounter_id) == Encounter.id)
        encounter = session.exec(lying.where(Stay.bed_id == bed_id, col(Stay.to_at).is_(None))).first()
        if encounter is None:
            raise ChangedMeanwhile(f"Nobody lies in bed {bed.label} any longer. Look again.")
        need = Need(encounter.unit, encounter.sex, Isolation(encounter.isolation), encounter.telemetry)
        rows = offer_rows(session, None if actor.all_wards else actor.ward_ids)
    return ranked(need, (offer for offer in rows if offer.bed_id != bed_id))
