"""What the registration page needs beside its socket: the link that opens it, a new start, photos up and down.

All of it by the page's own cookie and from our own Origin. The patient is whoever the cookie's session says; no address
here takes a registration from the caller, except the desk's.
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from limits import RateLimitItem, RateLimitItemPerMinute
from pydantic import Field
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from hospital_ops.api.auth import NeedsPage, address_of, is_own_origin, public
from hospital_ops.api.body_limit import PHOTO
from hospital_ops.api.shapes import PathId, Shown
from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.documents import Side
from hospital_ops.domain.errors import Conflict, Invalid, NotFound, Unavailable
from hospital_ops.domain.intake_words import say
from hospital_ops.infra import limits
from hospital_ops.infra.cookies import cookie_flags, cookie_name, is_secure
from hospital_ops.services import documents, intake
from hospital_ops.services.accounts import patient_session

router = APIRouter(prefix="/api/intake", include_in_schema=False)

Language = Literal["en", "es"]
# One phone starts one; a kiosk and a hospital's shared address stay below this.
_STARTS: RateLimitItem = RateLimitItemPerMinute(40, 10, namespace="intake-start")
_OPENS: RateLimitItem = RateLimitItemPerMinute(120, 10, namespace="intake-open")
# A photo on a slow line; after that the client tries again.
UPLOAD_SECONDS = 120.0
Patient = Annotated[Actor, Depends(NeedsPage(Permission.INTAKE_OWN))]
Anybody = Annotated[Actor, Depends(NeedsPage(None))]


class Received(Shown):
    """The photo is stored; it is read in a moment, which the page hears by its socket."""

    id: int
    side: Side


class Link(Shown):
    link: str = Field(description="Opens one registration until it runs out.")


@router.get("/open/{token}")
@public("The link itself is the key to one registration.")
def open_link(request: Request, token: str) -> RedirectResponse:
    """A patient's link: 303 to the page with a session for that registration, or with a sentence's code."""
    if not limits.hit(_OPENS, address_of(request)):
        return _to_page("too_many")
    try:
        return _signed_in(intake.open_link(token[:200]))
    except (NotFound, intake.LinkExpired) as refusal:
        return _to_page(refusal.code)
    except Unavailable:
        return _to_page("away")


@router.post("/start")
@public("A patient has no account; a new registration opens nothing but itself.")
def start(request: Request, language: Annotated[Language, Form()] = "en") -> RedirectResponse:
    """The landing page's plain form: a new registration, and a session for it."""
    if not is_own_origin(request):
        return _to_page("other_site")
    if not limits.hit(_STARTS, address_of(request)):
        return _to_page("too_many")
    try:
        return _signed_in(intake.start(language).registration_id)
    except Unavailable:
        return _to_page("away")


@router.api_route("/document/{side}", methods=["PUT", "POST"], status_code=202)
async def upload(
    request: Request, side: str, actor: Patient, language: Language = "en", registration: int | None = None
) -> Received:
    """A photo as the body itself, or as the one file of a form. Answered as soon as it is stored, encrypted.

    `registration` is the one that the page shows, if it says so: a photo for one is no photo for another that was opened
    since in the same browser.
    """
    wanted = _side(side, language)
    if registration not in (None, actor.registration_id):
        raise Conflict(say("refused.other_registration", language), code="other_registration")
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            content = await _photo(request, language)
    except TimeoutError as slow:
        raise _refusal("too_slow", language) from slow
    registration_id = actor.registration_id or 0
    number = await run_in_threadpool(documents.receive, actor, registration_id, wanted, content, language=language)
    return Received(id=number, side=wanted)


@router.post("/document/{document_id}/again", status_code=202)
def read_again(document_id: PathId, actor: Anybody) -> Response:
    """Have a photo read again whose reading broke."""
    documents.retry_reading(actor, document_id)
    return Response(status_code=202)


@router.get("/document/{document_id}/image")
def image(document_id: PathId, actor: Anybody) -> Response:
    """The clean picture, for its patient or the desk."""
    return Response(documents.picture(actor, document_id), media_type="image/jpeg")


@router.get("/link")
def own_link(actor: Patient) -> Link:
    """The patient's own link, to go on elsewhere."""
    return Link(link=intake.link_for(actor, actor.registration_id or 0))


@router.post("/link/{registration_id}")
def new_link(registration_id: PathId, actor: Annotated[Actor, Depends(NeedsPage(Permission.DESK_WORK))]) -> Link:
    """A new link for the desk to hand out; the old one is dead."""
    return Link(link=intake.renew_link(actor, registration_id))


def _signed_in(registration_id: int) -> RedirectResponse:
    answer = RedirectResponse("/intake", status_code=303)
    answer.set_cookie(cookie_name(), patient_session(registration_id), **cookie_flags())
    # For the page's first drawing alone: it says that a registration was opened here, not which, and opens nothing.
    answer.set_cookie(
        "intake_open", "1", max_age=get_settings().session_hours * 3600, samesite="lax", secure=is_secure()
    )
    return answer


def _to_page(problem: str) -> RedirectResponse:
    return RedirectResponse(f"/intake?problem={problem}", status_code=303)


def _side(side: str, language: Language) -> Side:
    try:
        return Side(side)
    except ValueError as unknown:
        raise _refusal("no_such_side", language) from unknown


async def _photo(request: Request, language: Language) -> bytes:
    """The photo's bytes. They stay in memory: no half of a patient's card lies in a folder for temporary files."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    try:
        if kind == "multipart/form-data":
            return await _file_of_form(request, language)
        content = bytearray()
        async for chunk in request.stream():
            content += chunk
            _refuse_large(len(content), language)
        return bytes(content)
    except ClientDisconnect as gone:
        raise _refusal("broken_form", language) from gone


async def _file_of_form(request: Request, language: Language) -> bytes:
    try:
        async with request.form(max_files=2, max_fields=8, max_part_size=4096) as form:
            photos = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
            if len(photos) != 1:
                raise _refusal("two_photos" if photos else "no_photo", language)
            _refuse_large(photos[0].size or 0, language)
            return await photos[0].read()
    except HTTPException as broken:
        if broken.status_code == 413:
            raise
        raise _refusal("two_photos" if "files" in str(broken.detail) else "broken_form", language) from broken


def _refusal(code: str, language: Language) -> Invalid:
    return Invalid(say(f"upload.{code}", language), code=code)


def _refuse_large(size: int, language: Language) -> None:
    if size > PHOTO:
        raise _refusal("too_large", language)
