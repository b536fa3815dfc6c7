"""Python names for assets/shell.jsx: filters that live in the address, notices, the way to the door, light and dark."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.vars import VarData

LIBRARY = "$/public/shell.jsx"


class Notices(rx.Component):
    library = LIBRARY
    tag = "Notices"
    problem: rx.Var[dict[str, Any]]
    # code → other words than the server's own, in the page's language
    words: rx.Var[dict[str, str]]
    close: rx.Var[str]


class Door(rx.Component):
    library = LIBRARY
    tag = "Door"
    ended: rx.Var[str]


class EscapeCloses(rx.Component):
    library = LIBRARY
    tag = "EscapeCloses"
    selector: rx.Var[str]


class DrawerFocus(rx.Component):
    library = LIBRARY
    tag = "DrawerFocus"
    stamp: rx.Var[str]
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


class When(rx.Component):
    library = LIBRARY
    tag = "When"
    name: rx.Var[str]
    value: rx.Var[str]


class NextField(rx.Component):
    library = LIBRARY
    tag = "NextField"


class ProblemFromAddress(rx.Component):
    library = LIBRARY
    tag = "ProblemFromAddress"
    sentences: rx.Var[dict[str, str]]


def gives_focus_back() -> dict[str, Any]:
    """For the content of a dialog that no trigger of its own opens: when it closes, focus is where it was before."""
    imported = VarData(imports={LIBRARY: ["rememberFocus", "giveFocusBack"]})
    hooks = {"onOpenAutoFocus": "rememberFocus", "onCloseAutoFocus": "giveFocusBack"}
    return {"custom_attrs": {name: rx.Var(words, _var_data=imported) for name, words in hooks.items()}}


filtered = Filtered.create
chip = Chip.create
only = Only.create
when = When.create
