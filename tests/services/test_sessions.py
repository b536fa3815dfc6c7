"""Sessions: how long they live, who may end which, and what everybody is told when one is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from hospital_ops.domain.access import CLOCK, Role
from hospital_ops.domain.errors import NotAllowed, NotFound
from hospital_ops.domain.tasks import StaffStatus
from hospital_ops.infra.db import read_session
from hospital_ops.models import OutboxEvent, WebSession
from hospital_ops.queries.clock import real_now
from hospital_ops.queries.sessions import PATIENT_IDLE
from hospital_ops.services import sessions
from hospital_ops.services.intake import start
from tests.cast import PASSWORD, Cast, fresh
from tests.services.six import Written, nothing_written

HOME = "192.0.2.10"
IDLE, WHOLE = timedelta(minutes=15), timedelta(hours=12)
SECOND = timedelta(seconds=1)
Clock = Callable[[timedelta], datetime]


@pytest.fixture
def after(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let so much real time pass."""
    began = real_now()

    def move(by: timedelta) -> datetime:
        monkeypatch.setattr(sessions, "real_now", lambda: began + by)
        return began + by

    return move


def sign_in(name: str = "nurse", browser: str = "") -> sessions.SignedIn:
    return sessions.sign_in(name, PASSWORD, address=HOME, browser=browser)


def row_of(signed_in: sessions.SignedIn) -> WebSession:
    return fresh(WebSession, signed_in.actor.session_id or 0)


# --- how long they live ----------------------------------------------------------------------------------------------


def test_an_idle_session_is_over_after_a_quarter_of_an_hour(cast: Cast, after: Clock) -> None:
    signed_in = sign_in()
    after(IDLE - SECOND)
    assert sessions.peek_actor(signed_in.token) == signed_in.actor
    after(IDLE + SECOND * 2)
    assert sessions.peek_actor(signed_in.token) is None
    assert sessions.actor_of_session(signed_in.token) is None


def test_whoever_does_something_stays_and_whoever_only_watches_does_not(cast: Cast, after: Clock) -> None:
    signed_in = sign_in()
    after(timedelta(minutes=14))
    assert sessions.actor_of_session(signed_in.token) == signed_in.actor
    after(timedelta(minutes=28))
    assert sessions.peek_actor(signed_in.token) == signed_in.actor  # Looking on is no doing.
    after(timedelta(minutes=30))
    assert sessions.peek_actor(signed_in.token) is None


def test_no_doing_keeps_a_session_beyond_a_shift(cast: Cast, after: Clock) -> None:
    signed_in = sign_in()
    for minutes in range(10, int(WHOLE.total_seconds() / 60), 10):
        after(timedelta(minutes=minutes))
        assert sessions.actor_of_session(signed_in.token) is not None, minutes
    after(WHOLE + SECOND)
    assert sessions.actor_of_session(signed_in.token) is None


def test_a_click_a_second_is_no_write_a_second(cast: Cast, after: Clock) -> None:
    signed_in = sign_in()
    seen = row_of(signed_in).seen_at
    after(timedelta(seconds=50))
    sessions.actor_of_session(signed_in.token)
    assert row_of(signed_in).seen_at == seen
    now = after(timedelta(seconds=61))
    sessions.actor_of_session(signed_in.token)
    assert row_of(signed_in).seen_at == now


def test_a_patient_may_look_for_the_card_longer(cast: Cast, after: Clock) -> None:
    token = sessions.patient_session(start().registration_id)
    after(PATIENT_IDLE - SECOND)
    assert sessions.peek_actor(token) is not None
    after(PATIENT_IDLE + SECOND * 2)
    assert sessions.peek_actor(token) is None


@pytest.mark.parametrize("token", ["", "made-up", "\0", "x" * 10_000])
def test_what_is_no_session_is_nobodys(cast: Cast, token: str) -> None:
    assert sessions.actor_of_session(token) is None
    sessions.sign_out(token)


