"""Python names for assets/replay.jsx: one day of the board, played in the browser from steps that were sent once."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.state.feed import Feed
from hospital_ops.theme import STATUS


class ReplayPlayer(rx.Component):
    """assets/replay.jsx"""

    library = "$/public/replay.jsx"
    tag = "Replay"
    value: rx.Var[dict[str, Any]]
    # status → its letter, its word, the inside of its 16 by 16 SVG
    letters: rx.Var[dict[str, str]]
    words: rx.Var[dict[str, str]]
    shapes: rx.Var[dict[str, str]]


class ReplayDay(rx.Component):
    """The fields that choose day and ward; both stand in the address."""

    library = "$/public/replay.jsx"
    tag = "ReplayDay"
    value: rx.Var[dict[str, Any]]


def player() -> rx.Component:
    return ReplayPlayer.create(
        value=Feed.replay,
        letters={name: look.letter for name, look in STATUS.items()},
        words={name: look.word for name, look in STATUS.items()},
        shapes={name: look.drawn for name, look in STATUS.items()},
    )


def day_field() -> rx.Component:
    value: rx.Var[dict[str, Any]] = Feed.replay
    return ReplayDay.create(value=value)
