"""When somebody leaves, in the words and numbers of the pages that show it whole: a bed's drawer, a patient's page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from hospital_ops.domain import forecasts
from hospital_ops.models import ArrivalForecast, Stay, StayForecast
from hospital_ops.queries.clock import hospital_date, hospital_zone

HOURS = (24, 48, 72)
SPOKEN_OF = ("Who leaves when", "Who comes")
MASKED = "Said to those who may read who the patient is: it is made of facts about them."
# As much as ml/reasons.py asks of a reason.
NOTHING_MOVES = (
    "Nothing of what is known about this patient moves it by two in a hundred: it is what the unit, the days in and the "
    "weekday say of anybody."
)


def of_bed(session: Session, bed_id: int) -> StayForecast | None:
    """The newest forecast of whoever lies in this bed."""
    wanted = (
        select(StayForecast)
        .join(Stay, col(Stay.encounter_id) == col(StayForecast.encounter_id))
        .where(Stay.bed_id == bed_id, col(Stay.to_at).is_(None))
    )
    return session.exec(wanted).first()


def stands_in(session: Session) -> str:
    """Which baseline speaks in a trained model's place and why, in sentences; "" where trained models speak."""
    leaving = (
        select(StayForecast.model)
        .join(Stay, col(Stay.encounter_id) == col(StayForecast.encounter_id))
        .where(col(Stay.to_at).is_(None))
        .order_by(col(StayForecast.made_at).desc())
    )
    coming = select(ArrivalForecast.model).order_by(col(ArrivalForecast.made_at).desc())
    names = {
        what: session.exec(found.limit(1)).first() or ""
        for what, found in zip(SPOKEN_OF, (leaving, coming), strict=True)
    }
    return " ".join(
        f"{what} is foretold by a baseline: {name.removeprefix(forecasts.BASELINE).rstrip('.')}."
        for what, name in names.items()
        if name.startswith(forecasts.BASELINE)
    )


def foretold(row: StayForecast, now: datetime, *, masked: bool) -> dict[str, Any]:
    """{"leaves", "most_likely", "range", "median_at", "low_at", "high_at", "chances", "reasons", "no_reasons", "model", "made_at"}.

    Nothing lies before `now`, though the forecast may be an hour old. Reasons are facts about a person: masked has none.
    `no_reasons`: why there are none, "" where there are some.
    """
    low, high = max(row.low_at, now), max(row.high_at, now)
    return {
        "leaves": forecasts.leaves_words(told(row), now, hospital_zone()),
        "most_likely": _when(max(row.median_at, now), now),
        "range": f"between {_when(low, now)} and {_when(high, now)}",
        "median_at": row.median_at.isoformat(),
        "low_at": row.low_at.isoformat(),
        "high_at": row.high_at.isoformat(),
        "chances": [
            {"words": f"within {hours} hours", "percent": round(100 * chance)}
            for hours, chance in zip(HOURS, (row.p24, row.p48, row.p72), strict=True)
        ],
        "reasons": [] if masked else list(row.reasons),
        "no_reasons": MASKED if masked else "" if row.reasons else NOTHING_MOVES,
        "model": row.model,
        "made_at": row.made_at.isoformat(),
    }


def told(row: StayForecast) -> forecasts.StayForecast:
    """The stored forecast as the domain speaks of it."""
    return forecasts.StayForecast(
        stay_id=row.encounter_id,
        made_at=row.made_at,
        p24=row.p24,
        p48=row.p48,
        p72=row.p72,
        p_today=row.p_today,
        median_at=row.median_at,
        low_at=row.low_at,
        high_at=row.high_at,
        likely_from=row.likely_from,
        likely_to=row.likely_to,
        mean_days=row.mean_days,
        reasons=tuple(row.reasons),
        model_name=row.model,
    )


def _when(moment: datetime, now: datetime) -> str:
    """ "today 14 h", "tomorrow 9 h", "Fri 27 Nov 9 h", in the hospital's zone."""
    local, today = moment.astimezone(hospital_zone()), hospital_date(now)
    days = {today: "today", today + timedelta(days=1): "tomorrow"}
    return f"{days.get(local.date(), f'{local:%a} {local.day} {local:%b}')} {local.hour} h"
