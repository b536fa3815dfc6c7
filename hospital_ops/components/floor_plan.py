"""Python names for assets/plan.jsx: the wards drawn where their beds stand."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.ward_group import WARDS
from hospital_ops.state.board import Board
from hospital_ops.theme import STATUS

LIBRARY = "$/public/plan.jsx"


def _bed_id(bed_id: rx.Var[int]) -> tuple[rx.Var[int]]:
    return (bed_id,)


class FloorPlan(rx.Component):
    library = LIBRARY
    tag = "FloorPlan"
    wards: rx.Var[list[dict[str, Any]]]
    # status → its letter, its word, the inside of its 16 by 16 SVG
    letters: rx.Var[dict[str, str]]
    words: rx.Var[dict[str, str]]
    shapes: rx.Var[dict[str, str]]
    on_open: rx.EventHandler[_bed_id]


class BedSearch(rx.Component):
    library = LIBRARY
    tag = "BedSearch"


def floor_plan() -> rx.Component:
    """A bed is drawn by colour, shape and letter; opening it opens the drawer that the tiles open."""
    return FloorPlan.create(
        wards=WARDS,
        letters={name: look.letter for name, look in STATUS.items()},
        words={name: look.word for name, look in STATUS.items()},
        shapes={name: look.drawn for name, look in STATUS.items()},
        on_open=Board.open_bed,
    )
