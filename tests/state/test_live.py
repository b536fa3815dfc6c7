"""The hub: who hears what, in which order, and how often it is read. Nothing here needs a database or a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from hospital_ops.domain.access import Actor, Permission, Role
from hospital_ops.domain.errors import Unavailable
from hospital_ops.infra.bus import Notice
from hospital_ops.state.feed import Delta, Feed, Pulse
from hospital_ops.state.gate import Viewer
from hospital_ops.state.live import Hub
from hospital_ops.state.seats import EVERYONE
from hospital_ops.state.topics import Topic, named, reads_patients, ward_var

MANAGER = Actor(Role.BED_MANAGER, "Mona", 1)
NURSE = Actor(Role.NURSE, "Nina", 2, frozenset({3}))
HOUSEKEEPER = Actor(Role.HOUSEKEEPER, "Hanna", 3, frozenset({3}))


class FakeWire:
    """Rooms and what was sent to whom, in order."""

    def __init__(self) -> None:
        self.rooms: dict[str, set[str]] = {}
        self.sent: list[tuple[str, Delta]] = []
        self.closed: list[str] = []
        self.gone: set[str] = set()

    async def send(self, to: str, delta: Delta) -> None:
        self.sent.append((to, delta))

    async def enter(self, sid: str, room: str) -> None:
        self.rooms.setdefault(room, set()).add(sid)

    async def leave(self, sid: str, room: str) -> None:
        self.rooms.get(room, set()).discard(sid)

    async def close(self, sid: str) -> None:
        self.closed.append(sid)
        self.gone.add(sid)

    def connected(self, sid: str) -> bool:
        return sid not in self.gone

    def watched(self, room: str) -> bool:
        return bool(self.rooms.get(room, set()) - self.gone)

    def values(self, to: str, var: str = "ward_01") -> list[Any]:
        """The values of one Feed var that this room or socket was sent."""
        deltas = [delta.get(Feed.get_full_name(), {}) for room, delta in self.sent if room == to]
        return [delta[f"{var}_rx_state_"]["n"] for delta in deltas if f"{var}_rx_state_" in delta]

    def shown(self, sid: str, var: str) -> list[Any]:
        """Every value of one Feed var that this socket was sent by itself, whole."""
        deltas = [delta.get(Feed.get_full_name(), {}) for to, delta in self.sent if to == sid]
        return [delta[f"{var}_rx_state_"] for delta in deltas if f"{var}_rx_state_" in delta]

    def closed_words(self, sid: str) -> list[str]:
        deltas = [delta.get(Pulse.get_full_name(), {}) for to, delta in self.sent if to == sid]
        return [delta["closed_rx_state_"] for delta in deltas if "closed_rx_state_" in delta]

    def ended(self, sid: str) -> list[str]:
        deltas = [delta.get(Pulse.get_full_name(), {}) for to, delta in self.sent if to == sid]
        return [delta["ended_rx_state_"] for delta in deltas if "ended_rx_state_" in delta]


class Scene:
    """A hub on a fake wire, with one counter as every ward's value."""

    def __init__(self) -> None:
        self.wire = FakeWire()
        self.n = 0
        self.reads: list[tuple[int, bool]] = []
        self.together: list[list[int]] = []
        self.failing = 0
        self.living: dict[str, Actor | None] = {"m": MANAGER, "n": NURSE, "h": HOUSEKEEPER}
        self.before_read: Callable[[], Awaitable[None]] | None = None
        self.after_read: Callable[[], Awaitable[None]] | None = None
        board = frozenset({Permission.BOARD_VIEW})
        topics = {
            "ward": Topic(
                board,
                self.read,
                ward_var,
                theirs=lambda actor, ward: actor.may(Permission.BOARD_VIEW, ward),
                sees_patients=reads_patients,
                is_look=True,
            ),
            "patient": Topic(
                frozenset({Permission.PATIENT_READ}),
                self.read,
                named("patient"),
                theirs=lambda actor, _: self.here or actor.all_wards,
                wanders=True,
                lost="No longer in your wards.",
            ),
            "hospital": Topic(board, self.read, named("hospital")),
            "wing": Topic(board, self.read, ward_var, read_many=self.read_wings),
            "admin": Topic(frozenset({Permission.ACCOUNT_MANAGE}), self.read, named("desk")),
        }
        self.looks: list[tuple[str, int]] = []
        self.unwritten = False
        # Whether patient 7 is in the nurse's wards just now.
        self.here = True
        clock = lambda: {"now": "t", "speed": 1.0}  # noqa: E731
        self.hub = Hub(self.wire, topics, self.in_thread, self.living.get, clock, self.write_looks)

    def write_looks(self, actor: Actor, panels: list[tuple[str, int]]) -> None:
        if self.unwritten and panels:
            raise Unavailable("The audit is away.")
        self.looks += panels

    def read(self, number: int, masked: bool) -> dict[str, Any]:
        self.reads.append((number, masked))
        if self.failing:
            self.failing -= 1
            raise ConnectionError("away")
        return {"n": self.n, "position": 1}

    def read_wings(self, numbers: list[int], masked: bool) -> dict[int, dict[str, Any]]:
        """Wings 1 to 9; there are no others."""
        self.together.append(sorted(numbers))
        if self.failing:
            self.failing -= 1
            raise ConnectionError("away")
        return {number: {"n": self.n, "position": number} for number in numbers if number < 10}

    async def in_thread(self, call: Callable[..., Any], *args: Any, **named: Any) -> Any:
        if self.before_read and call == self.read:
            await self.before_read()
        value = call(*args, **named)
        if self.after_read and call == self.read:
            await self.after_read()
        return value

    async def settle(self, seconds: float = 0.2) -> None:
        await asyncio.sleep(seconds)

    def change(self, *topics: str, name: str = "bed.status_changed") -> None:
        self.n += 1
        self.hub.heard(Notice(self.n, name, topics))


