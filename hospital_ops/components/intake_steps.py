"""The steps of a registration, one question a screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from hospital_ops.components.intake_parts import (
    REG,
    CopyLink,
    Reply,
    agree,
    answer,
    choice,
    photo,
    reply,
    signature,
    t,
    words_of,
)
from hospital_ops.domain.card_check import Agreement
from hospital_ops.domain.intake import CONSENT_VERSION, COVERS, QUESTIONS, SEXES, STEPS, VISITS
from hospital_ops.state.intake import Intake

CARDS = REG["documents"].to(list[dict[str, Any]])


def _heading(key: str) -> rx.Component:
    return rx.fragment(
        rx.el.h1(t(key), class_name="step-title", tab_index=-1), rx.el.p(t(f"{key}.help"), class_name="step-help")
    )


def _buttons(step: str) -> rx.Component:
    place = STEPS.index(step)
    back = rx.el.button(
        t("back"), type="button", class_name="button button-large", on_click=Intake.go(STEPS[max(0, place - 1)])
    )
    forward = rx.el.button(
        t("next"), type="button", class_name="button button-main button-large", on_click=Intake.go(STEPS[place + 1])
    )
    return rx.el.div(back if place else rx.fragment(), forward, class_name="step-buttons")


def _step(step: str, *parts: rx.Component) -> rx.Component:
    return rx.el.section(_heading(step), *parts, _buttons(step), _later(), class_name="step", key=step)


def name_step() -> rx.Component:
    return _step("name", answer("first_name", complete="given-name"), answer("last_name", complete="family-name"))


def birth_step() -> rx.Component:
    return _step("birth", answer("dob", kind="date", complete="bday"), choice("sex", SEXES, optional=True))


def contact_step() -> rx.Component:
    return _step(
        "contact",
        answer("phone", kind="tel", complete="tel", mode="tel", optional=True),
        answer("address", rows=2, complete="street-address", optional=True),
    )


def why_step() -> rx.Component:
    return _step("why", choice("visit", VISITS), answer("reason", rows=3))


def insurance_step() -> rx.Component:
    insured = REG["answers"].to(dict[str, str])["has_insurance"] == "yes"
    details = rx.fragment(
        answer("insurance_policy_num"),
        answer("insurance_payer", optional=True),
        answer("insurance_group", optional=True),
    )
    return _step("insurance", choice("has_insurance", COVERS), rx.cond(insured, details, rx.fragment()))


def photos_step() -> rx.Component:
    return _step("photos", photos())


def photos() -> rx.Component:
    """Each side's photo and, under it, what was read."""
    return rx.el.div(rx.foreach(CARDS, _card), class_name="photos")


def _card(card: rx.Var[dict[str, Any]]) -> rx.Component:
    fields = card["fields"].to(list[dict[str, Any]])
    return rx.el.div(
        photo(card),
        rx.el.ul(rx.foreach(fields, lambda field: _read(card, field)), class_name="read-fields"),
        class_name="card",
        key=card["side"].to(str),
    )


def _read(card: rx.Var[dict[str, Any]], field: rx.Var[dict[str, Any]]) -> rx.Component:
    """One thing that the card says: a tick, or a question with its answers."""
    asks = field["asks"].to(bool)
    mark = rx.match(
        field["agreement"],
        (Agreement.AGREES.value, rx.el.span("✓", class_name="tick tick-yes", aria_hidden="true")),
        (Agreement.KEPT.value, rx.el.span("✓", class_name="tick tick-yes", aria_hidden="true")),
        (Agreement.TOLD.value, rx.el.span("·", class_name="tick", aria_hidden="true")),
        rx.el.span("?", class_name="tick tick-ask", aria_hidden="true"),
    )
    return rx.el.li(
        mark,
        rx.el.div(
            rx.el.p(
                rx.el.span(field["label"].to(str), class_name="quiet"),
                " ",
                rx.el.b(field["value"].to(str)),
                class_name="read-line",
            ),
            rx.cond(field["sentence"] != "", rx.el.p(field["sentence"].to(str), class_name="read-say"), rx.fragment()),
            rx.cond(asks, _settle(card, field), rx.fragment()),
        ),
        custom_attrs={"data-field": field["name"].to(str), "data-agreement": field["agreement"].to(str)},
    )


def _settle(card: rx.Var[dict[str, Any]], field: rx.Var[dict[str, Any]]) -> rx.Component:
    document_id, name = card["id"].to(int), field["name"].to(str)
    typed = field["typed"].to(str) != ""
    use = rx.el.button(
        rx.cond(typed, t("card.use"), t("card.yes")),
        type="button",
        class_name="button button-large",
        on_click=Intake.settle(document_id, name, True),
    )
    keep = rx.el.button(
        t("card.keep"),
        type="button",
        class_name="button button-large",
        on_click=Intake.settle(document_id, name, False),
    )
    return rx.el.div(
        rx.cond(field["usable"].to(bool), use, rx.fragment()),
        rx.cond(typed, keep, rx.fragment()),
        class_name="read-acts",
    )


