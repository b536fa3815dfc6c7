"""The web's composition root: pages, API, push and lifespan meet here and nowhere else."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import reflex as rx
from reflex.event import EventSpec

# Set before Reflex makes its socket server, which reads it then: no frame of ours is larger.
os.environ.setdefault("REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE", str(256 * 1024))

from hospital_ops.api import create_api
from hospital_ops.components.states import page_boundary
from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor
from hospital_ops.domain.errors import Refused
from hospital_ops.infra.cookies import is_secure
from hospital_ops.infra.frontend import output_folder
from hospital_ops.infra.headers import SecurityHeaders
from hospital_ops.infra.quiet_logs import withhold_words
from hospital_ops.pages import add_pages
from hospital_ops.services.access import audit_denial
from hospital_ops.services.accounts import actor_of_session
from hospital_ops.state.gate import Gate, Viewer
from hospital_ops.state.kept import keep_states
from hospital_ops.state.person import Person, keep_private
from hospital_ops.state.push import push_status, pushing
from hospital_ops.state.thread import in_thread
from hospital_ops.state.wire import keep_cookies_out_of_state, token_of_socket
from hospital_ops.theme import PHONE_BAR

log = logging.getLogger(__name__)


async def _find_actor(token: str) -> Actor | None:
    return await in_thread(actor_of_session, token)


async def _audit(viewer: Viewer, event_name: str, refusal: Refused) -> None:
    await in_thread(audit_denial, viewer.actor, event_name, code=refusal.code)


def _handler_failed(exception: Exception) -> EventSpec | None:
    """A handler of ours broke. Its words may be a patient's, so kind and place are written; the browser is told."""
    frame = exception.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    where = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame is not None else "?"
    log.error("a handler failed: %s at %s", type(exception).__name__, where)
    told: EventSpec = Person.failed()  # type: ignore[operator]
    return told


def _page_failed(exception: Exception) -> None:
    """A page broke in somebody's browser."""
    log.error("a page failed in a browser (%s)", type(exception).__name__)


@asynccontextmanager
async def _serving() -> AsyncIterator[None]:
    """While the web serves: the libraries' words stay out of the logs."""
    undo = withhold_words()
    try:
        yield
    finally:
        undo()


def _build() -> rx.App:
    api = create_api()
    api.state.push_status = push_status
    app = rx.App(
        stylesheets=[
            "/theme.css",
            "/app.css",
            "/staff.css",
            "/wall.css",
            "/plan.css",
            "/replay.css",
            "/admin.css",
            "/intake.css",
            "/desk.css",
        ],
        head_components=[
            rx.el.link(rel="icon", href="/mark.svg", type="image/svg+xml"),
            # So that "My tasks" can be put on a phone's home screen.
            rx.el.link(rel="manifest", href="/manifest.json"),
            rx.el.link(rel="apple-touch-icon", href="/icon-192.png"),
            *(
                rx.el.meta(name="theme-color", content=bar, custom_attrs={"media": f"(prefers-color-scheme: {way})"})
                for way, bar in PHONE_BAR.items()
            ),
        ],
        # Not Reflex's connection banner: each live panel says in words when the line is lost.
        app_wraps={(55, "ErrorBoundary"): lambda _: page_boundary()},
        toaster=None,
        html_lang="en",
        api_transformer=[api, partial(SecurityHeaders, folder=output_folder(), https=is_secure())],
        frontend_exception_handler=_page_failed,
        backend_exception_handler=_handler_failed,
    )
    app.add_middleware(Gate(partial(token_of_socket, app), _find_actor, _audit, keep_private), index=0)
    keep_cookies_out_of_state(app)
    keep_states(app)
    app.register_lifespan_task(_serving)
    app.register_lifespan_task(_pushing)
    add_pages(app)
    return app


@asynccontextmanager
async def _pushing(app: Any) -> AsyncIterator[None]:
    async with pushing(app):
        yield


get_settings()
app = _build()
