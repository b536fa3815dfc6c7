"""How wide each character of a line is printed, measured in its ink."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

TALL = 64  # pixels to which a line is drawn before it is measured
LEAST_TALL = 0.2  # of the line's height; what is lower is a hyphen, a dot or dirt
LEAST_CONTRAST = 25.0  # grey levels between ink and paper
ALIKE = 0.12  # how far a figure's height may lie from the line's usual one
MIDDLE = 0.2  # the share of a character's height in which a dotted or slashed zero has its ink
DOT, NO_DOT = 0.12, 0.025  # how much darker than beside it a middle with a dot is at least, one without at most
EMPTY = 0.25  # how dark the middle without a dot may be


@dataclass(frozen=True, slots=True)
class Ink:
    """A character's printed width and height in pixels, and whether there is ink in its very middle, apart from its
    ring: None where it is too blurred to tell.
    """

    width: float
    height: float
    dotted: bool | None


def inks(crop: np.ndarray, at: list[float]) -> list[Ink | None]:
    """The ink of the character at each place (0 to 1 of the crop's width); None where it touches another, is broken,
    or is no letter or figure of the line's usual height. `crop` is an upright line, (height, width, 3) uint8.
    """
    grey: np.ndarray = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY).astype(np.float32)
    grey = cv2.resize(grey, None, fx=TALL / grey.shape[0], fy=TALL / grey.shape[0], interpolation=cv2.INTER_CUBIC)
    ink = _ink(grey)
    if ink is None:
        return [None] * len(at)
    blobs = _blobs((ink > 0.5).astype(np.uint8))
    inside = [[n for n, where in enumerate(at) if left <= where * grey.shape[1] < right] for left, _, right, _ in blobs]
    tall = [bottom - top for (_, top, _, bottom), whose in zip(blobs, inside, strict=True) if len(whose) == 1]
    usual = float(np.median(tall)) if tall else 0.0
    found: list[Ink | None] = [None] * len(at)
    for blob, whose in zip(blobs, inside, strict=True):
        if len(whose) == 1 and abs(blob[3] - blob[1] - usual) <= ALIKE * usual:
            found[whose[0]] = _measured(ink, blob)
    return found


def _ink(grey: np.ndarray) -> np.ndarray | None:
    """How much of each pixel is ink, 0 to 1, whichever of ink and paper is the darker; None without a contrast."""
    cut, _ = cv2.threshold(grey.clip(0, 255).astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    dark = grey < cut
    if not dark.any() or dark.all():
        return None
    if dark.mean() > 0.5:
        grey, dark = 255.0 - grey, ~dark
    paper, ink = float(np.median(grey[~dark])), float(np.percentile(grey[dark], 25))
    return ((paper - grey) / (paper - ink)).clip(0.0, 1.0) if paper - ink >= LEAST_CONTRAST else None


def _blobs(ink: np.ndarray) -> list[tuple[int, int, int, int]]:
    """Boxes (left, top, right, bottom) of what hangs together, left to right, one above another made one."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    boxes = sorted((int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:] if h > LEAST_TALL * TALL / 2)
    merged: list[tuple[int, int, int, int]] = []
    for box in boxes:
        if merged and merged[-1][2] - box[0] > 0.5 * min(box[2] - box[0], merged[-1][2] - merged[-1][0]):
            last = merged.pop()
            box = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        merged.append(box)
    return [box for box in merged if box[3] - box[1] > LEAST_TALL * TALL]


def _measured(ink: np.ndarray, blob: tuple[int, int, int, int]) -> Ink:
    left, top, right, bottom = blob
    columns = ink[top:bottom, max(0, left - 1) : right + 1].max(axis=0)
    rows = ink[max(0, top - 1) : bottom + 1, left:right].max(axis=1)
    third = round((bottom - top) * (1 - MIDDLE) / 2)
    return Ink(
        _extent(columns, left > 0), _extent(rows, top > 0), _dotted(ink[top + third : bottom - third, left:right])
    )


def _dotted(middle: np.ndarray) -> bool | None:
    """By how much darker the very middle is than the emptier places left and right of it, and how dark by itself."""
    across = middle.mean(axis=0) if middle.size else np.zeros(0)
    wide = len(across)
    if wide < 4:
        return None
    centre = float(across[round(wide * 0.44) : round(wide * 0.56) + 1].min())
    apart = centre - float(max(across[: wide // 2].min(), across[wide // 2 :].min()))
    if apart > DOT:
        return True
    return False if apart < NO_DOT and centre < EMPTY else None


def _extent(profile: np.ndarray, leads: bool) -> float:
    """How long a profile is over one half, its ends between pixels. Its last value, and its first if it `leads`, are
    the neighbours': lower where there is paper.
    """
    inner = profile[1 if leads else 0 : -1]
    before = profile[0] if leads else 0.0
    return float(len(inner) - 1 + _cross(inner[0], before) + _cross(inner[-1], profile[-1]))


def _cross(inside: float, outside: float) -> float:
    return float(np.clip((inside - 0.5) / max(inside - outside, 1e-6), 0.0, 1.0))
