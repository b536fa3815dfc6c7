"""Who sits at this page: what the shell shows of them, and the arrival at each page."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from typing import Any

import reflex as rx
from reflex.state import BaseState
from reflex_base.registry import RegistrationContext

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.homes import PASSWORD_PAGE, home_for
from hospital_ops.services.access import audit_denial
from hospital_ops.state import push
from hospital_ops.state.feed import Feed, Pulse, only_when_compiled
from hospital_ops.state.gate import Viewer, current_viewer, public
from hospital_ops.state.routes import route_of, topics_of
from hospital_ops.state.thread import in_thread

REFUSED = "This page is not part of your role. Ask the person who manages accounts if it should be."


def owner_mark(viewer: Viewer) -> str:
    """Tells one session's tabs from another's without keeping the session id."""
    return hashlib.sha256(viewer.token.encode()).hexdigest()[:24] if viewer.actor else ""


def params_of(pattern: str, path: str) -> dict[str, str]:
    """`/patients/[id]` and `/patients/7` → {"id": "7"}."""
    pairs = zip(pattern.strip("/").split("/"), path.strip("/").split("/"), strict=False)
    return {name[1:-1]: value for name, value in pairs if name.startswith("[") and name.endswith("]")}


class Person(rx.State):
    """The signed-in person as the shell shows them. `arrived` is set once a page's visitor is known.

    All of it is told by `arrive`, after each hydrate. A hydrate itself leaves it as the page has it: a tab whose state was
    lost keeps what it shows, and no field is drawn anew under somebody's finger.
    """

    user_id: int = 0
    name: str = ""
    initials: str = ""
    role: str = ""
    permissions: list[str] = []
    home: str = "/login"
    must_choose: bool = False
    arrived: bool = False
    refused: str = ""
    _owner: str = ""

    dict = only_when_compiled

    @rx.event
    @public
    async def arrive(self) -> Any:
        """Every page's `on_load`, after each navigation and reconnect: who is it, may they, what do they watch."""
        viewer = current_viewer()
        route = route_of(self.router.route_id)
        needed = route.permission if route is not None else None
        if viewer.actor is None:
            self.reset()  # type: ignore[no-untyped-call]
            self.arrived = needed is None
            if needed is not None:
                await push.show_the_door(self)
            return rx.redirect("/login") if route is not None and route.path == PASSWORD_PAGE else None
        self._take(viewer.actor)
        self._owner = owner_mark(viewer)
        if self.must_choose and (route is None or route.path != PASSWORD_PAGE):
            self.arrived = False
            return rx.redirect(PASSWORD_PAGE)
        self.refused = "" if needed is None or viewer.actor.may(needed) else REFUSED
        self.arrived = True
        async with push.told(self):
            if self.refused:
                await in_thread(audit_denial, viewer.actor, f"page {self.router.route_id}")
            await self._watch(viewer, params_of(self.router.route_id, self.router.url.path))
        return None

    @rx.event
    @public
    async def failed(self) -> None:
        """After a handler that broke. If this breaks too, it must not call for itself again."""
        with contextlib.suppress(Exception):
            await push.say(self, "Something went wrong here. Nothing was changed; please try again.", "broken")

    def _take(self, actor: Actor) -> None:
        self.user_id, self.name = actor.user_id or 0, actor.name
        self.initials = "".join(word[0] for word in actor.name.split()[:2]).upper()
        self.role = actor.role.replace("_", " ")
        self.permissions = sorted(permission for permission in Permission if actor.may(permission))
        self.home, self.must_choose = home_for(actor), actor.must_choose_password

    async def _watch(self, viewer: Viewer, params: Mapping[str, str]) -> None:
        topics = await in_thread(topics_of, self.router.route_id, viewer.require(), params)
        route = route_of(self.router.route_id)
        masked = route is not None and route.masked
        await push.hub().watch(push.sid_of(self), viewer, topics, "page", masked=masked)


async def keep_private(state: BaseState, viewer: Viewer) -> None:
    """Empty a tab's state when another session than its own reaches it: the next person at a shared phone, or a guesser
    of tab ids, who chooses them freely."""
    person = await state.get_state(Person)
    if person._owner in ("", owner_mark(viewer)):
        return
    for cls in list(RegistrationContext.get().base_states.values()):
        if cls.__module__.startswith("hospital_ops.") and cls not in (Feed, Pulse):
            (await state.get_state(cls)).reset()  # type: ignore[no-untyped-call]
