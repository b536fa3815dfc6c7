"""The pages, by path. To add one:

1. a `Route` in state/routes.py: path, title, permission, navigation label, the topics it watches;
2. a module here with a function that returns `frame("/path", ..., skeleton=...)` (components/shell.py);
3. a line in `PAGES` below, with further `on_load` handlers if the page has any state of its own.

Every page arrives by `Person.arrive` first, which looks the visitor up, refuses, and joins the topics.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from hospital_ops.components.shell import there
from hospital_ops.pages.account import account
from hospital_ops.pages.admin import admin, audit, contests, house, models, wards
from hospital_ops.pages.board import board
from hospital_ops.pages.desk import desk
from hospital_ops.pages.index import index
from hospital_ops.pages.intake import intake
from hospital_ops.pages.login import login
from hospital_ops.pages.me import me
from hospital_ops.pages.not_found import not_found
from hospital_ops.pages.password import password
from hospital_ops.pages.patients import patients
from hospital_ops.pages.replay import replay
from hospital_ops.pages.reports import reports
from hospital_ops.pages.roster import roster
from hospital_ops.pages.staffing import staffing
from hospital_ops.pages.tasks import tasks
from hospital_ops.pages.wall import wall
from hospital_ops.pages.ward import ward
from hospital_ops.pages.what_if import what_if
from hospital_ops.state.account import Account
from hospital_ops.state.admin import Accounts
from hospital_ops.state.audit import Audit
from hospital_ops.state.board import Board
from hospital_ops.state.desk import Desk
from hospital_ops.state.house import HousePage
from hospital_ops.state.models import Models
from hospital_ops.state.patients import PatientPage
from hospital_ops.state.person import Person
from hospital_ops.state.replay import Replay
from hospital_ops.state.reports import Reports
from hospital_ops.state.roster import Roster
from hospital_ops.state.routes import BY_PATH
from hospital_ops.state.tasks import Tasks
from hospital_ops.state.ward import WardPage
from hospital_ops.state.what_if import WhatIf

PAGES: dict[str, tuple[Callable[[], rx.Component], Sequence[Any]]] = {
    "/": (index, ()),
    "/login": (login, ()),
    "/tasks": (tasks, (Tasks.arrive,)),
    "/board": (board, (Board.arrive,)),
    "/board/[ward]": (ward, (WardPage.arrive, Board.arrive)),
    "/wall": (wall, ()),
    "/desk": (desk, (Desk.arrive,)),
    "/staffing": (staffing, ()),
    "/staffing/roster": (roster, (Roster.arrive,)),
    "/replay": (replay, (Replay.arrive,)),
    "/replay/what-if": (what_if, (WhatIf.arrive,)),
    "/reports": (reports, (Reports.arrive,)),
    "/patients/[id]": (patients, (PatientPage.arrive,)),
    "/me": (me, ()),
    "/account": (account, (Account.arrive,)),
    "/admin": (admin, (Accounts.arrive,)),
    "/admin/audit": (audit, (Audit.arrive,)),
    "/admin/strain": (contests, ()),
    "/admin/wards": (wards, ()),
    "/admin/models": (models, (Models.arrive,)),
    "/admin/house": (house, (HousePage.arrive,)),
    "/password": (password, ()),
    "/intake": (intake, ()),
}


def add_pages(app: rx.App) -> None:
    """Register every page with its title and its arrival."""
    there.update(PAGES)
    for path, (page, more) in PAGES.items():
        app.add_page(page, route=path, title=f"{BY_PATH[path].title} · Hospital", on_load=[Person.arrive, *more])
    app.add_page(not_found, route="404", title="Nothing here · Hospital", on_load=[Person.arrive])
