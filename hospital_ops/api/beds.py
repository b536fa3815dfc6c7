"""The board as a program reads it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from hospital_ops.api.auth import Needs
from hospital_ops.api.problem import problems
from hospital_ops.api.shapes import Shown
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.beds import BedStatus
from hospital_ops.queries import board
from hospital_ops.services.access import audit_view

router = APIRouter(tags=["beds"])


class BeforeLeaving(Shown):
    """How far somebody's leaving is. Nothing of it is about who they are."""

    done: int = Field(description="Milestones that are done.", examples=[1])
    of: int = Field(description="Milestones that this patient needs.", examples=[3])
    holds: str = Field(description="What leaving waits for: what is held up, else what is late, else the next.")
    who: str = Field(description="Whose that is: a name, or a role.", examples=["a nurse"])
    why: str = Field(description="What it waits for, as somebody said.", examples=["Waits for the pharmacy"])
    late: bool


class BedTile(Shown):
    """One bed. Who lies in it is told to those who may read patients, by initials."""

    id: int
    label: str = Field(examples=["412A"])
    room_number: str = Field(examples=["412"])
    unit: str = Field(examples=["Cardiac"])
    ward_id: int
    status: BedStatus
    version: int = Field(description="Rises with each change.")
    since: datetime = Field(description="Since when it has this status, in the hospital's time.")
    target_minutes: int | None = Field(description="Minutes a bed may stay in this status before somebody should look.")
    predicted_discharge_date: datetime | None
    leaves: str = Field(examples=["Leaves today, likely 14–18 h"])
    pending_source: str = Field(description="Who says that the patient leaves today: `prediction`, `order` or nobody.")
    away: str = Field(description="Where the patient is who keeps the bed meanwhile.", examples=["in theatre"])
    away_since: datetime | None
    patient: str = Field(description="Initials; empty for those who may not read patients.", examples=["MS"])
    patient_id: int | None
    sex: str
    isolation: str
    telemetry: bool
    reason: str = Field(description="Why it is blocked.")
    expires_at: datetime | None = Field(description="Until when it is blocked.")
    before_leaving: BeforeLeaving | None = Field(description="Of a bed that is about to empty.")
    task: str = Field(description="The open task about it, in a few words.")


@router.get("/api/beds/dashboard", responses=problems(401, 403, 503))
def dashboard(actor: Annotated[Actor, Depends(Needs(Permission.BOARD_VIEW))]) -> list[BedTile]:
    """Every bed of the caller's wards, by ward and label. The pages get the same by push, not by asking."""
    if actor.may(Permission.PATIENT_READ):
        audit_view(actor, "board", Permission.BOARD_VIEW)
    return [BedTile.model_validate(tile) for tile in board.dashboard(actor)]
