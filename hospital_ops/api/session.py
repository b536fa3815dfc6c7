"""Signing in and out of the pages: plain forms, a cookie, a redirect. The API's tokens are in api/login.py.

A full navigation follows, so that the page's socket is opened with the new cookie: a socket keeps the headers that it
was opened with.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from hospital_ops.api.auth import address_of, is_own_origin, public
from hospital_ops.domain.access import Role
from hospital_ops.domain.errors import Refused, TooMany, Unavailable
from hospital_ops.domain.homes import home_of
from hospital_ops.infra.cookies import cookie_flags, cookie_name, session_token
from hospital_ops.services import accounts

router = APIRouter(prefix="/api/session", include_in_schema=False)


def safe_next(path: str, role: Role) -> str:
    """Where to go: the page one was on, if it is a path of ours, else the role's first page."""
    local = path.startswith("/") and not path.startswith(("//", "/\\", "/login", "/api")) and "\\" not in path
    return path if local and path != "/" and len(path) < 300 else home_of(role)


def _back(problem: str, next_page: str = "") -> RedirectResponse:
    rest = f"&next={quote(next_page, safe='')}" if next_page else ""
    return RedirectResponse(f"/login?problem={problem}{rest}", status_code=303)


def _problem(refusal: Refused) -> str:
    if isinstance(refusal, TooMany):
        return "too_many"
    if isinstance(refusal, Unavailable):
        return "away"
    return "wrong"


@router.post("")
@public("The login page's form.")
def sign_in(
    request: Request,
    username: Annotated[str, Form(max_length=150)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    next_page: Annotated[str, Form(alias="next", max_length=500)] = "",
) -> RedirectResponse:
    """The login page's form: 303 to the first page with a new session's cookie, or back with a sentence's code."""
    if not is_own_origin(request):
        return _back("origin")
    try:
        signed_in = accounts.sign_in(username, password, address=address_of(request))
    except Refused as refusal:
        return _back(_problem(refusal), next_page)
    answer = RedirectResponse(safe_next(next_page, signed_in.actor.role), status_code=303)
    answer.set_cookie(cookie_name(), signed_in.token, **cookie_flags())
    return answer


@router.post("/end")
@public("Whoever leaves shows the cookie of the session to end.")
def sign_out(request: Request) -> RedirectResponse:
    """End the session; its open boards go dark with it."""
    if not is_own_origin(request):
        return _back("origin")
    token = session_token(request.headers.get("cookie", ""))
    if token:
        accounts.sign_out(token)
    answer = _back("left")
    answer.delete_cookie(cookie_name(), **cookie_flags())
    return answer
