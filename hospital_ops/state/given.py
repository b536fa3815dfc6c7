"""What a browser gives is anything: Reflex's annotations check nothing. Every handler argument passes here."""

from __future__ import annotations

from typing import Any

from hospital_ops.domain.errors import Invalid

LARGEST_ID = 2**31 - 1
LONGEST_TEXT = 500


def given_id(value: Any) -> int:
    """A row's id or version."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_ID:
        raise Invalid("That is not one of ours. Reload the page and try again.")
    return value


def given_text(value: Any, longest: int = LONGEST_TEXT) -> str:
    """A short text, without its outer spaces."""
    if not isinstance(value, str) or len(value) > longest:
        raise Invalid(f"Please write at most {longest} characters.")
    return value.strip()


def given_field_id(form: Any, name: str) -> int:
    """A row's id from a form's field, where it is text."""
    text = form.get(name) if isinstance(form, dict) else None
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or len(text) > 10:
        raise Invalid("That is not one of ours. Reload the page and try again.")
    return given_id(int(text))
