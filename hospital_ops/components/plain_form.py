"""A form that the browser itself sends, with a full navigation: Reflex's own form never leaves the page."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML


class _PlainForm(BaseHTML):
    tag = "form"
    method: rx.Var[str]
    action: rx.Var[str]


def plain_form(*children: rx.Component, action: str, **props: Any) -> rx.Component:
    """POST `action` with the fields inside."""
    return _PlainForm.create(*children, method="post", action=action, **props)
