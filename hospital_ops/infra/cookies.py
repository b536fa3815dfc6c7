"""The session's cookie: HttpOnly, so no page's script can read it; SameSite, so no other site can use it."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import Literal, TypedDict

from hospital_ops.config import get_settings

SECURE_NAME = "__Host-hospital"
LOOPBACK_NAME = "hospital_session"
# Between the login page's two questions (services/login_step.py).
SECURE_STEP, LOOPBACK_STEP = "__Host-hospital-step", "hospital_step"


class CookieFlags(TypedDict):
    """What Starlette's `set_cookie` and `delete_cookie` both take."""

    path: str
    secure: bool
    httponly: bool
    samesite: Literal["lax", "strict", "none"]


def is_secure() -> bool:
    """True when people reach us over https, by ourselves or through a proxy."""
    return get_settings().base_url.startswith("https://")


def cookie_name() -> str:
    """`__Host-` wants Secure, which browsers refuse on plain http: only the loopback demo goes without."""
    return SECURE_NAME if is_secure() else LOOPBACK_NAME


def step_cookie_name() -> str:
    """The cookie of a sign-in that is half done."""
    return SECURE_STEP if is_secure() else LOOPBACK_STEP


def cookie_flags() -> CookieFlags:
    return {"path": "/", "secure": is_secure(), "httponly": True, "samesite": "lax"}


def session_token(cookie_header: str) -> str:
    """The session id out of a raw Cookie header; "" when there is none or the header is damaged."""
    return _value(cookie_header, cookie_name())


def step_token(cookie_header: str) -> str:
    """The note of a sign-in that is half done; "" when there is none."""
    return _value(cookie_header, step_cookie_name())


def _value(cookie_header: str, name: str) -> str:
    try:
        cookies = SimpleCookie(cookie_header)
    except CookieError:
        return ""
    found = cookies.get(name)
    return found.value if found else ""
