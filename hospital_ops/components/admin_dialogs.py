"""The dialogs of accounts: a new one, another role, a question before what cannot be taken back, a password to hand over."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.admin_drawer import ONE
from hospital_ops.components.admin_parts import copy
from hospital_ops.domain.access import HOUSE_WIDE, Role
from hospital_ops.domain.accounts import GIVEN, LONGEST_NAME, ONE_TIME
from hospital_ops.state.admin import Accounts
from hospital_ops.state.feed import Feed

HANDOVER: rx.Var[dict[str, Any]] = Feed.handover
WARDS = Feed.accounts["wards"].to(list[dict[str, Any]])
# What a role is, in the list one chooses from.
ROLES: dict[Role, str] = {
    Role.DESK: "Registration desk",
    Role.NURSE: "Nurse",
    Role.DOCTOR: "Doctor",
    Role.HOUSEKEEPER: "Housekeeper",
    Role.TRANSPORTER: "Transporter (porter)",
    Role.BED_MANAGER: "Bed manager (all wards)",
    Role.STAFFING_MANAGER: "Staffing manager (all wards)",
    Role.ADMIN: "Administrator (all wards, no patients)",
    Role.INTEGRATION: "Program: EHR or API client (all wards)",
}
# What is asked before it is done: title, what it means, the word on the button.
QUESTIONS: dict[str, tuple[str, str, str]] = {
    "reset": (
        "Make a new first password?",
        "The old one stops working, and they are signed out everywhere at once. You see the new one a single time.",
        "Make a new password",
    ),
    "sign_out": (
        "Sign out everywhere?",
        "Every open page of theirs closes at once, and what they hold goes to the next person. They can sign in again.",
        "Sign out everywhere",
    ),
    "factor": (
        "Take off the second factor?",
        "Only for somebody you know and have seen, whose phone and recovery codes are gone: from now on the password alone "
        "opens the account.",
        "Take it off",
    ),
    "deactivate": (
        "Close this account?",
        "They are signed out everywhere at once, what they hold goes to the next person, and nobody can sign in with it. "
        "What they did stays in the audit.",
        "Close the account",
    ),
    "reactivate": (
        "Open this account again?",
        "They can sign in with the password, the role and the wards they had.",
        "Open again",
    ),
}


def _buttons(main: rx.Component) -> rx.Component:
    back = rx.dialog.close(rx.el.button("Back", type="button", class_name="button button-plain"))
    return rx.el.div(main, back, class_name="acts")


def _sheet(asking: str, title: Any, words: Any, *body: rx.Component) -> rx.Component:
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(title), rx.dialog.description(words), *body, class_name="sheet", aria_describedby=None
        ),
        open=Accounts.asking == asking,
        on_open_change=Accounts.put_away,
    )


def _text(name: str, label: str, hint: str = "", **props: Any) -> rx.Component:
    field = rx.el.input(name=name, required=True, class_name="field", auto_complete="off", **props)
    words = rx.el.span(hint, class_name="quiet small") if hint else rx.fragment()
    return rx.el.label(rx.el.span(label, class_name="field-label"), field, words)


def _role(chosen: Any) -> rx.Component:
    options = [
        rx.el.option(ROLES[role], value=role.value, custom_attrs={"data-house": "yes"} if role in HOUSE_WIDE else {})
        for role in GIVEN
    ]
    return rx.el.label(
        rx.el.span("Role", class_name="field-label"),
        rx.el.select(*options, name="role", default_value=chosen, class_name="field"),
    )


def _ward(ward: rx.Var[dict[str, Any]], chosen: rx.Var[list[int]] | None) -> rx.Component:
    number = ward["id"].to(int)
    checked = False if chosen is None else chosen.contains(number)
    return rx.el.label(
        rx.el.input(type="checkbox", name=f"ward_{number}", default_checked=checked),
        rx.el.span(ward["code"].to(str), rx.el.small(ward["name"].to(str), class_name="quiet ward-words")),
        class_name="pick pick-ward",
        key=number.to(str),
    )


def _wards(chosen: rx.Var[list[int]] | None) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Wards", class_name="field-label"),
        rx.el.div(rx.foreach(WARDS, lambda ward: _ward(ward, chosen)), class_name="picks picks-wards"),
        class_name="only-in-wards",
    )


def _create() -> rx.Component:
    form = rx.el.form(
        _text("display_name", "Name", "As colleagues know them.", max_length=LONGEST_NAME, auto_focus=True),
        _text(
            "username",
            "User name",
            "Small letters, digits, dots or dashes. They type it to sign in.",
            max_length=40,
            auto_capitalize="none",
            spell_check=False,
        ),
        _role(Role.NURSE.value),
        _wards(None),
        _buttons(rx.el.button("Make the account", type="submit", class_name="button button-main")),
        on_submit=Accounts.create,
        class_name="question",
    )
    return _sheet("create", "New account", "A first password is made for you to hand over.", form)


def _access() -> rx.Component:
    # What was shown when the form opened goes with it, so that the loser of a race is told.
    seen = (
        rx.el.input(type="hidden", name="seen_role", default_value=ONE["role"].to(str)),
        rx.el.input(type="hidden", name="seen_wards", default_value=ONE["ward_ids"].to(list[int]).join(",")),
    )
    form = rx.el.form(
        *seen,
        _role(ONE["role"].to(str)),
        _wards(ONE["ward_ids"].to(list[int])),
        _buttons(rx.el.button("Save", type="submit", class_name="button button-main")),
        on_submit=Accounts.change,
        class_name="question",
    )
    words = "It holds at once: their open pages ask them to sign in again. With another role, work in hand goes back."
    return _sheet("access", rx.fragment("Role and wards of ", ONE["name"].to(str)), words, form)


def _question(what: str) -> rx.Component:
    title, words, button = QUESTIONS[what]
    named = rx.fragment(rx.el.b(ONE["name"].to(str)), f". {words}")
    do = rx.el.button(button, type="button", class_name="button button-main", on_click=Accounts.act)
    return _sheet(what, title, named, _buttons(do))


def _told() -> rx.Component:
    hours = int(ONE_TIME.total_seconds() // 3600)
    password = HANDOVER["password"].to(str)
    once = rx.el.p(
        f"It works for {hours} hours and opens nothing but the page where they choose their own. "
        "It is kept nowhere: once this is closed, nobody can show it again."
    )
    kept = rx.el.p("A program keeps it. It is stored nowhere here: once this is closed, nobody can show it again.")
    return _sheet(
        "told",
        "Hand this over",
        rx.fragment("For ", rx.el.b(HANDOVER["username"].to(str)), ", by word of mouth or on paper."),
        rx.el.div(
            rx.el.output(password, class_name="handover", aria_label="The password", id="handover"),
            copy(text=password),
            class_name="handover-line",
        ),
        rx.cond(HANDOVER["one_time"].to(bool), once, kept),
        rx.el.div(
            rx.dialog.close(rx.el.button("I have handed it over", type="button", class_name="button button-main")),
            class_name="acts",
        ),
    )


def dialogs() -> rx.Component:
    """All of them; each opens by its own word in `asking`."""
    return rx.fragment(_create(), _access(), *(_question(what) for what in QUESTIONS), _told())
