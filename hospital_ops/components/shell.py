"""The frame round every staff page: who I am, where I can go, how fresh it is, and the sentences the server tells.

    def tasks() -> rx.Component:
        return frame("/tasks", live_panel(..., label="My tasks"), skeleton=skeleton(...))

The navigation shows the routes of state/routes.py that the person's permissions open.
"""

from __future__ import annotations

import reflex as rx

from hospital_ops.components.address import Door, Notices, ThemeChoice
from hospital_ops.components.live import freshness, hospital_clock
from hospital_ops.components.plain_form import plain_form
from hospital_ops.components.states import refused
from hospital_ops.domain.access import Permission
from hospital_ops.state.feed import Pulse
from hospital_ops.state.person import Person
from hospital_ops.state.routes import ROUTES, Route

# The paths that `pages.add_pages` has registered: the navigation leads nowhere else.
there: set[str] = set()


def logo() -> rx.Component:
    """The mark: a bed seen from above, with its light."""
    return rx.el.span(rx.el.img(src="/mark.svg", alt="", width="26", height="26"), class_name="logo")


def _link(route: Route, here: str) -> rx.Component:
    """The page, or the first one below it that is theirs: a bed manager sets wards but keeps no accounts."""
    shown: rx.Component = rx.fragment()
    for way in reversed([route, *_below(route)]):
        assert way.permission is not None
        link = rx.link(
            rx.icon(route.icon, size=17, aria_hidden="true"),
            rx.el.span(route.label),
            href=way.path,
            class_name="nav-link",
            underline="none",
            custom_attrs={"aria-current": "page"} if route.path == here else {},
        )
        shown = rx.cond(Person.permissions.contains(way.permission.value), link, shown)
    return shown


def _below(route: Route) -> list[Route]:
    """Pages under this one's path that another permission opens, one for each."""
    first: dict[Permission | None, Route] = {route.permission: route}
    for one in ROUTES:
        if one.path.startswith(f"{route.path}/") and "[" not in one.path and one.path in there:
            first.setdefault(one.permission, one)
    return list(first.values())[1:]


def navigation(here: str) -> rx.Component:
    """Links to the pages that are this person's."""
    shown = [route for route in ROUTES if route.label and route.path in there]
    links = [_link(route, here) for route in shown]
    return rx.el.nav(*links, class_name="nav", aria_label="Pages of the hospital")


def simulated_sign() -> rx.Component:
    """Simulated data is always said to be simulated."""
    return rx.cond(
        Pulse.beat["simulated"].to(bool),
        rx.el.span(
            "Simulated day",
            rx.el.span(f"× {Pulse.beat['speed']}", class_name="quiet"),
            class_name="simulated",
            title="These are invented patients; the day runs this much faster than a real one.",
        ),
        rx.fragment(),
    )


def person_menu() -> rx.Component:
    """Name, role, light or dark, and the way out."""
    return rx.el.details(
        rx.el.summary(
            rx.el.span(Person.initials, class_name="avatar", aria_hidden="true"),
            rx.el.span(Person.name, class_name="person-name"),
            class_name="person-button",
            aria_label="Your account",
        ),
        rx.el.div(
            rx.el.p(Person.name, class_name="person-full"),
            rx.el.p(Person.role, class_name="quiet person-role"),
            ThemeChoice.create(class_name="theme-choice"),
            rx.link("My shifts", href="/me", class_name="button button-plain button-wide", underline="none"),
            rx.link("My account", href="/account", class_name="button button-plain button-wide", underline="none"),
            # A form of our own, so that the whole page is left and nothing of it stays in memory.
            plain_form(
                rx.el.button("Sign out", type="submit", class_name="button button-plain button-wide"),
                action="/api/session/end",
            ),
            class_name="person-menu",
        ),
        class_name="person",
    )


def header(here: str) -> rx.Component:
    return rx.el.header(
        rx.link(
            logo(),
            rx.el.span("Hospital", class_name="logo-word"),
            href="/",
            class_name="home-link",
            underline="none",
            aria_label="Hospital",
        ),
        navigation(here),
        rx.el.div(
            simulated_sign(),
            hospital_clock(class_name="hospital-clock"),
            freshness(beat=Pulse.beat),
            person_menu(),
            class_name="header-right",
        ),
        class_name="shell-header",
    )


def frame(here: str, body: rx.Component, *, skeleton: rx.Component) -> rx.Component:
    """A staff page: the header, then the skeleton until the visitor is known, then the page or its refusal."""
    page = rx.el.main(rx.cond(Person.arrived, body, skeleton), class_name="page", id="main")
    return rx.fragment(
        rx.el.a("Skip to the page", href="#main", class_name="skip"),
        header(here),
        rx.cond(Person.refused != "", refused(Person.refused), page),
        Notices.create(problem=Pulse.problem),
        Door.create(ended=Pulse.ended),
    )


def plain_frame(*body: rx.Component) -> rx.Component:
    """A page without navigation: the entrance, the login, a patient's phone."""
    return rx.fragment(
        rx.el.main(*body, class_name="plain", id="main"),
        Notices.create(problem=Pulse.problem),
        Door.create(ended=Pulse.ended),
    )
