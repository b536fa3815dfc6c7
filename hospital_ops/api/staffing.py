"""What is coming: arrivals by hour and the next shifts, as a program reads them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from hospital_ops.api.auth import Needs
from hospital_ops.api.problem import problems
from hospital_ops.api.shapes import Shown
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.queries.staffing import staffing_forecast

router = APIRouter(tags=["staffing"])


class Arrivals(Shown):
    """Patients who are expected to come to one unit within one hour; 80 % of such hours lie in the range."""

    hour_at: datetime = Field(description="When the hour begins.")
    unit: str = Field(examples=["Emergency"])
    expected: float = Field(examples=[4.2])
    low: float = Field(examples=[2.0])
    high: float = Field(examples=[7.0])
    model: str = Field(description="Who says so: a trained model, or the stated baseline.")


class ArrivalsOfADay(Shown):
    """Patients who are expected to come to one unit, or the whole house, on one day; 80 % of such days lie in the range."""

    day: date = Field(description="A day of the hospital's own calendar.")
    unit: str = Field(examples=["Emergency", "Whole hospital"])
    expected: float = Field(examples=[61.4])
    low: int = Field(examples=[51])
    high: int = Field(examples=[72])
    model: str


class CouldCome(Shown):
    """Somebody who could fill a gap, and what speaks for it."""

    name: str
    words: str = Field(examples=["Float pool, on this shift", "Rested 38 h"])
    hours: int = Field(description="Hours of work in the week that ends with the shift.")


class ShiftNeed(Shown):
    """One shift of one ward: who is needed for the patients expected then, and who is on the roster."""

    ward_id: int
    ward: str = Field(examples=["Medicine 4A"])
    role: str = Field(examples=["nurse"])
    shift: str = Field(examples=["Evening"])
    starts_at: datetime
    ends_at: datetime
    needed: int
    low: int = Field(description="Needed if few come and many leave.")
    high: int = Field(description="Needed if many come and few leave.")
    present: int
    gap: int = Field(description="Needed less present; below zero there are more than needed.")
    level: Literal["short", "tight", "enough"]
    names: list[str] = Field(description="Who is on it; told to those who see the staffing of that ward.")
    who: list[CouldCome] = Field(description="Who could fill a gap, the float pool first; told to the same.")
    under_way: bool = Field(description="The shift of now: counted, not forecast.")
    census: float = Field(description="Patients there, or expected to be.")
    acuity: float = Field(description="Mean weight of a patient; 1 is the usual one.", examples=[1.08])
    p_over: float | None = Field(description="The chance that more are needed than are on the roster.")
    p_over_model: str = Field(
        description="Who says so: what was learned from past shifts, or the census's own distribution."
    )
    why: str = Field(description="The need in one sentence.")


class StaffingForecast(Shown):
    """`short` is how many people are missing in all `shifts` together."""

    now: datetime
    horizon: int = Field(description="Hours that `arrivals` reach ahead.", examples=[24])
    model: str = Field(description="The model of the arrivals; empty while none has spoken.")
    arrivals: list[Arrivals]
    arrivals_by_day: list[ArrivalsOfADay] = Field(description="The 28 days from tomorrow on.")
    shifts: list[ShiftNeed]
    short: int


@router.get("/api/staffing/forecast", responses=problems(401, 403, 503))
def forecast(actor: Annotated[Actor, Depends(Needs(Permission.FORECAST_VIEW))]) -> StaffingForecast:
    """Arrivals of the coming hours by unit, and per ward and shift who is needed and present, worst gap first."""
    value = staffing_forecast()
    shifts = [_as_seen_by(actor, shift) for shift in value["shifts"]]
    return StaffingForecast.model_validate(value | {"shifts": shifts})


def _as_seen_by(actor: Actor, shift: dict[str, Any]) -> dict[str, Any]:
    """Numbers are everybody's; colleagues' names are for those who see that ward's staffing."""
    named = actor.may(Permission.STAFFING_VIEW, shift["ward_id"])
    return shift if named else shift | {"names": [], "who": []}
