"""The front door: no handler runs unless it is marked and the session behind the socket, asked for now, fits it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from reflex.event import Event
from reflex.state import StateUpdate
from reflex_base.registry import RegistrationContext

import hospital_ops.hospital_ops as web  # registers every state
from hospital_ops.domain.access import Actor, Permission, Role
from hospital_ops.domain.errors import NotSignedIn, Refused, Unavailable
from hospital_ops.pages import PAGES
from hospital_ops.state.feed import Feed, Pulse
from hospital_ops.state.gate import FRAMEWORK, Gate, Viewer, current_viewer, mark_of, public, requires
from hospital_ops.state.pace import Pace
from hospital_ops.state.person import Person, keep_private, owner_mark

MANAGER = Actor(Role.BED_MANAGER, "Mona Manager", 1)
PORTER = Actor(Role.TRANSPORTER, "Pia Porter", 2)
BOARD = "reflex___state____state.hospital_ops___state___board____board"

# Reflex's own handlers that are refused. A new Reflex that adds one fails here until somebody has looked at it.
REFUSED_FRAMEWORK = {
    "reflex___state____state.hydrate",
    "reflex___state____state.set_is_hydrated",
    "reflex___state____state.reflex___state____update_vars_internal_state.update_vars_internal",
    "reflex___state____state.reflex___state____frontend_event_exception_state.handle_frontend_exception",
}


class Door:
    """A gate whose surroundings are told by the test, and what it did."""

    def __init__(self, people: dict[str, Actor | None], away: bool = False, pace: Pace | None = None) -> None:
        self.people, self.away = people, away
        self.asked: list[str] = []
        self.denied: list[tuple[Viewer, str, Refused]] = []
        self.gate = Gate(lambda sid: self.cookie, self._find, self._audit, self._keep, pace)
        self.cookie = ""

    async def _find(self, token: str) -> Actor | None:
        self.asked.append(token)
        if self.away:
            raise Unavailable("The database is away.")
        return self.people.get(token)

    async def _audit(self, viewer: Viewer, name: str, refusal: Refused) -> None:
        self.denied.append((viewer, name, refusal))

    async def _keep(self, state: Any, viewer: Viewer) -> None:
        return None

    def knock(self, name: str, cookie: str = "") -> StateUpdate | None:
        self.cookie = cookie
        state: Any = SimpleNamespace(router=SimpleNamespace(session=SimpleNamespace(session_id="sid")))
        return asyncio.run(self.gate.preprocess(web.app, state, Event(name=name)))


def told(update: StateUpdate | None) -> dict[str, Any]:
    assert update is not None
    assert update.delta is not None
    return dict(update.delta[Pulse.get_full_name()])


def test_every_handler_of_ours_is_marked() -> None:
    ours = {
        name: registered
        for name, registered in RegistrationContext.get().event_handlers.items()
        if getattr(registered.handler.fn, "__module__", "").startswith("hospital_ops")
    }
    assert len(ours) >= 8
    assert [name for name in ours if mark_of(name) is None] == []


def test_every_other_handler_is_known_and_only_three_are_open() -> None:
    rest = {
        name
        for name, registered in RegistrationContext.get().event_handlers.items()
        if not getattr(registered.handler.fn, "__module__", "").startswith("hospital_ops")
        and not name.endswith(".setvar")
    }
    assert rest == set(FRAMEWORK) | REFUSED_FRAMEWORK
    assert sorted(name.rsplit(".", 1)[1] for name in FRAMEWORK) == [
        "hydrate_and_load",
        "on_load_internal",
        "set_is_hydrated",
    ]


@pytest.mark.parametrize("name", [*sorted(REFUSED_FRAMEWORK), f"{BOARD}.setvar", f"{BOARD}.nothing", "nonsense"])
def test_what_is_not_marked_is_refused_even_to_the_mighty(name: str) -> None:
    door = Door({"m": MANAGER})
    assert "cannot be called" in told(door.knock(name, "m"))["problem_rx_state_"]["sentence"]
    assert door.denied[0][1:2] == (name,)
    assert door.denied[0][2].code == "not_marked"


def test_setvar_exists_and_stays_refused() -> None:
    assert any(name.endswith("board.setvar") for name in RegistrationContext.get().event_handlers)


@pytest.mark.parametrize("cookie", ["", "made-up", "over"])
def test_without_a_living_session_the_way_is_to_the_door(cookie: str) -> None:
    door = Door({"over": None})
    assert told(door.knock(f"{BOARD}.open_bed", cookie))["ended_rx_state_"] == "signed_out"
    assert isinstance(door.denied[0][2], NotSignedIn)


def test_the_wrong_role_is_told_so_and_it_is_audited() -> None:
    door = Door({"p": PORTER})
    assert "role" in told(door.knock(f"{BOARD}.find_bed", "p"))["problem_rx_state_"]["sentence"]
    (viewer, name, refusal) = door.denied[0]
    assert (viewer.actor, name, refusal.code) == (PORTER, f"{BOARD}.find_bed", "not_allowed")


def test_a_refused_page_says_so_once() -> None:
    """`Person.arrive` has told; the page's second handler is turned away and audited, and says nothing more."""
    door = Door({"p": PORTER})
    desk = "reflex___state____state.hospital_ops___state___desk____desk"
    update = door.knock(f"{desk}.arrive", "p")
    assert update is not None
    assert update.delta == {}
    assert [refusal.code for _, _, refusal in door.denied] == ["not_allowed"]
    assert "role" in told(door.knock(f"{desk}.cancel", "p"))["problem_rx_state_"]["sentence"]


