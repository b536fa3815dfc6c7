"""The audit as a file. A form of our own page asks for it, since each export is itself written down."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import StreamingResponse

from hospital_ops.api.auth import NeedsPage
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.audit import Question, read_question
from hospital_ops.domain.csv_text import safe_cell
from hospital_ops.queries.audit import exported
from hospital_ops.services.audit import begin_export

router = APIRouter(prefix="/api/audit", include_in_schema=False)
COLUMNS = (
    "id", "at", "hospital_at", "user_id", "username", "role", "registration_id", "action", "subject_type", "subject_id",
    "ward_id", "allowed", "facts",
)  # fmt: skip
_SENT_AT_ONCE = 500


@router.post("/export")
def export(
    actor: Annotated[Actor, Depends(NeedsPage(Permission.AUDIT_READ))],
    who: Annotated[str, Form(max_length=60)] = "",
    action: Annotated[str, Form(max_length=100)] = "",
    subject: Annotated[str, Form(max_length=60)] = "",
    number: Annotated[str, Form(max_length=20)] = "",
    ward: Annotated[str, Form(max_length=20)] = "",
    first: Annotated[str, Form(max_length=20)] = "",
    last: Annotated[str, Form(max_length=20)] = "",
    denied: Annotated[str, Form(max_length=5)] = "",
) -> StreamingResponse:
    """Every line that fits, newest first, as CSV. Sent while it is read, however long it is."""
    given = {"who": who, "action": action, "subject": subject, "number": number, "ward": ward}
    question = read_question({**given, "first": first, "last": last, "denied": denied})
    until = begin_export(actor, question)
    name = f'attachment; filename="audit-{until:%Y-%m-%d-%H%M}.csv"'
    return StreamingResponse(_lines(question, until), media_type="text/csv", headers={"Content-Disposition": name})


def _lines(question: Question, until: datetime) -> Iterator[str]:
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow(COLUMNS)
    for count, row in enumerate(exported(question, until), start=1):
        writer.writerow([safe_cell(row[name]) for name in COLUMNS])
        if count % _SENT_AT_ONCE == 0:
            yield page.getvalue()
            page.seek(0)
            page.truncate()
    yield page.getvalue()
