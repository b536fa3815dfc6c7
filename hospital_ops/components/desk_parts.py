"""Python names for assets/desk.jsx, and small shapes that the desk's parts share."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.state.feed import Feed

LIBRARY = "$/public/desk.jsx"
V: rx.Var[dict[str, Any]] = Feed.verify
Row = rx.Var[dict[str, Any]]


def the_form(form: rx.Var[dict[str, str]]) -> tuple[rx.Var[dict[str, str]]]:
    """What a button sends that asks with the whole form."""
    return (form,)


class CardPicture(rx.Component):
    library = LIBRARY
    tag = "CardPicture"
    src: rx.Var[str]
    alt: rx.Var[str]
    boxes: rx.Var[list[dict[str, Any]]]
    # of the photo, in pixels, and how far clockwise the card lies turned in it
    width: rx.Var[int]
    height: rx.Var[int]
    rotated: rx.Var[int]


class Fill(rx.Component):
    library = LIBRARY
    tag = "Fill"
    target: rx.Var[str]
    value: rx.Var[str]


class FieldWalk(rx.Component):
    library = LIBRARY
    tag = "FieldWalk"


class AskWithForm(rx.Component):
    library = LIBRARY
    tag = "AskWithForm"
    on_ask: rx.EventHandler[the_form]


class FolderFocus(rx.Component):
    library = LIBRARY
    tag = "FolderFocus"
    open: rx.Var[int]


def rows(name: str) -> rx.Var[list[dict[str, Any]]]:
    """A list of the open folder."""
    return V[name].to(list[dict[str, Any]])


def radio(name: str, value: Any, word: Any, **props: Any) -> rx.Component:
    """One choice of a few, as large as a thumb."""
    return rx.el.label(
        rx.el.input(type="radio", name=name, value=value, **props), rx.el.span(word), class_name="option option-small"
    )
