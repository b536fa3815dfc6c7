"""What the server pushes into browsers and never keeps: `Feed` (the panels' values) and `Pulse` (is it still true).

No handler assigns these vars, so no patient's word is pickled into Redis with a tab's state. The hub sends raw state
updates; a hydrate leaves the vars alone, so that a reconnect never blanks a board.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

WARD_VARS = 40
Delta = dict[str, dict[str, Any]]


def only_when_compiled(self: rx.State, include_computed: bool = True, initial: bool = False, **kwargs: Any) -> Delta:
    """Stands in for `dict` in a state whose vars a hydrate must leave as the page has them: what was pushed, and who sits
    there. A tab whose state began anew (Redis was away) would else be blank until its page has arrived again."""
    if initial:
        return rx.State.dict(self, include_computed=include_computed, initial=True, **kwargs)
    return {self.get_full_name(): {}}


only_when_compiled.__override_base_method__ = True  # type: ignore[attr-defined]  # Reflex asks for this mark.


class Feed(rx.State):
    """One var a topic kind; one var a ward, by the ward's position. Add a var here, its topic in state/topics.py."""

    hospital: dict[str, Any] = {}
    bed: dict[str, Any] = {}
    tasks: dict[str, Any] = {}
    desk: dict[str, Any] = {}
    registration: dict[str, Any] = {}
    verify: dict[str, Any] = {}
    dispatch: dict[str, Any] = {}
    staffing: dict[str, Any] = {}
    roster: dict[str, Any] = {}
    patient: dict[str, Any] = {}
    account: dict[str, Any] = {}
    me: dict[str, Any] = {}
    own_strain: dict[str, Any] = {}
    strain: dict[str, Any] = {}
    contests: dict[str, Any] = {}
    swaps: dict[str, Any] = {}
    # No topic: a new secret or recovery codes, shown to the one browser that asked (push.show) and kept nowhere.
    once: dict[str, Any] = {}
    accounts: dict[str, Any] = {}
    models: dict[str, Any] = {}
    managed: dict[str, Any] = {}
    wards: dict[str, Any] = {}
    # No topics: shown to the one browser that asked (push.show). `handover` is a password that is kept nowhere.
    audit: dict[str, Any] = {}
    report: dict[str, Any] = {}
    house: dict[str, Any] = {}
    handover: dict[str, Any] = {}
    replay: dict[str, Any] = {}
    what_if: dict[str, Any] = {}

    dict = only_when_compiled


for _position in range(1, WARD_VARS + 1):
    Feed.add_var(f"ward_{_position:02d}", dict[str, Any], {})


class Pulse(rx.State):
    """`beat` every 3 s while the line to the database is open; `ended` when the session is; `problem` to be told.

    `closed`: why a panel of this page shows nothing, for as long as it does.
    """

    beat: dict[str, Any] = {}
    ended: str = ""
    problem: dict[str, Any] = {}
    closed: str = ""

    dict = only_when_compiled


def delta_of(state: type[rx.State], **values: Any) -> Delta:
    """A raw state update, in the form in which Reflex's own deltas travel."""
    return {state.get_full_name(): {f"{name}_rx_state_": value for name, value in values.items()}}


_told = 0


def problem_delta(sentence: str, code: str = "") -> Delta:
    """Tell one browser a sentence; by its code a page may have other words. The number makes the same twice two messages."""
    global _told
    _told += 1
    return delta_of(Pulse, problem={"sentence": sentence, "code": code, "seq": _told})


def signed_out_delta(code: str = "signed_out") -> Delta:
    """Tell one browser that its session is over; it goes to the login page and takes its data off the screen."""
    return delta_of(Pulse, ended=code)
