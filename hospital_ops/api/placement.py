"""Who waits for a bed, and which bed fits: every bed judged, with the reasons for and against it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from hospital_ops.api.auth import Needs
from hospital_ops.api.problem import problems
from hospital_ops.api.shapes import PathId, Shown
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.queries.hospital import waiting_for_a_bed
from hospital_ops.services import placement, waiting_list
from hospital_ops.services.access import audit_view

router = APIRouter(tags=["placement"])
Placer = Annotated[Actor, Depends(Needs(Permission.STAY_PLACE))]


class Waiting(Shown):
    """Somebody who waits for a bed: what they need, not who they are."""

    request_id: int
    need: str = Field(examples=["Cardiac · female · telemetry"])
    unit: str = Field(examples=["Cardiac"])
    since: datetime
    priority: str = Field(examples=["medium"])
    ward_id: int | None = Field(description="The one ward that was asked for.")


class JudgedBed(Shown):
    """A bed as a candidate. It is allowed when nothing is `against` it; of two allowed ones the smaller `cost` fits better."""

    bed_id: int
    label: str = Field(examples=["4A-05-1"])
    allowed: bool
    passed: tuple[str, ...] = Field(description="The rules that it passes.", examples=[["ready", "isolation fits"]])
    against: tuple[str, ...] = Field(description="The rules that it fails.", examples=[["the bed has no telemetry"]])
    cost: float


@router.get("/api/placement", responses=problems(401, 403, 503))
def waiting(actor: Placer) -> list[Waiting]:
    """Everybody who waits for a bed, longest first."""
    return [Waiting.model_validate(one) for one in waiting_for_a_bed()]


class ProposedBed(Shown):
    """Where one who waits should lie. Without a bed, `why` says why not."""

    request_id: int
    bed_id: int | None
    label: str = Field(examples=["4A-05-1"])
    why: str = Field(examples=["ready · isolation fits · sex of the room fits"])
    best_alone: bool = Field(description="False when it gives way so that others find a bed, or a better one.")


class Proposal(Shown):
    """A bed for everybody who waits, decided together. Nothing has been placed."""

    beds: list[ProposedBed]
    placed: int
    placed_in_turn: int = Field(description="How many would find a bed if the most urgent chose first.")
    proven: bool = Field(description="Whether no plan places more, more urgent, or better.")


@router.get("/api/placement/proposal", responses=problems(401, 403, 503))
def proposal(actor: Placer) -> Proposal:
    """A bed for each who waits, the whole list decided together. The same hospital gives the same answer."""
    return Proposal.model_validate(asdict(waiting_list.propose(actor)))


@router.get("/api/placement/{request_id}", responses=problems(401, 403, 404, 409, 422, 503))
def judged(request_id: PathId, actor: Placer) -> list[JudgedBed]:
    """Every bed of the caller's wards for one who waits, best first, each with why or why not.

    The same hospital gives the same answer. 409 when the patient has been placed or cancelled meanwhile.
    """
    found = placement.offers(actor, request_id)
    audit_view(actor, "placement", Permission.STAY_PLACE, request_id=request_id)
    return [
        JudgedBed(bed_id=j.bed_id, label=j.label, allowed=j.allowed, passed=j.passed, against=j.against, cost=j.cost)
        for j in found
    ]