def test_every_pages_second_handler_is_an_arrival() -> None:
    for _, more in PAGES.values():
        for handler in more:
            assert handler.fn._hospital_mark.arrival or handler.fn._hospital_mark.permission is None, handler


def test_the_right_role_passes_and_the_handler_knows_who() -> None:
    door = Door({"m": MANAGER})

    async def enter() -> Viewer:
        door.cookie = "m"
        state: Any = SimpleNamespace(router=SimpleNamespace(session=SimpleNamespace(session_id="sid")))
        assert await door.gate.preprocess(web.app, state, Event(name=f"{BOARD}.find_bed")) is None
        return current_viewer()

    assert asyncio.run(enter()) == Viewer(MANAGER, "m")
    assert door.denied == []


def test_the_session_is_looked_up_on_every_event() -> None:
    door = Door({"m": MANAGER})
    assert door.knock(f"{BOARD}.open_bed", "m") is None
    door.people["m"] = None  # Signed out elsewhere between two clicks.
    assert told(door.knock(f"{BOARD}.open_bed", "m"))["ended_rx_state_"] == "signed_out"
    assert door.asked == ["m", "m"]


def test_when_the_database_is_away_nothing_passes() -> None:
    door = Door({"m": MANAGER}, away=True)
    assert told(door.knock(f"{BOARD}.open_bed", "m"))["problem_rx_state_"]["sentence"] == "The database is away."


def test_public_handlers_and_the_framework_pass_without_a_session() -> None:
    door = Door({})
    for name in (*FRAMEWORK, "reflex___state____state.hospital_ops___state___person____person.arrive"):
        assert door.knock(name) is None


def test_too_many_events_are_not_even_looked_up() -> None:
    door = Door({"m": MANAGER}, pace=Pace(burst=2, per_second=0.0))
    for _ in range(2):
        assert door.knock(f"{BOARD}.open_bed", "m") is None
    assert "Too many" in told(door.knock(f"{BOARD}.open_bed", "m"))["problem_rx_state_"]["sentence"]
    assert len(door.asked) == 2


def test_the_bucket_fills_again() -> None:
    now = [0.0]
    pace = Pace(burst=1, per_second=2.0, clock=lambda: now[0])
    assert pace.allows("a")
    assert not pace.allows("a")
    assert pace.allows("b")
    now[0] = 0.6
    assert pace.allows("a")


def test_marks_stay_on_the_function() -> None:
    @requires(Permission.BED_CLEAN)
    def one() -> None: ...

    @public
    def two() -> None: ...

    assert one._hospital_mark.permission is Permission.BED_CLEAN  # type: ignore[attr-defined]
    assert two._hospital_mark.permission is None  # type: ignore[attr-defined]


def test_a_tab_that_somebody_else_left_is_emptied() -> None:
    async def scene() -> tuple[str, str]:
        root = web.app._state(_reflex_internal_init=True)  # type: ignore[misc]
        person = await root.get_state(Person)
        person.name, person._owner = "Mona Manager", owner_mark(Viewer(MANAGER, "m"))
        await keep_private(root, Viewer(MANAGER, "m"))
        kept = person.name
        await keep_private(root, Viewer(PORTER, "p"))
        return kept, person.name

    with web.app.set_contexts():
        assert asyncio.run(scene()) == ("Mona Manager", "")


def test_a_hydrate_sends_nothing_of_the_pushed_states() -> None:
    for pushed in (Feed, Pulse):
        state = pushed(_reflex_internal_init=True)
        assert state.dict() == {pushed.get_full_name(): {}}
        assert state.dict(initial=True)[pushed.get_full_name()]


def test_no_state_keeps_anything_in_the_browsers_storage() -> None:
    # update_vars and hydrate_and_load set such vars from what a browser sends, before any handler of ours runs.
    for cls in RegistrationContext.get().base_states.values():
        assert not any(cls._is_client_storage(name) for name in cls.base_vars), cls


def test_there_is_no_upload_door() -> None:
    from reflex_components_core.core.upload import Upload

    assert not Upload.is_used
    assert not [route for route in web.app._api.routes if "_upload" in getattr(route, "path", "")]  # type: ignore[union-attr]


def test_only_named_origins_may_open_a_socket_and_frames_are_bounded() -> None:
    server = web.app.sio.eio  # type: ignore[union-attr]
    assert isinstance(server.cors_allowed_origins, list)
    assert "*" not in server.cors_allowed_origins
    assert server.max_http_buffer_size <= 256 * 1024


def test_the_cookie_never_reaches_a_tabs_state() -> None:
    environ = {"asgi.scope": {"headers": [(b"cookie", b"hospital_session=secret"), (b"host", b"x")]}}
    data = web.app.event_namespace._build_static_router_data("sid", environ)  # type: ignore[union-attr]
    assert data["headers"] == {"host": "x"}


def test_a_handler_that_breaks_is_told_once_and_cannot_call_for_itself_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from hospital_ops.state import push

    async def broken(*_: object) -> None:
        raise RuntimeError("told badly")

    monkeypatch.setattr(push, "say", broken)
    handler = Person.event_handlers["failed"].fn
    asyncio.run(handler(SimpleNamespace()))


def test_before_the_web_has_started_telling_does_nothing() -> None:
    from hospital_ops.state import push

    asyncio.run(push.say(SimpleNamespace(), "A sentence."))  # type: ignore[arg-type]
    assert push.push_status() == {"status": "down"}
