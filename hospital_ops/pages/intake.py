"""Registration, on the patient's own phone."""

from __future__ import annotations

import reflex as rx

from hospital_ops.components.address import Door, Notices, ProblemFromAddress
from hospital_ops.components.intake_parts import REG, SPANISH, Arriving, PageLanguage, StepFocus, t, words_of
from hospital_ops.components.intake_steps import STEP_PAGES
from hospital_ops.components.live import live_panel
from hospital_ops.components.plain_form import plain_form
from hospital_ops.components.shell import logo
from hospital_ops.components.states import bone, skeleton
from hospital_ops.domain.access import Role
from hospital_ops.domain.intake import LANGUAGES, STEPS
from hospital_ops.domain.intake_words import WORDS
from hospital_ops.state.feed import Pulse
from hospital_ops.state.intake import Intake
from hospital_ops.state.person import Person

_PROBLEMS = ("link_expired", "link_unknown", "signed_out", "other_site", "too_many", "away")


# What the services refuse with, in the patient's words: by code, since their own sentences are for staff.
REFUSALS = {
    "unavailable": "away.saved",
    "too_late": "refused.too_late",
    "too_long": "refused.too_long",
    "not_usable": "refused.not_usable",
    "changed_meanwhile": "refused.look_again",
    "not_found": "refused.look_again",
    "invalid": "refused.look_again",
    "too_many": "refused.too_fast",
    "broken": "refused.broken",
    "other_registration": "refused.other_registration",
}


def _languages() -> rx.Component:
    """The switch. It changes words, never an answer."""
    chosen = REG["language"].to(str)
    buttons = [
        rx.el.button(
            WORDS["english" if code == "en" else "spanish"][0],
            type="button",
            lang=code,
            class_name="language",
            on_click=Intake.speak(code),
            custom_attrs={"aria-pressed": chosen == code},
        )
        for code in LANGUAGES
    ]
    return rx.el.div(*buttons, class_name="languages", role="group", aria_label=t("language"))


def _progress() -> rx.Component:
    """A thin line, and the same in words for who cannot see it."""
    number = REG["number"].to(int)
    spoken = rx.cond(SPANISH, f"Paso {number} de {len(STEPS)}", f"Step {number} of {len(STEPS)}")
    return rx.el.div(
        rx.el.div(style={"width": f"calc(100% * {number} / {len(STEPS)})"}, class_name="progress-done"),
        class_name="progress",
        role="img",
        aria_label=spoken,
    )


def _registration() -> rx.Component:
    steps = rx.match(REG["step"], *((step, page()) for step, page in STEP_PAGES.items()), rx.fragment())
    return rx.fragment(
        PageLanguage.create(language=REG["language"].to(str)),
        StepFocus.create(step=REG["step"].to(str), problems=REG["problems"].to(dict[str, str])),
        rx.el.header(logo(), _languages(), class_name="intake-head"),
        _progress(),
        _simulated(),
        # Another registration's answers never stay in the fields of this one.
        rx.fragment(steps, key=REG["id"].to(str)),
    )


def _simulated() -> rx.Component:
    said = rx.el.p(t("simulated"), class_name="simulated-line")
    return rx.cond(Pulse.beat["simulated"].to(bool), said, rx.fragment())


def _welcome() -> rx.Component:
    """Before there is a registration: both languages, one press each."""
    starts = [
        plain_form(
            rx.el.input(type="hidden", name="language", value=code),
            rx.el.h2(WORDS["welcome"][n], class_name="step-title"),
            rx.el.p(WORDS["welcome.help"][n]),
            rx.el.button(
                WORDS["welcome.start"][n], type="submit", class_name="button button-main button-large button-wide"
            ),
            rx.el.p(WORDS["welcome.emergency"][n], class_name="quiet"),
            action="/api/intake/start",
            lang=code,
            class_name="welcome",
        )
        for n, code in enumerate(LANGUAGES)
    ]
    sentences = {code: " · ".join(WORDS[code]) for code in _PROBLEMS}
    return rx.fragment(
        rx.el.header(logo(), class_name="intake-head"),
        rx.el.h1("Registration · Registro", class_name="sr-only"),
        ProblemFromAddress.create(sentences=sentences, class_name="login-problem"),
        *starts,
    )


def _loading() -> rx.Component:
    return skeleton(bone("bone-title"), bone("bone-line"), bone("bone-line"), bone("bone-block"))


def intake() -> rx.Component:
    """/intake"""
    mine = rx.cond(REG.contains("id"), _registration(), _loading())
    panel = live_panel(mine, label=t("title"), lost=t("stale"))
    theirs = rx.cond(Person.arrived, panel, _loading())
    patient = Person.role == Role.PATIENT.value
    known = Arriving.create(theirs, arrived=Person.arrived, patient=patient, welcome=_welcome())
    return rx.fragment(
        rx.el.main(known, class_name="intake", id="main"),
        Notices.create(problem=Pulse.problem, words=words_of(**REFUSALS), close=t("close")),
        Door.create(ended=Pulse.ended),
    )
