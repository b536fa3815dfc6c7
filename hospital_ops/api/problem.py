"""The shape of every error, {"code", "message"}, and how routes document which they may answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

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
_DESCRIPTION = {
    400: "The request could not be read.",
    401: "Nobody, or nobody any longer, is behind this request.",
    403: "This person's role does not include it, or not in this ward.",
    404: "There is no such thing, or it is not theirs to know of.",
    409: "The hospital has moved on, or its rules forbid this now.",
    413: "The request is too large.",
    415: "The body is of a kind that is not taken here.",
    422: "What was given cannot be used; the message names the field.",
    429: "Too many attempts.",
    500: "Something broke here; the message has a number to quote.",
    503: "A part of the house is away for the moment.",
}
_WAIT = {"Retry-After": {"description": "Seconds to wait before the next try.", "schema": {"type": "integer"}}}
_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"description": "`Bearer`.", "schema": {"type": "string"}}},
    429: _WAIT,
    503: _WAIT,
}
# An example of each, so that a reader sees the shape with words in it.
_EXAMPLE: dict[int, tuple[str, str]] = FRAMEWORK | {
    404: ("not_found", "There is no such task."),
    409: ("changed_meanwhile", "Someone else changed this first. Look again."),
    422: ("invalid", "“description” is missing."),
    429: ("too_many", "Too many attempts. Please wait a moment."),
    500: ("broken", "Something went wrong here. Please tell whoever runs this system the number 3f9c20d7."),
    503: ("unavailable", "The hospital's database cannot be reached. Nothing was changed; please try again."),
}


class Problem(BaseModel):
    """What every error answers."""

    code: str = Field(description="Stable, for programs.", examples=["not_found"])
    message: str = Field(description="A sentence, for people.", examples=["There is no such bed."])


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's documentation: which errors it may answer. Any may break, so 500 is among them."""
    return {status: _documented(status) for status in sorted({*statuses, 500})}


def _documented(status: int) -> dict[str, Any]:
    code, message = _EXAMPLE[status]
    example = {"application/json": {"example": {"code": code, "message": message}}}
    told = {"model": Problem, "description": _DESCRIPTION[status], "content": example}
    return told | ({"headers": _HEADERS[status]} if status in _HEADERS else {})


def body(code: str, message: str, status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    """An error's answer."""
    return JSONResponse({"code": code, "message": message}, status_code=status, headers=headers)


def not_found() -> JSONResponse:
    """For an address that no router has."""
    return body(*FRAMEWORK[404], 404)


def wrong_method(allowed: Iterable[str]) -> JSONResponse:
    """For one of our addresses, asked in a way that it does not take."""
    return body(*FRAMEWORK[405], 405, {"Allow": ", ".join(sorted(allowed))})