def consent_step() -> rx.Component:
    text = rx.el.div(
        rx.el.p(t("consent.text")),
        rx.el.p(t("consent.version", version=CONSENT_VERSION), class_name="quiet"),
        class_name="consent-text",
        tab_index=0,
        role="region",
        aria_label=t("consent"),
    )
    return _step("consent", text, agree(), signature())


def review_step() -> rx.Component:
    missing = REG["open_steps"].to(list[str])
    warn = rx.el.p(t("review.open"), class_name="problem", role="alert")
    send = rx.el.button(
        t("submit"),
        type="button",
        class_name="button button-main button-large",
        on_click=Intake.submit(REG["id"].to(int)),
    )
    back = rx.el.button(t("back"), type="button", class_name="button button-large", on_click=Intake.go("consent"))
    return rx.el.section(
        _heading("review"),
        rx.cond(missing.length() > 0, warn, rx.fragment()),
        *(_review_group(step) for step in ("name", "birth", "contact", "why", "insurance", "consent")),
        rx.el.div(back, send, class_name="step-buttons"),
        _later(),
        class_name="step",
        key="review",
    )


def _review_group(step: str) -> rx.Component:
    rows = [_review_row(q.name) for q in QUESTIONS.values() if q.step == step]
    change = rx.el.button(
        t("review.change"), rx.el.span(" ", t(step), class_name="sr-only"),
        type="button", class_name="button review-change", on_click=Intake.go(step),
    )  # fmt: skip
    bad = REG["open_steps"].to(list[str]).contains(step)
    return rx.el.div(
        rx.el.dl(*rows, class_name="review-rows"), change, class_name="review-group", custom_attrs={"data-open": bad}
    )


_SPOKEN = {"sex": SEXES, "visit": VISITS, "has_insurance": COVERS}


def _review_row(name: str) -> rx.Component:
    given = REG["answers"].to(dict[str, str])[name]
    shown: Any = given
    if name in _SPOKEN:
        shown = rx.match(given, *((value, t(f"{name}.{value}")) for value in _SPOKEN[name]), given)
    elif name == "consent":
        shown = t("review.agreed")
    elif name == "signature":
        shown = rx.cond(given == "drawn", t("review.signed"), given)
    word = rx.cond(given != "", shown, rx.el.span(t("review.nothing"), class_name="quiet"))
    return rx.fragment(rx.el.dt(t(name)), rx.el.dd(word))


def done_step() -> rx.Component:
    news = REG["news"].to(list[str])
    change = rx.el.button(
        t("done.change"), type="button", class_name="button button-large", on_click=Intake.go("review")
    )
    return rx.el.section(
        rx.el.h1(t("done"), class_name="step-title", tab_index=-1),
        rx.el.div(
            rx.foreach(news, lambda line: rx.el.p(line, class_name="news-line")),
            class_name="news",
            role="status",
            custom_attrs={"data-status": REG["status"].to(str)},
        ),
        _asked(),
        rx.el.p(t("done.next"), class_name="step-help"),
        rx.cond(REG["may_write"].to(bool), rx.fragment(photos(), change), rx.fragment()),
        link_again(),
        class_name="step",
        key="done",
    )


def _asked() -> rx.Component:
    """What the desk wants to know, while the patient may still answer."""
    rows = REG["asked"].to(list[dict[str, Any]])
    heading = rx.el.h2(t("asked"), class_name="asked-title")
    shown = rx.el.section(heading, rx.foreach(rows, _one_asked), class_name="asked-all", aria_label=t("asked"))
    return rx.cond(REG["may_write"].to(bool) & (rows.length() > 0), shown, rx.fragment())


def _one_asked(one: rx.Var[dict[str, Any]]) -> rx.Component:
    return Reply.create(
        number=one["number"].to(int),
        question=one["question"].to(str),
        label=t("asked.answer"),
        saved=one["answer"].to(str),
        help=t("asked.sent"),
        not_saved=t("not_saved"),
        on_save=reply,
        key=one["number"].to(str),
    )


def _later() -> rx.Component:
    """The link again, folded away: nobody needs it who finishes now."""
    return rx.el.details(rx.el.summary(t("later")), link_again(), class_name="later")


def link_again() -> rx.Component:
    """To go on elsewhere."""
    return rx.el.aside(
        rx.el.p(t("again_elsewhere")), CopyLink.create(words=words_of(copy="copy", copied="copied")), class_name="again"
    )


STEP_PAGES: dict[str, Callable[[], rx.Component]] = {
    "name": name_step,
    "birth": birth_step,
    "contact": contact_step,
    "why": why_step,
    "insurance": insurance_step,
    "photos": photos_step,
    "consent": consent_step,
    "review": review_step,
    "done": done_step,
}
