"""A report as a file: the address of the page, answered as CSV. It names nobody, so a link of the page may ask for it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from hospital_ops.api.auth import NeedsPage
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.csv_text import csv_text
from hospital_ops.domain.reports import read_question
from hospital_ops.queries.reports.page import COLUMNS, report_rows, today

router = APIRouter(prefix="/api/reports", include_in_schema=False)
Word = Annotated[str, Query(max_length=400)]


@router.get("/file")
def file(
    actor: Annotated[Actor, Depends(NeedsPage(Permission.REPORT_VIEW))],
    measure: Word = "",
    part: Word = "",
    days: Word = "",
    first: Annotated[str, Query(alias="from", max_length=20)] = "",
    last: Annotated[str, Query(alias="to", max_length=20)] = "",
    wards: Word = "",
) -> Response:
    """Every figure of one measure over the span, whole, by ward and by time."""
    given = {"measure": measure, "part": part, "days": days, "from": first, "to": last, "wards": wards}
    question = read_question(given, today())
    name = f"{question.measure.name}-{question.first}-{question.last}.csv"
    return Response(
        csv_text(COLUMNS, report_rows(actor, question)),
        media_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
