"""From the recogniser's probabilities to characters, each with its own confidence.

The reader's own decoder gives one score a line. A member number needs more: which character is the
doubtful one, what else it might be, and where a space may have been lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

# English and Spanish print. The model knows 18,000 signs; a card in Ohio uses these.
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PRINT = LETTERS + "0123456789" + " !\"#$%&'()*+,-./:;<=>?@[]_|~" + "ÁÉÍÓÚÑÜáéíóúñü®™"
# Full-width and typographic twins count for the plain sign.
TWINS = {":": "：", "(": "（", ")": "）", ",": "，", "-": "–—‐", "'": "’‘", "/": "／", "#": "＃", "0": "〇", "1": "Ⅰ"}
HIDDEN_SPACE = 0.12  # seen: 0.2 and more where a space is printed, under 0.02 where none is
PERHAPS_A_SPACE = 0.02
FOREIGN = 0.1  # a step that gave less to signs outside PRINT is none to remember


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character: its probability, the runner-up with its own, where it stands (0–1 of the width), and whether
    its ink was measured, so that the probabilities are no longer the recogniser's alone.
    """

    char: str
    p: float
    other: str
    p_other: float
    at: float
    by_ink: bool = False


@dataclass(frozen=True)
class Text:
    """A recognised line. `lost` is the most probability any one step gave to a sign outside PRINT, `foreign` the steps
    that gave some to one, as (Glyph.at, probability); `perhaps` is where a space may stand that was not read.
    """

    glyphs: tuple[Glyph, ...]
    lost: float = 0.0
    perhaps: tuple[float, ...] = ()
    foreign: tuple[tuple[float, float], ...] = ()

    @cached_property
    def string(self) -> str:
        return "".join(glyph.char for glyph in self.glyphs)

    @cached_property
    def weakest(self) -> float:
        return min((glyph.p for glyph in self.glyphs if glyph.char != " "), default=0.0)

    @cached_property
    def mean(self) -> float:
        return float(np.mean([glyph.p for glyph in self.glyphs])) if self.glyphs else 0.0

    def part(self, start: int, end: int) -> Text:
        glyphs = self.glyphs[start:end]
        inside = tuple(at for at in self.perhaps if glyphs and glyphs[0].at < at < glyphs[-1].at)
        foreign = self._foreign_in(start, end)
        lost = max((lost for _, lost in foreign), default=0.0) if self.foreign else self.lost
        return Text(glyphs, lost, inside, foreign)

    def _foreign_in(self, start: int, end: int) -> tuple[tuple[float, float], ...]:
        """A bullet elsewhere in the line hides no character of the part; one up to its neighbours may."""
        begins = self.glyphs[start - 1].at if start > 0 else 0.0
        ends = self.glyphs[end].at if end < len(self.glyphs) else 1.0
        return tuple((at, lost) for at, lost in self.foreign if begins < at < ends)


class Alphabet:
    """The model's signs narrowed to PRINT, blank first."""

    def __init__(self, characters: list[str]) -> None:
        index = {char: n for n, char in enumerate(characters)}
        self.chars = [""] + [char for char in PRINT if char in index]
        self._space = self.chars.index(" ")
        self._columns = np.array([0] + [index[char] for char in self.chars[1:]])
        self._twins = [
            (self.chars.index(char), [index[twin] for twin in twins if twin in index])
            for char, twins in TWINS.items()
            if char in self.chars
        ]

    def decode(self, steps: np.ndarray, used: float = 1.0) -> Text:
        """`steps` is (time, signs) probabilities; `used` the share of the width that is not padding."""
        narrow = steps[:, self._columns].copy()
        for column, twins in self._twins:
            if twins:
                narrow[:, column] += steps[:, twins].sum(axis=1)
        best = narrow.argmax(axis=1)
        losses = 1.0 - narrow.sum(axis=1)
        lost = float(losses.max(initial=0.0))
        places = [
            (float((at + 0.5) / (len(narrow) * used)), float(losses[at])) for at in np.flatnonzero(losses > FOREIGN)
        ]
        glyphs: list[Glyph] = []
        perhaps: list[float] = []
        edges = np.flatnonzero(np.diff(best)) + 1
        for run in np.split(np.arange(len(best)), edges):
            sign = int(best[run[0]])
            space = 0.0 if sign else self._hidden_space(narrow, best, run)
            if sign or space > HIDDEN_SPACE:
                glyphs.append(self._glyph(narrow, sign or self._space, run, used))
            elif space > PERHAPS_A_SPACE:
                perhaps.append(float((run.mean() + 0.5) / (len(narrow) * used)))
        return Text(tuple(glyphs), lost, tuple(perhaps), tuple(places))

    def _hidden_space(self, narrow: np.ndarray, best: np.ndarray, run: np.ndarray) -> float:
        """The chance of a space in a run of blanks: a narrow one often wins no step outright but shares its two."""
        beside = {int(best[at]) for at in (run[0] - 1, run[-1] + 1) if 0 <= at < len(best)}
        if self._space in beside or not 0 < run[0] <= run[-1] < len(best) - 1:
            return 0.0
        return float(narrow[run, self._space].sum())

    def _glyph(self, narrow: np.ndarray, sign: int, run: np.ndarray, used: float) -> Glyph:
        peak = run[narrow[run, sign].argmax()]
        rest = narrow[peak].copy()
        rest[[0, sign]] = 0.0
        other = int(rest.argmax())
        at = (peak + 0.5) / (len(narrow) * used)
        return Glyph(self.chars[sign], float(narrow[peak, sign]), self.chars[other], float(rest[other]), float(at))
