"""What was sent cannot be used: in words that name the field and never repeat what was in it.

422  a field is missing, unknown, or holds what it cannot hold
415  the body is of a kind that the address does not take
400  the body is no JSON at all
"""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from hospital_ops.api.problem import body

JSON, FORM, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
# What an address documents → what it takes. A form without files may come either way.
_TAKES: dict[str, tuple[str, ...]] = {JSON: (JSON,), FORM: (FORM, MULTIPART), MULTIPART: (MULTIPART, FORM)}

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


def answer_invalid(request: Request, problem: RequestValidationError) -> JSONResponse:
    """The answer to what FastAPI refused. The first problem is told; a program mends one at a time."""
    if wrong := _wrong_kind(request):
        return wrong
    first = problem.errors()[0]
    if str(first["type"]).startswith("json_"):
        return body("bad_request", "The body is not valid JSON.", 400)
    return body("invalid", f"“{_field(first)}” {_words(first)}.", 422)


def _wrong_kind(request: Request) -> JSONResponse | None:
    """415 for a body whose kind this address does not take; None for one that it takes, or for no body."""
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    field = getattr(request.scope.get("route"), "body_field", None)
    taken = _TAKES.get(str(getattr(getattr(field, "field_info", None), "media_type", "")), ())
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if not has_body or not taken or kind in taken:
        return None
    return body("unsupported_media_type", f"This address takes {' or '.join(taken)}.", 415)


def _field(error: dict[str, Any]) -> str:
    named = [str(part) for part in error["loc"][1:] if isinstance(part, str)]
    return ".".join(named)[:60] or "body"


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