def viewer(token: str, actor: Actor) -> Viewer:
    return Viewer(actor, token)


def play(scene: Callable[[Scene], Awaitable[None]]) -> None:
    async def run() -> None:
        stage = Scene()
        await scene(stage)
        await stage.hub.stop()

    asyncio.run(run())


def test_a_joiner_gets_the_value_and_then_every_change() -> None:
    async def scene(s: Scene) -> None:
        assert await s.hub.watch("a", viewer("m", MANAGER), ["ward:3"]) == []
        s.change("ward:3")
        await s.settle()
        assert s.wire.values("a") == [0]
        assert s.wire.values("ward:3:full") == [1]

    play(scene)


def test_nobody_watching_means_no_query() -> None:
    async def scene(s: Scene) -> None:
        s.change("ward:3")
        await s.settle(0.1)
        assert s.reads == []
        await s.hub.watch("a", viewer("m", MANAGER), ["ward:3"])
        s.wire.gone.add("a")  # The browser is gone and nobody has told the hub.
        s.change("ward:3")
        await s.settle(0.1)
        assert len(s.reads) == 1

    play(scene)


def test_fifty_watchers_cost_one_read_and_one_send() -> None:
    async def scene(s: Scene) -> None:
        for n in range(50):
            await s.hub.watch(f"s{n}", viewer("m", MANAGER), ["ward:3"])
        s.reads.clear()
        s.change("ward:3")
        await s.settle()
        assert len(s.reads) == 1
        assert s.wire.values("ward:3:full") == [1]

    play(scene)


def test_a_burst_is_coalesced_and_its_end_is_seen() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("a", viewer("m", MANAGER), ["ward:3"])
        for _ in range(40):
            s.change("ward:3")
            await asyncio.sleep(0.002)
        await s.settle()
        values = s.wire.values("ward:3:full")
        assert values[-1] == 40
        assert len(values) <= 5
        assert values == sorted(values)

    play(scene)


