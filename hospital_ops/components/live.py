"""Python names for assets/live.jsx: the live panel, its clocks, and the half second in which a change lights up.

live_panel(board(), label="Beds")                         # data-live, the words when the line is lost
since(tile["since"], target=tile["target_minutes"])       # "12 min", "+5 min" and marked when late; clock="real"
changed(..., stamp=tile["version"], element="button")     # lights up when the stamp changes
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.state.feed import Pulse

LIBRARY = "$/public/live.jsx"


class LivePanel(rx.Component):
    library = LIBRARY
    tag = "LivePanel"
    beat: rx.Var[dict[str, Any]]
    label: rx.Var[str]
    lost: rx.Var[str]
    closed: rx.Var[str]


class Since(rx.Component):
    library = LIBRARY
    tag = "Since"
    at: rx.Var[str]
    clock: rx.Var[str]
    target: rx.Var[int | None]
    late: rx.Var[str]


class Until(rx.Component):
    library = LIBRARY
    tag = "Until"
    at: rx.Var[str]


class At(rx.Component):
    library = LIBRARY
    tag = "At"
    at: rx.Var[str]
    form: rx.Var[str]


class StayBar(rx.Component):
    library = LIBRARY
    tag = "StayBar"
    until: rx.Var[str | None]


class HospitalClock(rx.Component):
    library = LIBRARY
    tag = "HospitalClock"


class Freshness(rx.Component):
    library = LIBRARY
    tag = "Freshness"
    beat: rx.Var[dict[str, Any]]


class Changed(rx.Component):
    library = LIBRARY
    tag = "Changed"
    stamp: rx.Var[Any]
    element: rx.Var[str]


def live_panel(*children: rx.Component, label: str, **props: Any) -> rx.Component:
    """The root of everything that shows pushed values. Says in words when the line is lost, or a panel was closed."""
    return LivePanel.create(*children, beat=Pulse.beat, closed=Pulse.closed, label=label, **props)


since = Since.create
until = Until.create
at = At.create
stay_bar = StayBar.create
hospital_clock = HospitalClock.create
freshness = Freshness.create
changed = Changed.create
