"""What the pages of administration share: the way between them, and Python names for assets/admin.jsx."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.components.states import bone, skeleton
from hospital_ops.domain.access import Permission
from hospital_ops.state.person import Person

LIBRARY = "$/public/admin.jsx"
PAGES: tuple[tuple[str, str, Permission], ...] = (
    ("/admin", "Accounts", Permission.ACCOUNT_MANAGE),
    ("/admin/audit", "Audit", Permission.AUDIT_READ),
    ("/admin/strain", "Strain", Permission.STRAIN_ANSWER),
    ("/admin/wards", "Wards", Permission.WARD_SET),
    ("/admin/models", "Models", Permission.MODEL_MANAGE),
    ("/admin/house", "House", Permission.ACCOUNT_MANAGE),
)


class Finder(rx.Component):
    library = LIBRARY
    tag = "Finder"
    rows: rx.Var[list[dict[str, Any]]]
    label: rx.Var[str]
    nothing: rx.Var[str]


class Found(rx.Component):
    library = LIBRARY
    tag = "Found"
    row_id: rx.Var[int]


class HeldFocus(rx.Component):
    library = LIBRARY
    tag = "HeldFocus"
    label: rx.Var[str]


class Copy(rx.Component):
    library = LIBRARY
    tag = "Copy"
    text: rx.Var[str]


finder = Finder.create
found = Found.create
held_focus = HeldFocus.create
copy = Copy.create


def tabs(here: str) -> rx.Component:
    """The pages, this one marked."""
    links = [
        rx.cond(
            Person.permissions.contains(permission.value),
            rx.link(
                word,
                href=path,
                class_name="tab",
                underline="none",
                custom_attrs={"aria-current": "page"} if path == here else {},
            ),
            rx.fragment(),
        )
        for path, word, permission in PAGES
    ]
    return rx.el.nav(*links, class_name="tabs", aria_label="Administration")


def loading(here: str) -> rx.Component:
    rows = [bone("bone-row") for _ in range(10)]
    return rx.el.div(tabs(here), skeleton(bone("bone-title"), *rows), class_name="admin")
