"""What is coming: arrivals by hour and the next shifts, as a program reads them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from hospital_ops.api.auth import Needs
from hospital_ops.api.errors import problems
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.queries.staffing import staffing_value

router = APIRouter(tags=["staffing"])


@router.get("/api/staffing/forecast", responses=problems(401, 403, 503))
def forecast(actor: Annotated[Actor, Depends(Needs(Permission.FORECAST_VIEW))]) -> dict[str, Any]:
    """Arrivals of the next 48 hours by unit with their 80 % range, and per ward and shift who is needed and present.

    `model` names who speaks; without a trained model it is the stated baseline.
    """
    return staffing_value()
