"""The front door: every event of every browser passes here before its handler runs.

Each handler says who may knock: `@public`, or `@requires(Permission.X)`. No mark means no. Page guards protect nothing,
since anyone with a socket can call any handler by its name.

    class Board(rx.State):
        @rx.event
        @requires(Permission.BED_CLEAN)
        async def mark_clean(self, bed_id: int):
            viewer = current_viewer()          # looked up by the gate for this very event
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from reflex.event import Event
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.registry import RegistrationContext

from hospital_ops.domain.access import Actor, Permission, require
from hospital_ops.domain.errors import NotAllowed, NotSignedIn, Refused
from hospital_ops.state.feed import problem_delta, signed_out_delta
from hospital_ops.state.pace import Pace

F = TypeVar("F", bound=Callable[..., Any])
log = logging.getLogger(__name__)
_MARK = "_hospital_mark"

# Reflex's own handlers that a browser needs, by exact name; a test pins the list. They move no data of ours: hydrate
# sends this tab's own vars, on_load_internal queues handlers that pass this gate in turn.
FRAMEWORK: frozenset[str] = frozenset(
    {
        "reflex___state____state.hydrate_and_load",
        "reflex___state____state.reflex___state____on_load_internal_state.on_load_internal",
        "reflex___state____state.reflex___state____on_load_internal_state.set_is_hydrated",
    }
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Who may call a handler: anyone, or whoever has `permission`.

    `arrival`: a page's second `on_load` handler. When the page was refused, the page itself has said so: nobody is told
    again.
    """

    permission: Permission | None
    arrival: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever is behind this event. `actor` is None without a living session; `token` is the session's cookie."""

    actor: Actor | None
    token: str

    def require(self) -> Actor:
        """The actor, or a refusal."""
        if self.actor is None:
            raise NotSignedIn
        return self.actor


def public(handler: F) -> F:
    """Anyone may call this, signed in or not."""
    setattr(handler, _MARK, Mark(None))
    return handler


def requires(permission: Permission, *, arrival: bool = False) -> Callable[[F], F]:
    """Only people with this permission may call this. Wards are checked where the ward is known: in the service."""

    def mark(handler: F) -> F:
        setattr(handler, _MARK, Mark(permission, arrival))
        return handler

    return mark


def mark_of(event_name: str) -> Mark | None:
    """The mark of a registered handler, by the name that stands in the event."""
    registered = RegistrationContext.get().event_handlers.get(event_name)
    return None if registered is None else getattr(registered.handler.fn, _MARK, None)


_viewer: ContextVar[Viewer] = ContextVar("viewer", default=Viewer(None, ""))  # noqa: B039  frozen


def current_viewer() -> Viewer:
    """Who is behind the event being handled. Reflex runs each event in a task of its own, so none sees another's."""
    return _viewer.get()


class Gate(Middleware):
    """Asks for the session on every event and lets the handler run only if its mark allows it.

    `token_of` gives the session id of a socket's cookie, `find_actor` the living session's actor or None, `audit`
    writes a denial, `keep_private` empties a tab's state that somebody else left. The composition root hands them in.
    """

    def __init__(
        self,
        token_of: Callable[[str], str],
        find_actor: Callable[[str], Awaitable[Actor | None]],
        audit: Callable[[Viewer, str, Refused], Awaitable[None]],
        keep_private: Callable[[BaseState, Viewer], Awaitable[None]],
        pace: Pace | None = None,
    ) -> None:
        self._token_of, self._find_actor = token_of, find_actor
        self._audit, self._keep_private = audit, keep_private
        self._pace = pace or Pace()

    async def preprocess(self, app: Any, state: BaseState, event: Event) -> StateUpdate | None:
        """None lets the event through; an update is sent instead of running it."""
        sid = state.router.session.session_id
        if not self._pace.allows(sid):
            return StateUpdate(delta=problem_delta("Too many clicks at once. Wait a moment and try again.", "too_many"))
        token = self._token_of(sid)
        try:
            viewer = Viewer(await self._find_actor(token) if token else None, token)
        except Refused as away:
            return StateUpdate(delta=problem_delta(away.sentence, away.code))
        _viewer.set(viewer)
        try:
            check(event.name, viewer)
        except Refused as refusal:
            await self._audit(viewer, event.name, refusal)
            mark = mark_of(event.name)
            return StateUpdate(delta={} if mark is not None and mark.arrival else answer_to(refusal))
        await self._keep_private(state, viewer)
        return None


def check(event_name: str, viewer: Viewer) -> None:
    """Refuse an event whose handler is unmarked, or marked for others than this viewer."""
    if event_name in FRAMEWORK:
        return
    mark = mark_of(event_name)
    if mark is None:
        raise NotAllowed("This cannot be called from a browser.", code="not_marked")
    if mark.permission is not None:
        require(viewer.require(), mark.permission)


def answer_to(refusal: Refused) -> dict[str, dict[str, Any]]:
    """What the browser is told: to sign in, or the sentence."""
    return signed_out_delta() if isinstance(refusal, NotSignedIn) else problem_delta(refusal.sentence, refusal.code)
