"""Labels that stand in a row before their values: "BIN / PCN: 610014 / MEDDPRIME", on one line or above each other."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from itertools import pairwise

from hospital_ops.ml.ocr.layout import COLUMN, Piece
from hospital_ops.ml.ocr.pairing import Label, Marked, below, right_of
from hospital_ops.ml.ocr.shapes import value_of

# What parts the values, the surest first: a date has strokes of its own, a number spaces.
STROKES = (re.compile(r"\s+[/|·&]\s+"), re.compile(r"\s*[/|·&]\s*"))
SPACES = re.compile(r"\s+")
PHARMACY = {"rx_bin", "rx_pcn"}


def shared(marked: Marked) -> Marked:
    """The same with each value of such a row behind its own label. Where they cannot be told apart, what follows
    stands behind each label that it could belong to, marked as shared.
    """
    labels, free = list(marked.labels), list(marked.free)
    for run in _runs(labels):
        here = replace(run[0].piece, right=run[-1].piece.right)
        now = Marked(labels, free)
        values = run[-1].rest or right_of(here, now) or below(here, now)
        if values is None:
            continue
        told = _each_its_own(run, values) or (_behind_each(run, values) if values is run[-1].rest else {})
        labels = [told.get(id(label), label) for label in labels]
        free = [piece for piece in free if piece is not values or not told]
    return Marked(labels, free)


def _runs(labels: list[Label]) -> list[list[Label]]:
    """Labels of different things that follow each other on a line with nothing but a stroke or a space between."""
    runs: list[list[Label]] = []
    for before, label in pairwise(labels):
        if not _follows(before, label):
            continue
        if runs and runs[-1][-1] is before:
            runs[-1].append(label)
        else:
            runs.append([before, label])
    return [run for run in runs if len({label.field for label in run}) == len(run)]


def _follows(before: Label, label: Label) -> bool:
    gap = label.piece.left - before.piece.right
    beside = before.piece.line is label.piece.line and -label.piece.height < gap < COLUMN * label.piece.height
    return beside and before.rest is None and ":" not in before.piece.string


def _each_its_own(run: list[Label], values: Piece) -> dict[int, Label]:
    """Label's id → the label with its part of the values; nothing where they are not as many, or do not fit."""
    for parting, least in ((STROKES[0], 0.0), (STROKES[1], 0.0), (SPACES, 1.0)):
        parts = _parts(values, parting)
        if len(parts) == len(run) and all(map(partial(_fits, least=least), run, parts)):
            return {id(label): _with(run, label, part, False) for label, part in zip(run, parts, strict=True)}
    return {}


def _behind_each(run: list[Label], values: Piece) -> dict[int, Label]:
    able = [label for label in run if value_of(label.field, values)]
    return {id(label): _with(run, label, values, len(able) > 1) for label in able}


def _with(run: list[Label], label: Label, rest: Piece, is_shared: bool) -> Label:
    """ "Group" in one row with BIN and PCN is the pharmacy's."""
    pharmacys = label.field == "group_number" and any(other.field in PHARMACY for other in run)
    return replace(label, field="-rx_group" if pharmacys else label.field, rest=rest, shared=is_shared)


def _fits(label: Label, part: Piece, least: float) -> bool:
    value = value_of(label.field, part)
    return value is not None and (value.fit >= least or label.field.startswith("-"))


def _parts(values: Piece, parting: re.Pattern[str]) -> list[Piece]:
    cuts = [match.span() for match in parting.finditer(values.string.rstrip())]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(values.string.rstrip())]
    return [values.part(start, end) for start, end in zip(starts, ends, strict=True) if end > start]