def test_a_change_while_reading_is_read_again() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("a", viewer("m", MANAGER), ["ward:3"])

        async def change_now() -> None:
            s.after_read = None
            s.change("ward:3")

        s.after_read = change_now
        s.change("ward:3")
        await s.settle()
        assert s.wire.values("ward:3:full")[-1] == s.n == 2

    play(scene)


def test_a_slow_snapshot_never_overtakes_a_newer_value() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("old", viewer("m", MANAGER), ["ward:3"])

        async def slow() -> None:
            s.after_read = None
            s.change("ward:3")  # Committed after the joiner's read, before it is sent.
            await asyncio.sleep(0.1)

        s.after_read = slow
        await s.hub.watch("new", viewer("m", MANAGER), ["ward:3"])
        await s.settle()
        order = [
            delta[Feed.get_full_name()]["ward_01_rx_state_"]["n"]
            for to, delta in s.wire.sent
            if to in ("new", "ward:3:full") and Feed.get_full_name() in delta
        ]
        assert order == [0, 1]

    play(scene)


def test_the_masked_room_is_read_masked_and_kept_apart() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("nurse", viewer("n", NURSE), ["ward:3"])
        await s.hub.watch("cleaner", viewer("h", HOUSEKEEPER), ["ward:3"])
        assert s.reads == [(3, False), (3, True)]
        assert s.wire.rooms["ward:3:full"] == {"nurse"}
        assert s.wire.rooms["ward:3:masked"] == {"cleaner"}

    play(scene)


@pytest.mark.parametrize("topic", ["ward:4", "admin", "ward:x", "nothing", "nothing:3"])
def test_what_is_not_theirs_is_not_joined_and_not_read(topic: str) -> None:
    async def scene(s: Scene) -> None:
        assert await s.hub.watch("a", viewer("n", NURSE), [topic, "ward:3"]) == [topic]
        assert s.reads == [(3, False)]
        assert [room for room, sids in s.wire.rooms.items() if "a" in sids] == [EVERYONE, "ward:3:full"]

    play(scene)


def test_nobody_at_all_is_refused() -> None:
    async def scene(s: Scene) -> None:
        with pytest.raises(Exception, match="sign in"):
            await s.hub.watch("a", Viewer(None, ""), ["ward:3"])
        assert s.wire.rooms == {}

    play(scene)


def test_another_page_leaves_the_rooms_of_the_last_and_the_drawer_is_its_own_slot() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("a", viewer("m", MANAGER), ["ward:3", "hospital"])
        await s.hub.watch("a", viewer("m", MANAGER), ["ward:5"], "drawer")
        await s.hub.watch("a", viewer("m", MANAGER), ["hospital"])
        rooms = {room for room, sids in s.wire.rooms.items() if "a" in sids}
        assert rooms == {EVERYONE, "hospital:full", "ward:5:full"}
        assert len(s.reads) == 3  # What stays joined is not sent again.

    play(scene)


def test_a_read_that_fails_is_tried_again() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("a", viewer("m", MANAGER), ["ward:3"])
        s.failing = 1
        s.change("ward:3")
        await s.settle(0.8)
        assert s.wire.values("ward:3:full") == [1]
        assert s.hub.status()["failures"] == 1

    play(scene)


def test_a_snapshot_that_fails_arrives_with_the_rooms_next() -> None:
    async def scene(s: Scene) -> None:
        s.failing = 1
        await s.hub.watch("a", viewer("m", MANAGER), ["ward:3"])
        await s.settle()
        assert s.wire.values("ward:3:full") == [0]

    play(scene)


