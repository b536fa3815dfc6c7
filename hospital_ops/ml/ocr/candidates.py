"""A field's value before anybody vouches for it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from hospital_ops.ml.ocr.shapes import Value


@dataclass(frozen=True)
class Candidate:
    """`parts` are joined by `joint` for the field's value. `doubts` are why a person should look."""

    field: str
    parts: tuple[Value, ...]
    joint: str = " "
    doubts: frozenset[str] = dataclasses.field(default_factory=frozenset)

    @property
    def string(self) -> str:
        return self.joint.join(part.string for part in self.parts)

    def doubted(self, *why: str) -> Candidate:
        return Candidate(self.field, self.parts, self.joint, self.doubts | set(why))


def with_last(name: Candidate, last: Candidate) -> Candidate:
    """A "Nombre" beside "Apellidos" is only the given one; a person looks, for it may be the whole in another order."""
    if last.string.casefold() in name.string.casefold():
        return name
    return Candidate(name.field, (*name.parts, *last.parts), doubts=name.doubts | last.doubts | {"two labels"})
