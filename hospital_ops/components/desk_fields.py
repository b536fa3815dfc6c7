"""The verifying itself: the cards with a box round what was read, and each field with typed and read side by side."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.desk_parts import CardPicture, FieldWalk, Fill, Row, V, rows


def pictures() -> rx.Component:
    """Every photo of this registration; a field that has the focus lights up its box."""
    none = rx.el.p("No photo was sent. Ask for the card itself.", class_name="no-picture quiet")
    cards = rows("cards")
    return rx.cond(cards.length() > 0, rx.fragment(rx.foreach(cards, _card)), none)


def _card(card: Row) -> rx.Component:
    picture = CardPicture.create(
        src=f"/api/intake/document/{card['id']}/image?s={card['version']}",
        alt=card["label"].to(str),
        boxes=card["boxes"].to(list[dict[str, Any]]),
        width=card["width"].to(int),
        height=card["height"].to(int),
        rotated=card["rotated"].to(int),
    )
    others = card["others"].to(list[dict[str, Any]])
    return rx.el.figure(
        rx.cond(card["image"].to(bool), picture, rx.el.div("No picture yet", class_name="no-picture quiet")),
        rx.el.figcaption(rx.el.b(card["label"].to(str)), " ", card["sentence"].to(str)),
        rx.cond(
            others.length() > 0,
            rx.el.dl(
                rx.foreach(others, lambda o: rx.fragment(rx.el.dt(o["label"].to(str)), rx.el.dd(o["value"].to(str)))),
                class_name="facts",
            ),
            rx.fragment(),
        ),
        key=card["id"].to(str),
    )


def fields() -> rx.Component:
    """What becomes the record."""
    hint = rx.el.p(
        rx.el.kbd("Enter"), " next field · ", rx.el.kbd("Ctrl"), " ", rx.el.kbd("Enter"), " take what the card says",
        class_name="quiet keys-hint",
    )  # fmt: skip
    return rx.fragment(hint, FieldWalk.create(rx.foreach(rows("fields"), _field), class_name="verify-fields"))


def _field(field: Row) -> rx.Component:
    reads = field["reads"].to(list[dict[str, Any]])
    name = field["name"].to(str)
    said = rx.el.ul(
        rx.cond(
            field["typed"] != "",
            rx.el.li(rx.el.span("Typed", class_name="quiet read-from"), rx.el.b(field["typed"].to(str))),
            rx.el.li("Nothing typed", class_name="quiet"),
        ),
        rx.foreach(reads, lambda read: _read(field, read)),
        id=f"r-{name}",
        class_name="reads",
    )
    return rx.el.div(
        rx.el.div(
            rx.el.label(field["label"].to(str), html_for=f"v-{name}", class_name="field-label"),
            _agreement(field),
            class_name="verify-head",
        ),
        rx.el.input(
            id=f"v-{name}",
            name=name,
            default_value=field["proposed"].to(str),
            type=rx.cond(name == "dob", "date", "text"),
            class_name="field field-large",
            auto_complete="off",
            custom_attrs={"aria-describedby": f"r-{name}"},
        ),
        said,
        class_name="verify-field",
        custom_attrs={"data-agreement": field["agreement"].to(str), "data-field": name},
        key=f"{V['id']}-{name}-{field['proposed']}",
    )


# What the edge's colour says, in words.
_AGREEMENT = {
    "agrees": "✓ typed and read agree",
    "kept": "✓ the patient keeps their own",
    "ask": "? please decide",
    "offer": "? only the card says it",
    "missing": "nothing known",
}


def _agreement(field: Row) -> rx.Component:
    words = rx.match(
        field["agreement"], *((state, rx.el.span(said)) for state, said in _AGREEMENT.items()), rx.fragment()
    )
    return rx.el.span(words, class_name="agreement")


def _read(field: Row, read: Row) -> rx.Component:
    """What a card says about a field, with one press to take it over."""
    value = rx.el.span(
        rx.el.span(read["from"].to(str), class_name="quiet read-from"),
        rx.el.b(read["value"].to(str)),
        rx.cond(read["unsure"].to(bool), rx.el.span(" not sure", class_name="doubt"), rx.fragment()),
    )
    take = Fill.create(
        "Use",
        target=f"v-{field['name']}",
        value=read["as_answer"].to(str),
        class_name="button button-small",
        custom_attrs={"aria-label": f"Use what the card says: {read['value']}"},
    )
    return rx.el.li(value, rx.cond(read["usable"].to(bool), take, rx.fragment()))


def told() -> rx.Component:
    """What else the patient said, and what is missing."""
    facts = rx.foreach(
        rows("told"),
        lambda row: rx.cond(
            row["value"] != "",
            rx.fragment(rx.el.dt(row["label"].to(str)), rx.el.dd(row["value"].to(str))),
            rx.fragment(),
        ),
    )
    missing = V["missing"].to(list[str])
    warn = rx.el.p(rx.el.b("Missing: "), missing.join(", "), class_name="missing")
    return rx.fragment(rx.el.dl(facts, class_name="facts"), rx.cond(missing.length() > 0, warn, rx.fragment()))