def test_a_page_begins_with_all_its_panels_in_one_update() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("a", viewer("m", MANAGER), ["wing:1", "wing:2", "wing:77", "hospital"])
        feeds = [
            delta[Feed.get_full_name()] for to, delta in s.wire.sent if to == "a" and Feed.get_full_name() in delta
        ]
        assert [sorted(feed) for feed in feeds] == [["hospital_rx_state_", "ward_01_rx_state_", "ward_02_rx_state_"]]
        assert s.together == [[1, 2, 77]]
        s.change("wing:2")
        await s.settle()
        assert s.wire.values("wing:2:full", "ward_01") == [1]  # By itself, and no other.
        assert len(s.together) == 1

    play(scene)


def test_what_cannot_be_read_does_not_keep_the_rest_back() -> None:
    async def scene(s: Scene) -> None:
        s.failing = 1
        # Named so that the wings are the first to be read.
        s.before_read = s.settle
        await s.hub.watch("a", viewer("m", MANAGER), ["wing:1", "wing:2", "hospital"])
        assert s.wire.shown("a", "hospital") == [{"n": 0, "position": 1}]
        assert s.wire.shown("a", "ward_02") == []
        await s.settle(0.5)
        assert s.hub.status()["failures"] == 1
        assert s.wire.values("wing:2:full") == [0]

    play(scene)


def test_two_who_begin_with_the_same_rooms_do_not_wait_for_each_other() -> None:
    async def scene(s: Scene) -> None:
        async def slow() -> None:
            await asyncio.sleep(0.02)

        s.after_read = slow
        wings = [f"wing:{n}" for n in range(1, 10)]
        await s.hub.watch("a", viewer("m", MANAGER), wings[:1])
        s.change(*wings)  # A refresh holds one of the rooms meanwhile.
        opened = [s.hub.watch(f"s{n}", viewer("m", MANAGER), wings[n:] + wings[:n]) for n in range(9)]
        await asyncio.wait_for(asyncio.gather(*opened), 20)
        await s.settle()
        assert all(s.wire.values(f"s{n}", "ward_09") == [1] for n in range(9))

    play(scene)


def test_after_the_line_was_away_everything_watched_is_sent_again() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("a", viewer("m", MANAGER), ["ward:3", "hospital"])
        s.n = 7
        s.hub.changed_everything()
        await s.settle()
        assert s.wire.values("ward:3:full") == [7]
        assert s.wire.values("hospital:full", "hospital") == [7]

    play(scene)


def test_the_heartbeat_goes_to_everyone_and_the_dead_are_forgotten() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("a", viewer("m", MANAGER), ["ward:3"])
        await s.hub.watch("b", viewer("m", MANAGER), ["ward:3"])
        s.wire.gone.add("b")
        s.hub.beat()
        await s.settle(0.05)
        beats = [d[Pulse.get_full_name()]["beat_rx_state_"] for to, d in s.wire.sent if to == EVERYONE]
        assert beats == [{"now": "t", "speed": 1.0, "seq": 1}]
        assert s.hub.status()["sockets"] == 1

    play(scene)


def test_what_nobody_watches_any_longer_is_forgotten() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("a", viewer("m", MANAGER), ["hospital"])
        for patient in range(20):
            await s.hub.watch("a", viewer("m", MANAGER), [f"patient:{patient}"], "drawer")
        assert s.hub.status()["lines"] == 21
        s.hub.beat()
        await s.settle(0.05)
        assert s.hub.status()["lines"] == s.hub.status()["channels"] == 2
        s.change("hospital")
        await s.settle()
        assert s.wire.values("hospital:full", "hospital") == [1]

    play(scene)


def test_signing_out_elsewhere_takes_the_person_out_of_the_rooms_and_closes_the_socket() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("a", viewer("m", MANAGER), ["ward:3"])
        await s.hub.watch("b", viewer("n", NURSE), ["ward:3"])
        s.living["m"] = None
        s.change(name="session.ended")
        await s.settle(0.05)
        assert s.wire.closed == ["a"]
        assert s.wire.ended("a") == ["signed_out"]
        assert s.wire.rooms["ward:3:full"] == {"b"}

    play(scene)