def test_the_clock_ends_what_has_run_out_and_nothing_else(cast: Cast, after: Clock) -> None:
    with pytest.raises(NotAllowed):
        sessions.end_idle_sessions(cast.nurse)
    idle, alive = sign_in(), sign_in("doctor")
    after(timedelta(minutes=10))
    sessions.actor_of_session(alive.token)
    after(timedelta(minutes=20))
    assert sessions.end_idle_sessions(CLOCK) == 1
    assert sessions.end_idle_sessions(CLOCK) == 0
    assert [row.subject_id for row in cast.audited("session.expire")] == [idle.actor.session_id]
    assert cast.person("nurse").current_status == StaffStatus.OFF_SHIFT


# --- ending them -----------------------------------------------------------------------------------------------------


def test_one_ends_ones_own_other_browser(cast: Cast) -> None:
    here, there = sign_in(browser="Chrome on Android"), sign_in(browser="Edge on Windows")
    before = Written.now()
    sessions.end_own(here.actor, there.actor.session_id or 0)
    assert sessions.actor_of_session(there.token) is None
    assert sessions.actor_of_session(here.token) == here.actor
    assert Written.now().since(before).names == (("session.revoke",), ("session.ended",))
    assert cast.person("nurse").current_status == StaffStatus.AVAILABLE  # She is still here.


def test_nobody_ends_a_colleagues_and_it_reads_like_none(cast: Cast) -> None:
    mine, theirs = sign_in(), sign_in("doctor")
    before = Written.now()
    for session_id in (theirs.actor.session_id or 0, 987_654):
        with pytest.raises(NotFound, match="no such sign-in of yours"):
            sessions.end_own(mine.actor, session_id)
    assert nothing_written(before)
    assert sessions.actor_of_session(theirs.token) == theirs.actor


def test_ending_twice_changes_nothing_more(cast: Cast) -> None:
    here, there = sign_in(), sign_in()
    sessions.end_own(here.actor, there.actor.session_id or 0)
    before = Written.now()
    sessions.end_own(here.actor, there.actor.session_id or 0)
    sessions.sign_out(there.token)
    assert sessions.end_others(here.actor) == 0
    assert nothing_written(before)


def test_one_ends_all_others_and_stays(cast: Cast) -> None:
    here, *others, stranger = sign_in(), sign_in(), sign_in(), sign_in("doctor")
    assert sessions.end_others(here.actor) == 2
    assert [sessions.actor_of_session(one.token) for one in others] == [None, None]
    assert sessions.actor_of_session(here.token) == here.actor
    assert sessions.actor_of_session(stranger.token) == stranger.actor


def test_a_patient_has_no_account_to_end_sessions_of(cast: Cast) -> None:
    patient = sessions.peek_actor(sessions.patient_session(start().registration_id))
    assert patient is not None
    assert patient.role is Role.PATIENT
    for call in (lambda: sessions.end_own(patient, 1), lambda: sessions.end_others(patient)):
        with pytest.raises(NotAllowed):
            call()


def test_only_whoever_manages_accounts_ends_anybodys(cast: Cast) -> None:
    signed_in = sign_in()
    for other in (cast.manager, cast.doctor):
        with pytest.raises(NotAllowed):
            sessions.end_session(other, signed_in.actor.session_id or 0)
    sessions.end_session(cast.admin, signed_in.actor.session_id or 0)
    assert sessions.actor_of_session(signed_in.token) is None
    assert cast.audited("session.revoke")[-1].user_id == cast.people["admin"]


def test_the_events_name_the_accounts_page_and_no_secret(cast: Cast) -> None:
    signed_in = sign_in()
    sessions.sign_out(signed_in.token)
    with read_session() as session:
        found = select(OutboxEvent).where(col(OutboxEvent.name).like("session.%")).order_by(col(OutboxEvent.id))
        events = list(session.exec(found))
    assert [event.name for event in events] == ["session.begun", "session.ended"]
    for event in events:
        assert event.facts == {"session_id": signed_in.actor.session_id}
        assert f"account:{cast.people['nurse']}" in event.topics
