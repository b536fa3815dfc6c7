"""Python names for assets/shell.jsx: filters that live in the address, notices, the way to the door, light and dark."""

from __future__ import annotations

from typing import Any

import reflex as rx

LIBRARY = "$/public/shell.jsx"


class Notices(rx.Component):
    library = LIBRARY
    tag = "Notices"
    problem: rx.Var[dict[str, Any]]


class Door(rx.Component):
    library = LIBRARY
    tag = "Door"
    ended: rx.Var[str]


class EscapeCloses(rx.Component):
    library = LIBRARY
    tag = "EscapeCloses"
    selector: rx.Var[str]


class FreshTab(rx.Component):
    library = LIBRARY
    tag = "FreshTab"


class ThemeChoice(rx.Component):
    library = LIBRARY
    tag = "ThemeChoice"


class Filtered(rx.Component):
    library = LIBRARY
    tag = "Filtered"
    names: rx.Var[str]


class Chip(rx.Component):
    library = LIBRARY
    tag = "Chip"
    name: rx.Var[str]
    value: rx.Var[str]


class Only(rx.Component):
    library = LIBRARY
    tag = "Only"
    name: rx.Var[str]
    value: rx.Var[str]


class NextField(rx.Component):
    library = LIBRARY
    tag = "NextField"


class ProblemFromAddress(rx.Component):
    library = LIBRARY
    tag = "ProblemFromAddress"
    sentences: rx.Var[dict[str, str]]


filtered = Filtered.create
chip = Chip.create
only = Only.create
