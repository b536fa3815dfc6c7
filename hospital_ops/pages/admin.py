"""Administration: accounts, the audit, the house. Each is a page of its own, so that each has its permission."""

from __future__ import annotations

import reflex as rx

from hospital_ops.components.admin_accounts import accounts_list
from hospital_ops.components.admin_audit import audit_list
from hospital_ops.components.admin_contests import contests_list
from hospital_ops.components.admin_dialogs import dialogs
from hospital_ops.components.admin_drawer import drawer
from hospital_ops.components.admin_house import house_view
from hospital_ops.components.admin_models import models_list
from hospital_ops.components.admin_models_dialogs import model_dialogs
from hospital_ops.components.admin_parts import loading
from hospital_ops.components.admin_wards import wards_list
from hospital_ops.components.live import live_panel
from hospital_ops.components.shell import frame
from hospital_ops.state.feed import Feed

HERE = "/admin"


def admin() -> rx.Component:
    """/admin"""
    shown = rx.el.div(accounts_list(), drawer(), dialogs(), class_name="admin")
    body = live_panel(rx.cond(Feed.accounts.contains("accounts"), shown, loading(HERE)), label="Accounts")
    return frame(HERE, body, skeleton=loading(HERE))


def audit() -> rx.Component:
    """/admin/audit"""
    return _seen(audit_list(), "/admin/audit", "Audit")


def contests() -> rx.Component:
    """/admin/strain"""
    shown = rx.el.div(contests_list(), class_name="admin")
    body = live_panel(rx.cond(Feed.contests.contains("contests"), shown, loading("/admin/strain")), label="Strain")
    return frame(HERE, body, skeleton=loading("/admin/strain"))


def wards() -> rx.Component:
    """/admin/wards"""
    shown = rx.el.div(wards_list(), class_name="admin")
    body = live_panel(rx.cond(Feed.wards.contains("wards"), shown, loading("/admin/wards")), label="Wards")
    return frame(HERE, body, skeleton=loading("/admin/wards"))


def models() -> rx.Component:
    """/admin/models"""
    shown = rx.el.div(models_list(), model_dialogs(), class_name="admin")
    body = live_panel(rx.cond(Feed.models.contains("kinds"), shown, loading("/admin/models")), label="Models")
    return frame(HERE, body, skeleton=loading("/admin/models"))


def house() -> rx.Component:
    """/admin/house"""
    return _seen(house_view(), "/admin/house", "The house")


def _seen(body: rx.Component, path: str, label: str) -> rx.Component:
    """What is read on arrival, which is after each reconnect too: greyed while the line is lost, then read again."""
    return frame(HERE, live_panel(rx.el.div(body, class_name="admin"), label=label), skeleton=loading(path))