def test_losing_a_ward_ends_the_watching_too() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("b", viewer("n", NURSE), ["ward:3"])
        s.living["n"] = Actor(Role.NURSE, "Nina", 2, frozenset({4}))
        s.change(name="account.changed")
        await s.settle(0.05)
        assert s.wire.ended("b") == ["access_changed"]
        assert not s.wire.watched("ward:3:full")

    play(scene)


def test_a_session_that_ends_on_the_way_to_its_seat_is_shown_nothing() -> None:
    async def scene(s: Scene) -> None:
        s.living["m"] = None  # After the gate had let it pass.
        s.change(name="session.ended")
        await s.settle(0.05)
        await s.hub.watch("a", viewer("m", MANAGER), ["ward:3"])
        assert (s.wire.closed, s.wire.ended("a"), s.wire.values("a")) == (["a"], ["signed_out"], [])

    play(scene)


def test_every_heartbeat_or_so_sessions_are_asked_for_again() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("a", viewer("m", MANAGER), ["ward:3"])
        s.living["m"] = None  # Ran out: nobody announces that at the moment it happens.
        s.hub.beat()
        await s.settle(0.05)
        assert s.wire.closed == ["a"]

    play(scene)


# --- what names patients is written down first ------------------------------------------------------------------------


def test_opening_a_panel_that_names_patients_is_written_down_before_it_is_read() -> None:
    async def scene(s: Scene) -> None:
        looks_at_reading: list[int] = []

        async def note() -> None:
            looks_at_reading.append(len(s.looks))

        s.before_read = note
        await s.hub.watch("a", viewer("m", MANAGER), ["ward:3", "hospital"])
        assert s.looks == [("ward", 3)]
        assert looks_at_reading == [1, 1]

    play(scene)


def test_a_wall_hears_no_names_whoever_signed_in_there_and_stays() -> None:
    async def scene(s: Scene) -> None:
        assert await s.hub.watch("wall", viewer("m", MANAGER), ["ward:3"], masked=True) == []
        assert await s.hub.watch("door", viewer("n", NURSE), ["ward:4"], masked=True) == ["ward:4"]
        s.change("ward:3")
        await s.settle()
        await s.hub.recheck()
        assert s.reads == [(3, True), (3, True)]
        assert (s.wire.rooms.get("ward:3:full", set()), s.wire.rooms["ward:3:masked"]) == (set(), {"wall"})
        assert (s.looks, s.wire.closed_words("wall")) == ([], [""])
        # Back at the board the same person reads names again, and that is a look.
        await s.hub.watch("wall", viewer("m", MANAGER), ["ward:3"])
        assert s.wire.rooms["ward:3:masked"] == set()
        assert (s.reads[-1], s.looks) == ((3, False), [("ward", 3)])

    play(scene)


def test_a_masked_panel_is_no_look_and_a_push_is_no_new_one() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("h", viewer("h", HOUSEKEEPER), ["ward:3"])
        assert s.looks == []
        await s.hub.watch("n", viewer("n", NURSE), ["ward:3"])
        await s.hub.watch("n", viewer("n", NURSE), ["ward:3", "hospital"])  # The ward stays joined.
        for _ in range(3):
            s.change("ward:3")
            await s.settle(0.08)
        assert s.looks == [("ward", 3)]

    play(scene)


def test_what_cannot_be_written_down_is_not_shown_and_the_page_says_so() -> None:
    async def scene(s: Scene) -> None:
        s.unwritten = True
        await s.hub.watch("n", viewer("n", NURSE), ["ward:3"])
        s.change("ward:3")
        await s.settle()
        assert s.reads == []
        assert s.wire.values("n") == s.wire.values("ward:3:full") == []
        assert not s.wire.watched("ward:3:full")
        assert "could not be written down" in s.wire.closed_words("n")[-1]
        s.unwritten = False
        await s.hub.watch("n", viewer("n", NURSE), ["ward:3"])  # The page is opened again.
        assert s.wire.values("n") == [1]
        assert s.wire.closed_words("n")[-1] == ""

    play(scene)


