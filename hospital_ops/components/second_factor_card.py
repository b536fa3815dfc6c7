"""The card of the second factor on one's own account: off, being set up, its codes, on, and taking it off."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.live import at
from hospital_ops.state.account import Account
from hospital_ops.state.feed import Feed

FACTOR = Feed.account["second_factor"].to(dict[str, Any])
ONCE = Feed.once

# What a screen reader says when the card has changed.
SPOKEN: dict[str, str] = {
    "password": "First your password.",
    "scan": "Four steps to add this account to your authenticator app.",
    "codes": "The second factor is on. Ten recovery codes are shown, this once.",
    "remove": "Your password and a code are asked for.",
}


def _field(name: str, label: str, kind: str, auto_complete: str, help_words: str = "", **props: Any) -> rx.Component:
    described = {"aria-describedby": f"{name}-help"} if help_words else {}
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name="field-label"),
        rx.el.input(
            id=name,
            name=name,
            type=kind,
            auto_complete=auto_complete,
            required=True,
            class_name="field field-large",
            custom_attrs=described,
            **props,
        ),
        rx.el.p(help_words, id=f"{name}-help", class_name="quiet small") if help_words else rx.fragment(),
    )


def _password() -> rx.Component:
    return _field("password", "Your password", "password", "current-password", auto_focus=True)


def _code(help_words: str = "", **props: Any) -> rx.Component:
    return _field(
        "otp", "Code", "text", "one-time-code", help_words, max_length=20, spell_check=False, input_mode="text", **props
    )


def _form(*fields: rx.Component, button: str, on_submit: Any) -> rx.Component:
    problem = rx.el.div(
        rx.cond(Account.problem != "", rx.el.p(Account.problem), rx.fragment()),
        role="alert",
        class_name="login-problem",
    )
    cancel = rx.el.button("Not now", type="button", class_name="button button-plain", on_click=Account.ask(""))
    main = rx.el.button(button, type="submit", class_name="button button-main")
    return rx.el.form(
        problem,
        *fields,
        rx.el.div(main, cancel, class_name="account-buttons"),
        on_submit=on_submit,
        reset_on_submit=True,
        class_name="account-form",
    )


def _off() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            "With an authenticator app on your phone, your password alone opens nothing: signing in asks for a code that "
            "changes every half minute."
        ),
        rx.el.button("Set it up", type="button", class_name="button button-main", on_click=Account.ask("password")),
    )


def _picture() -> rx.Component:
    side = ONCE["side"].to(int)
    return rx.el.svg(
        rx.el.svg.rect(width="100%", height="100%", fill="white"),
        rx.el.svg.path(d=ONCE["path"].to(str), fill="black"),
        view_box=f"0 0 {side} {side}",
        class_name="qr",
        shape_rendering="crispEdges",
        role="img",
        aria_label="QR code for your authenticator app. The same secret stands below as text.",
    )


def _secret() -> rx.Component:
    # Parted by space on the screen alone: copied, it is one word.
    return rx.el.code(rx.foreach(ONCE["secret"].to(list[str]), lambda four: rx.el.span(four)), class_name="secret")


def _scan() -> rx.Component:
    steps = rx.el.ol(
        rx.el.li("Open your authenticator app and add an account."),
        rx.el.li("Point its camera at this picture:", _picture()),
        rx.el.li("Or type this secret into it:", _secret()),
        rx.el.li("Type the six digits that it shows now."),
        class_name="account-steps",
    )
    form = rx.fragment(steps, _form(_code(), button="This is the code", on_submit=Account.confirm))
    # After a reload the secret is gone from here: it is kept in no place from which it could be shown again.
    gone = rx.fragment(
        rx.el.p("The secret is shown only once. Please begin again."),
        rx.el.button("Begin again", type="button", class_name="button button-main", on_click=Account.ask("password")),
    )
    return rx.cond(ONCE.contains("path"), form, gone)


def _codes() -> rx.Component:
    shown = rx.fragment(
        rx.el.p(
            rx.el.b("Write these ten recovery codes down and keep them away from your phone."),
            " Each opens your account once when the phone is gone. They are not shown again.",
        ),
        rx.el.ol(
            rx.foreach(ONCE["codes"].to(list[str]), lambda code: rx.el.li(rx.el.code(code))),
            class_name="recovery-codes",
        ),
    )
    done = rx.el.button("I have them", type="button", class_name="button button-main", on_click=Account.ask(""))
    return rx.fragment(rx.cond(ONCE.contains("codes"), shown, rx.el.p("The recovery codes were shown once.")), done)


def _on() -> rx.Component:
    left = FACTOR["codes_left"].to(int)
    return rx.fragment(
        rx.el.p(
            rx.icon("shield-check", size=18, aria_hidden="true"),
            rx.el.span("On since ", at(at=FACTOR["since"].to(str), form="full"), "."),
            class_name="account-on",
        ),
        rx.el.p(
            rx.cond(
                left > 0,
                rx.el.span(left, " of ten recovery codes left."),
                rx.el.b("No recovery code is left: take it off and set it up anew to get ten."),
            ),
            class_name="quiet",
        ),
        rx.el.button("Take it off", type="button", class_name="button", on_click=Account.ask("remove")),
    )


def _remove() -> rx.Component:
    code = _code("From your app, or a recovery code.")
    return _form(_password(), code, button="Take it off", on_submit=Account.remove)


def second_factor_card() -> rx.Component:
    """One step at a time."""
    begin = _form(_password(), button="Go on", on_submit=Account.begin)
    resting = rx.cond(FACTOR["on"].to(bool), _on(), _off())
    step = rx.match(
        Account.step, ("password", begin), ("scan", _scan()), ("codes", _codes()), ("remove", _remove()), resting
    )
    told = rx.match(Account.step, *((name, words) for name, words in SPOKEN.items()), "")
    return rx.el.section(
        rx.el.h2("Second factor", class_name="panel-title"),
        rx.el.p(told, role="status", class_name="sr-only"),
        step,
        class_name="panel account-card",
        id="second-factor",
    )
