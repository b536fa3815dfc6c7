"""The one table from refusal to HTTP status. Every error is {"code", "message"}: a stable code and a sentence.

Whoever is turned away is in the audit. Nothing that was sent comes back in an error or lands in a log: it may be a
patient's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from limits import RateLimitItem, RateLimitItemPerMinute
from pydantic import BaseModel, Field
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from hospital_ops.domain import errors
from hospital_ops.infra import limits
from hospital_ops.services.access import audit_denial

log = logging.getLogger(__name__)

# The first class that fits gives the status, so the narrower stand first.
STATUS: dict[type[errors.Refused], int] = {
    errors.NotSignedIn: 401,
    errors.WrongCredentials: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Invalid: 422,
    errors.Conflict: 409,
    errors.TooMany: 429,
    errors.Unavailable: 503,
    errors.Refused: 400,
}
# What the framework itself refuses.
FRAMEWORK: dict[int, tuple[str, str]] = {
    400: ("bad_request", "This request could not be read."),
    401: ("not_signed_in", "Please sign in first."),
    403: ("not_allowed", "This is not allowed."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address takes another method."),
    413: ("too_large", "This is too large."),
    415: ("unsupported_media_type", "This kind of content is not taken here."),
}
BROKEN = ("broken", "Something went wrong here. Nothing was changed; please try again.")
AWAY = "The hospital's database cannot be reached. Nothing was changed; please try again."
# A denial is audited each time for a person; for strangers once a minute and address, so that none can fill the audit.
_STRANGER: RateLimitItem = RateLimitItemPerMinute(1, namespace="denied")
_DENIALS = (errors.NotSignedIn, errors.NotAllowed, errors.NotFound)


class Problem(BaseModel):
    """What every error answers."""

    code: str = Field(description="Stable, for programs.", examples=["not_found"])
    message: str = Field(description="A sentence, for people.", examples=["There is no such bed."])


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's documentation: which errors it may answer."""
    return {status: {"model": Problem, "description": _DESCRIPTION[status]} for status in sorted(statuses)}


_DESCRIPTION = {
    400: "The request could not be read.",
    401: "Nobody, or nobody any longer, is behind this request.",
    403: "This person's role does not include it, or not in this ward.",
    404: "There is no such thing, or it is not theirs to know of.",
    409: "The hospital has moved on, or its rules forbid this now.",
    413: "The request is too large.",
    422: "What was given cannot be used; the message names the field.",
    429: "Too many attempts; Retry-After says how many seconds to wait.",
    503: "A part of the house is away for the moment.",
}


def body(code: str, message: str, status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    """An error's answer."""
    return JSONResponse({"code": code, "message": message}, status_code=status, headers=headers)


def status_of(refusal: errors.Refused) -> int:
    """The table, asked."""
    return next(status for kind, status in STATUS.items() if isinstance(refusal, kind))


def not_found() -> JSONResponse:
    """For an address that no router has."""
    return body(*FRAMEWORK[404], 404)


def wrong_method(allowed: Iterable[str]) -> JSONResponse:
    """For one of our addresses, asked in a way that it does not take."""
    return body(*FRAMEWORK[405], 405, {"Allow": ", ".join(sorted(allowed))})


def _refused(request: Request, refusal: errors.Refused) -> JSONResponse:
    if isinstance(refusal, _DENIALS):
        _audit(request, refusal)
    headers = {}
    if isinstance(refusal, errors.TooMany):
        headers["Retry-After"] = str(refusal.retry_after)
    if status_of(refusal) == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return body(refusal.code, refusal.sentence, status_of(refusal), headers)


def _audit(request: Request, refusal: errors.Refused) -> None:
    actor = getattr(request.state, "actor", None)
    address = request.client.host if request.client else ""
    if actor is not None or limits.hit(_STRANGER, address):
        audit_denial(actor, _route_of(request), code=refusal.code, address=address)


def _route_of(request: Request) -> str:
    """`PUT /api/tasks/{task_id}/complete`: the pattern, since an address may carry anything."""
    return f"{request.method} {getattr(request.scope.get('route'), 'path', '')}".strip()[:120]


def _invalid(request: Request, problem: RequestValidationError) -> JSONResponse:
    first = problem.errors()[0]
    if str(first["type"]).startswith("json_"):
        return body("invalid", "The body is not valid JSON.", 422)
    return body("invalid", f"“{_field(first)}” {_words(first)}.", 422)


def _field(error: dict[str, Any]) -> str:
    named = [str(part) for part in error["loc"][1:] if isinstance(part, str)]
    return ".".join(named)[:60] or "body"


# Pydantic's own words are kept where they only speak of what was expected.
_WORDS: dict[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_too_short": "must not be empty",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "model_attributes_type": "must be a JSON object",
    "dict_type": "must be a JSON object",
}


def _words(error: dict[str, Any]) -> str:
    kind, limits_given = str(error["type"]), error.get("ctx", {})
    if kind in _WORDS:
        return _WORDS[kind]
    if kind == "string_too_long":
        return f"must have at most {limits_given['max_length']} characters"
    if kind in {"enum", "literal_error"}:
        return f"must be one of {str(limits_given['expected']).replace(' or ', ', ')}".replace("'", "")
    if kind in {"greater_than_equal", "less_than_equal"}:
        return "is not a number that can be meant here"
    return "cannot be used as it is"


def _http(request: Request, problem: HTTPException) -> JSONResponse:
    fallback = ("refused", "This request was refused.")
    code, message = FRAMEWORK.get(problem.status_code, fallback)
    return body(code, message, problem.status_code, dict(problem.headers or {}))


def _away(request: Request, problem: Exception) -> JSONResponse:
    return body("unavailable", AWAY, 503, {"Retry-After": "5"})


def _broken(request: Request, problem: Exception) -> JSONResponse:
    log.error("%s failed (%s)", _route_of(request), type(problem).__name__)
    return body(*BROKEN, 500)


def answer_refusals(api: FastAPI) -> None:
    """Install the handlers."""
    handlers: dict[Any, Callable[..., JSONResponse]] = {
        errors.Refused: _refused,
        RequestValidationError: _invalid,
        HTTPException: _http,
        OperationalError: _away,
        Exception: _broken,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