def test_a_drawer_that_cannot_be_written_down_leaves_the_page_alone() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("m", viewer("m", MANAGER), ["ward:3"])
        s.unwritten = True
        await s.hub.watch("m", viewer("m", MANAGER), ["ward:5"], "drawer")
        assert {room for room, sids in s.wire.rooms.items() if "m" in sids} == {EVERYONE, "ward:3:full"}
        s.unwritten = False
        await s.hub.watch("m", viewer("m", MANAGER), ["hospital"], "other")
        assert s.wire.closed_words("m")[-1] != ""  # Another slot does not take the sentence back.
        await s.hub.watch("m", viewer("m", MANAGER), ["ward:5"], "drawer")
        assert s.wire.closed_words("m")[-1] == ""

    play(scene)


# --- a right that is lost while watching ------------------------------------------------------------------------------


def test_a_patient_who_is_moved_away_leaves_the_screen_with_the_event() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("n", viewer("n", NURSE), ["ward:3"], "board")
        await s.hub.watch("n", viewer("n", NURSE), ["patient:7"])
        await s.hub.watch("m", viewer("m", MANAGER), ["patient:7"])
        s.here = False
        s.change("patient:7", name="stay.moved")
        await s.settle()
        assert s.wire.shown("n", "patient")[-1] == {}
        assert s.wire.closed_words("n")[-1] == "No longer in your wards."
        assert s.wire.closed == []  # The socket stays, and with it what is still theirs.
        assert s.wire.rooms["ward:3:full"] == {"n"}
        # Nobody but whoever may still see it got what was read after the move.
        assert s.wire.rooms["patient:7:full"] == {"m"}
        assert s.wire.values("patient:7:full", "patient") == [1]

    play(scene)


def test_when_the_last_watcher_is_turned_out_nothing_is_sent_to_the_room() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("n", viewer("n", NURSE), ["patient:7"])
        s.here = False
        s.change("patient:7", name="stay.moved")
        await s.settle()
        s.change("patient:7")
        await s.settle()
        assert s.wire.values("patient:7:full", "patient") == []
        assert len(s.reads) == 2

    play(scene)


def test_a_move_between_the_asking_and_the_reading_is_seen() -> None:
    """The patient is moved after the joiner was let in and before the value was sent: it is not sent."""

    async def scene(s: Scene) -> None:
        async def move() -> None:
            s.here = False

        s.after_read = move
        await s.hub.watch("n", viewer("n", NURSE), ["patient:7"])
        assert s.wire.shown("n", "patient") == []
        assert s.wire.closed_words("n")[-1] == "No longer in your wards."
        assert not s.wire.watched("patient:7:full")

    play(scene)


def test_what_no_event_tells_is_found_by_the_regular_look() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("n", viewer("n", NURSE), ["patient:7"])
        s.here = False
        s.hub.beat()
        await s.settle(0.05)
        assert s.wire.shown("n", "patient")[-1] == {}

    play(scene)


def test_asking_that_fails_sends_nothing() -> None:
    async def scene(s: Scene) -> None:
        await s.hub.watch("n", viewer("n", NURSE), ["patient:7"])
        asked = s.hub._seats._rights.lost

        def away(watching: Any) -> Any:
            s.hub._seats._rights.lost = asked  # type: ignore[method-assign]
            raise ConnectionError("away")

        s.hub._seats._rights.lost = away  # type: ignore[method-assign]
        s.change("patient:7")
        await s.settle(0.2)
        assert s.wire.values("patient:7:full", "patient") == []
        await s.settle(0.5)  # Tried again, as a reading that failed is.
        assert s.wire.values("patient:7:full", "patient") == [1]

    play(scene)
