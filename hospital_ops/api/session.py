"""Signing in and out of the pages: plain forms, a cookie, a redirect. The API's tokens are in api/login.py.

A full navigation follows, so that the page's socket is opened with the new cookie: a socket keeps the headers that it
was opened with.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from hospital_ops.api.auth import address_of, is_own_origin, public
from hospital_ops.domain.access import Actor
from hospital_ops.domain.browsers import browser_words
from hospital_ops.domain.errors import (
    NotSignedIn,
    Refused,
    SecondFactorRequired,
    SecondFactorWrong,
    TooMany,
    Unavailable,
)
from hospital_ops.domain.homes import home_for
from hospital_ops.infra.cookies import cookie_flags, cookie_name, session_token, step_cookie_name, step_token
from hospital_ops.services import accounts
from hospital_ops.services.login_step import STEP_SECONDS

router = APIRouter(prefix="/api/session", include_in_schema=False)


def safe_next(path: str, actor: Actor) -> str:
    """Where to go: the page one was on, if it is a path of ours, else the person's first page."""
    local = path.startswith("/") and not path.startswith(("//", "/\\", "/login", "/api")) and "\\" not in path
    wanted = local and path != "/" and len(path) < 300 and not actor.must_choose_password
    return path if wanted else home_for(actor)


# What the login page calls a refusal; whatever is not named here reads "wrong".
_PROBLEMS: dict[type[Refused], str] = {
    TooMany: "too_many",
    Unavailable: "away",
    SecondFactorRequired: "",
    SecondFactorWrong: "code_wrong",
    NotSignedIn: "step_over",
}
# After these the page asks for the code again; everything else begins with the name.
_STAY_AT_CODE = (SecondFactorRequired, SecondFactorWrong, TooMany, Unavailable)


def _back(problem: str, next_page: str = "", *, at_code: bool = False) -> RedirectResponse:
    said = {"step": "code" if at_code else "", "problem": problem, "next": next_page}
    query = urlencode({name: value for name, value in said.items() if value})
    return RedirectResponse(f"/login?{query}", status_code=303)


def _refused(refusal: Refused, next_page: str, has_step: bool) -> RedirectResponse:
    at_code = isinstance(refusal, SecondFactorRequired) or (has_step and isinstance(refusal, _STAY_AT_CODE))
    answer = _back(_PROBLEMS.get(type(refusal), "wrong"), next_page, at_code=at_code)
    if isinstance(refusal, SecondFactorRequired) and refusal.step:
        answer.set_cookie(step_cookie_name(), refusal.step, max_age=STEP_SECONDS, **cookie_flags())
    return answer


@router.post("")
@public("The login page's form.")
def sign_in(
    request: Request,
    username: Annotated[str, Form(max_length=150)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    otp: Annotated[str, Form(max_length=40)] = "",
    next_page: Annotated[str, Form(alias="next", max_length=500)] = "",
) -> RedirectResponse:
    """The login page's form: 303 to the first page with a new session's cookie, or back with a sentence's code.

    An account with a second factor is asked for its code next; that form carries `otp` and, in a cookie for five
    minutes, the note that the password was right. Name, password and code may also come at once.
    """
    if not is_own_origin(request):
        return _back("origin")
    step = "" if username else step_token(request.headers.get("cookie", ""))
    who = {"address": address_of(request), "browser": browser_words(request.headers.get("user-agent", ""))}
    try:
        if step or (otp and not username):
            signed_in = accounts.sign_in_with_code(step, otp, **who)
        else:
            signed_in = accounts.sign_in(username, password, otp=otp, **who)
    except Refused as refusal:
        return _refused(refusal, next_page, bool(step))
    answer = RedirectResponse(safe_next(next_page, signed_in.actor), status_code=303)
    answer.set_cookie(cookie_name(), signed_in.token, **cookie_flags())
    answer.delete_cookie(step_cookie_name(), **cookie_flags())
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
