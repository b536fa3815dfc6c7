"""The one table from refusal to HTTP status. Every error is {"code", "message"}: a stable code and a sentence.

Whoever is turned away is in the audit. Nothing that was sent comes back in an error or lands in a log: it may be a
patient's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from limits import RateLimitItem, RateLimitItemPerMinute
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException

from hospital_ops.api.problem import FRAMEWORK, body
from hospital_ops.api.validation import answer_invalid
from hospital_ops.domain import errors
from hospital_ops.infra import limits
from hospital_ops.services.access import audit_denial

# The first class that fits gives the status, so the narrower stand first.
STATUS: dict[type[errors.Refused], int] = {
    errors.NotSignedIn: 401,
    errors.WrongCredentials: 401,
    errors.SecondFactorRequired: 401,
    errors.SecondFactorWrong: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Invalid: 422,
    errors.Conflict: 409,
    errors.TooMany: 429,
    errors.Unavailable: 503,
    errors.Refused: 400,
}
AWAY = "The hospital's database cannot be reached. Nothing was changed; please try again."
RETRY_SECONDS = "5"
# A denial is audited each time for a person; for strangers once a minute and address, so that none can fill the audit.
_STRANGER: RateLimitItem = RateLimitItemPerMinute(1, namespace="denied")
_DENIALS = (errors.NotSignedIn, errors.NotAllowed, errors.NotFound)


def status_of(refusal: errors.Refused) -> int:
    """The table, asked."""
    return next(status for kind, status in STATUS.items() if isinstance(refusal, kind))


def route_of(scope: Any) -> str:
    """`PUT /api/tasks/{task_id}/complete`: the pattern, since an address may carry anything."""
    return f"{scope['method']} {getattr(scope.get('route'), 'path', '')}".strip()[:120]


def answer_refusals(api: FastAPI) -> None:
    """Install the handlers. What none of them knows is caught by `LastResort`."""
    handlers: dict[Any, Callable[..., JSONResponse]] = {
        errors.Refused: _refused,
        RequestValidationError: answer_invalid,
        HTTPException: _http,
        OperationalError: _away,
        InterfaceError: _away,
        NoConnectionFree: _away,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _refused(request: Request, refusal: errors.Refused) -> JSONResponse:
    if isinstance(refusal, _DENIALS):
        _audit(request, refusal)
    status = status_of(refusal)
    headers = {}
    if isinstance(refusal, errors.TooMany):
        headers["Retry-After"] = str(refusal.retry_after)
    if status == 503:
        headers["Retry-After"] = RETRY_SECONDS
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return body(refusal.code, refusal.sentence, status, headers)


def _audit(request: Request, refusal: errors.Refused) -> None:
    actor = getattr(request.state, "actor", None)
    address = request.client.host if request.client else ""
    if actor is not None or limits.hit(_STRANGER, address):
        audit_denial(actor, route_of(request.scope), code=refusal.code, address=address)


def _http(request: Request, problem: HTTPException) -> JSONResponse:
    fallback = ("refused", "This request was refused.")
    code, message = FRAMEWORK.get(problem.status_code, fallback)
    return body(code, message, problem.status_code, dict(problem.headers or {}))


def _away(request: Request, problem: Exception) -> JSONResponse:
    return body("unavailable", AWAY, 503, {"Retry-After": RETRY_SECONDS})
