"""A patient registers by program: a form with photos of the cards. The phone's own pages are in api/intake.py."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from limits import RateLimitItem, RateLimitItemPerMinute
from pydantic import Field

from hospital_ops.api.auth import address_of, public
from hospital_ops.api.body_limit import PHOTO
from hospital_ops.api.problem import problems
from hospital_ops.api.shapes import RequestKey, Shown, Words
from hospital_ops.domain.documents import Side
from hospital_ops.domain.errors import Invalid, TooMany
from hospital_ops.infra import limits
from hospital_ops.services import intake

router = APIRouter(tags=["patient"])
# Nobody signs in for this, so an address has a limit; a hospital's kiosk stays well below it.
_LIMIT: RateLimitItem = RateLimitItemPerMinute(60, 10, namespace="register")
FIELDS = ("first_name", "last_name", "dob", "insurance_policy_num", "language", *Side)


class Registered(Shown):
    """The cards are being read meanwhile; the link shows the patient what was read, and lets them finish."""

    patient_id: int
    status: str = Field(examples=["submitted"])
    link: str = Field(
        description="Opens this one registration, on the patient's own phone; it runs out.",
        examples=["https://hospital.example/api/intake/open/…"],
    )


async def _only_these(request: Request) -> None:
    """What we do not know is refused: a misspelt photo would be lost in silence otherwise."""
    counts = Counter(name for name, _ in (await request.form()).multi_items())
    for name, count in counts.items():
        if name not in FIELDS:
            raise Invalid(f"“{name[:60]}” is not known here." if name.isprintable() else "A field is not known here.")
        if count > 1:
            raise Invalid(f"“{name}” was sent twice.")


Answer = Annotated[Words, Form(max_length=120)]
Photo = Annotated[UploadFile | None, File(description="JPEG, PNG, HEIC or PDF, up to 10 MB.")]


@router.post(
    "/api/patient/register",
    status_code=202,
    dependencies=[Depends(_only_these)],
    responses=problems(400, 409, 413, 415, 422, 429, 503),
)
@public("A patient has no account; what is registered opens by its link alone.")
def register(
    request: Request,
    first_name: Answer,
    last_name: Answer,
    dob: Annotated[str, Form(max_length=20, examples=["1984-07-23"], json_schema_extra={"format": "date"})],
    insurance_policy_num: Annotated[Words, Form(max_length=60)] = "",
    language: Annotated[Literal["en", "es"], Form()] = "en",
    insurance_front: Photo = None,
    insurance_back: Photo = None,
    id_photo: Photo = None,
    key: RequestKey = "",
) -> Registered:
    """Register a patient: the form's words and photos of the insurance card (front, back) and an identity card.

    202: what was sent is stored; a worker reads the cards, and the desk confirms.
    """
    _pace(address_of(request))
    photos = {Side.INSURANCE_FRONT: insurance_front, Side.INSURANCE_BACK: insurance_back, Side.ID_PHOTO: id_photo}
    files = {side: _bytes_of(side, photo) for side, photo in photos.items() if photo is not None}
    words = {
        "first_name": first_name,
        "last_name": last_name,
        "dob": dob,
        "insurance_policy_num": insurance_policy_num,
    }
    made = intake.register_by_form(words, files, language=language, key=key)
    return Registered(patient_id=made.patient_id, status=made.status, link=made.link)


def _pace(address: str) -> None:
    if not limits.hit(_LIMIT, address):
        seconds = limits.seconds_to_wait(_LIMIT, address)
        raise TooMany("Too many registrations from here. Please wait a few minutes.", retry_after=seconds)


def _bytes_of(side: Side, photo: UploadFile) -> bytes:
    content = photo.file.read(PHOTO + 1)
    if len(content) > PHOTO:
        raise Invalid(f"“{side}” is larger than 10 MB.", code="too_large")
    if not content:
        raise Invalid(f"“{side}” is empty.", code="empty_file")
    return content
