"""What goes in and what comes out, as all routes have it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

LARGEST_ID = 2**31 - 1

# An id as the database has them: anything else cannot be one of ours.
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
PathId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


def _printable(text: str) -> str:
    if not all(c.isprintable() or c in "\n\t" for c in text):
        raise ValueError("holds characters that are no text")
    return text


# A person's words: no control characters, which neither a screen nor the database could show.
Words = Annotated[str, AfterValidator(_printable)]


class Given(BaseModel):
    """A body that is sent to us. What we do not know is refused: it would be ignored in silence otherwise."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Shown(BaseModel):
    """An answer of ours."""

    model_config = ConfigDict(frozen=True)
