"""Python names for assets/intake.jsx, and the words of the page in the patient's language."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.domain.intake_words import WORDS
from hospital_ops.state.feed import Feed
from hospital_ops.state.intake import Intake

LIBRARY = "$/public/intake.jsx"
REG: rx.Var[dict[str, Any]] = Feed.registration
SPANISH = REG["language"].to(str) == "es"


def two_words(name: rx.Var[str], value: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    """What an answer sends: which one, and what."""
    return name, value


class Answer(rx.Component):
    library = LIBRARY
    tag = "Answer"
    name: rx.Var[str]
    label: rx.Var[str]
    saved: rx.Var[str]
    help: rx.Var[str]
    problem: rx.Var[str]
    optional: rx.Var[str]
    kind: rx.Var[str]
    rows: rx.Var[int]
    complete: rx.Var[str]
    mode: rx.Var[str]
    words: rx.Var[str]
    unsaved: rx.Var[str]
    on_save: rx.EventHandler[two_words]


class Choice(rx.Component):
    library = LIBRARY
    tag = "Choice"
    name: rx.Var[str]
    label: rx.Var[str]
    saved: rx.Var[str]
    options: rx.Var[list[list[str]]]
    problem: rx.Var[str]
    optional: rx.Var[str]
    unsaved: rx.Var[str]
    on_save: rx.EventHandler[two_words]


class Agree(rx.Component):
    library = LIBRARY
    tag = "Agree"
    name: rx.Var[str]
    label: rx.Var[str]
    saved: rx.Var[str]
    version: rx.Var[str]
    problem: rx.Var[str]
    on_save: rx.EventHandler[two_words]


class Signature(rx.Component):
    library = LIBRARY
    tag = "Signature"
    saved: rx.Var[str]
    problem: rx.Var[str]
    words: rx.Var[dict[str, str]]
    on_save: rx.EventHandler[two_words]


class Photo(rx.Component):
    library = LIBRARY
    tag = "Photo"
    side: rx.Var[str]
    label: rx.Var[str]
    language: rx.Var[str]
    card: rx.Var[dict[str, Any]]
    registration: rx.Var[int]
    words: rx.Var[dict[str, str]]
    busy: rx.Var[bool]
    again: rx.Var[bool]


class PageLanguage(rx.Component):
    library = LIBRARY
    tag = "PageLanguage"
    language: rx.Var[str]


class StepFocus(rx.Component):
    library = LIBRARY
    tag = "StepFocus"
    step: rx.Var[str]
    problems: rx.Var[dict[str, str]]


class CopyLink(rx.Component):
    library = LIBRARY
    tag = "CopyLink"
    words: rx.Var[dict[str, str]]
    address: rx.Var[str]
    method: rx.Var[str]


class Reply(rx.Component):
    library = LIBRARY
    tag = "Reply"
    number: rx.Var[int]
    question: rx.Var[str]
    label: rx.Var[str]
    saved: rx.Var[str]
    help: rx.Var[str]
    not_saved: rx.Var[str]
    on_save: rx.EventHandler[two_words]


class Arriving(rx.Component):
    library = LIBRARY
    tag = "Arriving"
    arrived: rx.Var[bool]
    patient: rx.Var[bool]
    welcome: rx.Var[rx.Component]


def t(key: str, **facts: str) -> rx.Var[str]:
    """The words for a key, in the language that the patient has chosen."""
    english, spanish = (words.format(**facts) if facts else words for words in WORDS[key])
    return rx.cond(SPANISH, spanish, english)  # type: ignore[no-any-return]


def words_of(**keys: str) -> rx.Var[dict[str, str]]:
    """Several words at once, for a part that chooses among them itself."""
    english = {name: WORDS[key][0] for name, key in keys.items()}
    spanish = {name: WORDS[key][1] for name, key in keys.items()}
    return rx.cond(SPANISH, rx.Var.create(spanish), rx.Var.create(english))  # type: ignore[no-any-return]


def _saved(name: str) -> rx.Var[str]:
    return REG["answers"].to(dict[str, str])[name]


def _problem(name: str) -> rx.Var[str]:
    problems = REG["problems"].to(dict[str, str])
    return rx.cond(problems.contains(name), problems[name], "")  # type: ignore[no-any-return]


def save(name: rx.Var[str], value: rx.Var[str]) -> Any:
    """An answer, for the registration that was shown when it was written."""
    return Intake.save(name, value, REG["id"].to(int))


def reply(name: rx.Var[str], value: rx.Var[str]) -> Any:
    """Likewise the answer to a question of the desk."""
    return Intake.reply(name, value, REG["id"].to(int))


def answer(name: str, *, optional: bool = False, **props: Any) -> rx.Component:
    """A text question: label, field, help, problem."""
    return Answer.create(
        name=name,
        label=t(name),
        saved=_saved(name),
        problem=_problem(name),
        optional=t("optional") if optional else "",
        words=t("saved"),
        unsaved=t("not_saved"),
        on_save=save,
        **props,
    )


def choice(name: str, values: tuple[str, ...], *, optional: bool = False) -> rx.Component:
    """One of a few."""
    english = [[value, WORDS[f"{name}.{value}"][0]] for value in values]
    spanish = [[value, WORDS[f"{name}.{value}"][1]] for value in values]
    return Choice.create(
        name=name,
        label=t(name),
        saved=_saved(name),
        problem=_problem(name),
        options=rx.cond(SPANISH, rx.Var.create(spanish), rx.Var.create(english)),
        optional=t("optional") if optional else "",
        unsaved=t("not_saved"),
        on_save=save,
    )


def agree() -> rx.Component:
    """The tick under the consent's text."""
    return Agree.create(
        name="consent",
        label=t("consent.agree"),
        saved=_saved("consent"),
        version=REG["consent_version"].to(str),
        problem=_problem("consent"),
        on_save=save,
    )


def signature() -> rx.Component:
    """By finger, or typed."""
    return Signature.create(
        saved=_saved("signature"),
        problem=_problem("signature"),
        words=words_of(draw="signature.draw", type="signature.type", clear="signature.clear", drawn="signature.drawn"),
        on_save=save,
    )


def photo(card: rx.Var[dict[str, Any]]) -> rx.Component:
    """One side's photo."""
    return Photo.create(
        side=card["side"].to(str),
        label=card["label"].to(str),
        language=REG["language"].to(str),
        card=card,
        registration=REG["id"].to(int),
        busy=card["busy"].to(bool),
        again=card["again"].to(bool),
        words=words_of(
            take="photo.take",
            replace="photo.replace",
            sending="photo.sending",
            retry="photo.retry",
            waiting="photo.waiting",
            alt="photos",
            too_large="upload.too_large",
            broken="upload.broken_form",
        ),
    )
