"""The page where a person chooses their own password: a plain form, since only an answer of ours can set the cookie."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from hospital_ops.api.auth import address_of, is_own_origin, public
from hospital_ops.domain.errors import Invalid, NotSignedIn, Refused, TooMany, Unavailable, WrongCredentials
from hospital_ops.domain.homes import PASSWORD_PAGE, home_of
from hospital_ops.infra.cookies import cookie_flags, cookie_name, session_token
from hospital_ops.services.accounts import actor_of_session
from hospital_ops.services.own_password import choose_password

router = APIRouter(prefix="/api/session", include_in_schema=False)
# What the page is told, by the kind of refusal; one of the rules for passwords says itself which.
_CODES: dict[type[Refused], str] = {WrongCredentials: "wrong", TooMany: "too_many", Unavailable: "away"}


@router.post("/password")
@public("Without a session it leads to the login page; the password that is known now is the proof.")
def choose(
    request: Request,
    current: Annotated[str, Form(max_length=1000)] = "",
    new: Annotated[str, Form(max_length=1000)] = "",
    again: Annotated[str, Form(max_length=1000)] = "",
) -> RedirectResponse:
    """303 to the first page with the session's new cookie, or back with a sentence's code."""
    if not is_own_origin(request):
        return _to_login("origin")
    token = session_token(request.headers.get("cookie", ""))
    try:
        actor = actor_of_session(token)
        if actor is None:
            raise NotSignedIn
        if new != again:
            return _back("differ")
        newer = choose_password(actor, token, current, new, address=address_of(request))
    except NotSignedIn:
        return _to_login("signed_out")
    except Invalid as refusal:
        return _back(refusal.code)
    except Refused as refusal:
        return _back(_CODES.get(type(refusal), "wrong"))
    answer = RedirectResponse(home_of(actor.role), status_code=303)
    answer.set_cookie(cookie_name(), newer, **cookie_flags())
    return answer


def _to_login(problem: str) -> RedirectResponse:
    return RedirectResponse(f"/login?problem={problem}", status_code=303)


def _back(problem: str) -> RedirectResponse:
    return RedirectResponse(f"{PASSWORD_PAGE}?problem={problem}", status_code=303)
