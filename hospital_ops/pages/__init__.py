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
from hospital_ops.pages.board import board
from hospital_ops.pages.desk import desk
from hospital_ops.pages.index import index
from hospital_ops.pages.intake import intake
from hospital_ops.pages.login import login
from hospital_ops.pages.not_found import not_found
from hospital_ops.pages.patients import patients
from hospital_ops.pages.staffing import staffing
from hospital_ops.pages.tasks import tasks
from hospital_ops.state.board import Board
from hospital_ops.state.desk import Desk
from hospital_ops.state.patients import PatientPage
from hospital_ops.state.person import Person
from hospital_ops.state.routes import BY_PATH
from hospital_ops.state.tasks import Tasks

PAGES: dict[str, tuple[Callable[[], rx.Component], Sequence[Any]]] = {
    "/": (index, ()),
    "/login": (login, ()),
    "/tasks": (tasks, (Tasks.arrive,)),
    "/board": (board, (Board.arrive,)),
    "/desk": (desk, (Desk.arrive,)),
    "/staffing": (staffing, ()),
    "/patients/[id]": (patients, (PatientPage.arrive,)),
    "/intake": (intake, ()),
}


def add_pages(app: rx.App) -> None:
    """Register every page with its title and its arrival."""
    there.update(PAGES)
    for path, (page, more) in PAGES.items():
        app.add_page(page, route=path, title=f"{BY_PATH[path].title} · Hospital", on_load=[Person.arrive, *more])
    app.add_page(not_found, route="404", title="Nothing here · Hospital", on_load=[Person.arrive])
