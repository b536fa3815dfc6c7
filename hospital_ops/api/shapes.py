"""What goes in and what comes out, as all routes have it."""

from __future__ import annotations

from typing import Annotated
from unicodedata import category

from fastapi import Header, Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hospital_ops.services.request_keys import LONGEST_KEY

LARGEST_ID = 2**31 - 1

# An id as the database has them: anything else cannot be one of ours. `true` and "7" are no numbers.
Id = Annotated[int, Field(strict=True, ge=1, le=LARGEST_ID)]
PathId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


def _readable(text: str) -> str:
    if any(category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in text):
        raise ValueError("holds characters that are no text")
    return text


# A person's words: no control characters, which neither a screen nor the database could show.
Words = Annotated[str, AfterValidator(_readable)]

# A request that is sent again because its answer was lost. Printable ASCII, as headers have it.
RequestKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=LONGEST_KEY,
        pattern="^[!-~]*$",
        description="A word of the caller's own for this one request: sent again with it, it changes nothing more.",
    ),
]


class Given(BaseModel):
    """A body that is sent to us. What we do not know is refused: it would be ignored in silence otherwise."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Shown(BaseModel):
    """An answer of ours."""

    model_config = ConfigDict(frozen=True)
