"""kill -9 of the relay at its two seams, between commit and send and between send and mark: everything is done once."""

from __future__ import annotations

from datetime import timedelta

from hospital_ops.infra.db import engine
from hospital_ops.queries.clock import hospital_now
from hospital_ops.services import clock, placement
from tests.chaos.hospital import Hospital, Phone, lost
from tests.chaos.waiting import until

UNSENT = "SELECT count(*) FROM outbox_event WHERE sent_at IS NULL AND id > :since"
# The relay has sent and waits for the table before it can mark.
ABOUT_TO_MARK = """SELECT count(*) FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE outbox_event SET sent_at%'"""
DONE = {
    "score_one": "SELECT count(*) FROM audit_entry WHERE action = 'forecast.score_one' AND id > :since",
    "score_all": "SELECT count(*) FROM audit_entry WHERE action = 'forecast.score' AND id > :since",
}


class Deeds:
    """Things done while the relay cannot send, each with a consequence that a worker owes: a card to read, a patient to
    forecast, a job of the clock."""

    def __init__(self, hospital: Hospital) -> None:
        self.hospital = hospital
        self.audit = hospital.count("SELECT coalesce(max(id), 0) FROM audit_entry")
        self.events = hospital.count("SELECT coalesce(max(id), 0) FROM outbox_event")
        self.phones: list[Phone] = [hospital.phone(web) for web in (0, 1)]
        self.cards = [phone.send() for phone in self.phones]
        cast = hospital.cast
        self.request = cast.waiting()
        placement.place(cast.manager, self.request, cast.beds["E1"], override="as the scene wants it")
        assert clock.fire("score_discharges", hospital_now() + timedelta(seconds=self.events)), "a slot of its own"

    def assert_done_once(self) -> None:
        for number in self.cards:
            self.hospital.finished(number)
        self.hospital.quiet()
        for number in self.cards:
            self.hospital.assert_read_once(number)
            assert self.hospital.audited("document.begin_reading", number) == 1
        for name, statement in DONE.items():
            assert self.hospital.count(statement, since=self.audit) == 1, name

    def undo(self) -> None:
        """The bed is empty and clean again, for the next scene."""
        self.hospital.empty("E1")


def test_killed_between_commit_and_send(hospital: Hospital) -> None:
    boards = [hospital.board(web) for web in (0, 1)]
    hospital.house.freeze("relay")
    deeds = Deeds(hospital)
    hospital.house.kill("relay")
    assert hospital.count(UNSENT, since=deeds.events) >= len(deeds.cards) + 2
    assert hospital.count("SELECT count(*) FROM document WHERE status = 'received'") == len(deeds.cards)
    for board in boards:
        board.settles()  # Boards hear the commit itself and need no relay.
    hospital.house.begin_again("relay")
    deeds.assert_done_once()
    deeds.undo()
    for board in boards:
        board.settles()


def test_killed_between_send_and_mark(hospital: Hospital) -> None:
    board = hospital.board(web=1)
    hospital.house.freeze("relay")
    hospital.house.freeze("worker")  # So that what was sent twice also lies in the queue twice.
    deeds = Deeds(hospital)
    with engine().connect() as connection:
        # Readers, and who locks rows, pass; who writes waits: the relay sends and cannot mark.
        connection.exec_driver_sql("LOCK TABLE outbox_event IN SHARE MODE")
        hospital.house.thaw("relay")
        until(lambda: hospital.count(ABOUT_TO_MARK), 20, lambda: "the relay did not come to marking")
        hospital.house.kill("relay")
        connection.rollback()
    sent = hospital.queued()  # A frozen worker may have had its hand on one of them already.
    assert sent >= len(deeds.cards)
    assert hospital.count(UNSENT, since=deeds.events) >= len(deeds.cards) + 2
    hospital.house.begin_again("relay")
    until(lambda: hospital.queued() >= sent + len(deeds.cards), 20, lambda: f"{hospital.queued()} queued")
    hospital.house.thaw("worker")
    deeds.assert_done_once()
    deeds.undo()
    board.settles()


def test_a_task_that_fell_between_queue_and_worker_is_done_all_the_same(hospital: Hospital) -> None:
    hospital.search()  # Nothing from before.
    hospital.house.freeze("worker")
    board = hospital.board()
    audit = hospital.count("SELECT coalesce(max(id), 0) FROM audit_entry")
    assert clock.fire("score_discharges", hospital_now() + timedelta(days=1, seconds=audit)), "a slot of its own"
    event = hospital.count("SELECT max(id) FROM outbox_event WHERE name = 'clock.fired'")
    until(lambda: not hospital.count(UNSENT, since=event - 1), 20)
    hospital.forget_queue()
    hospital.house.kill("worker")
    hospital.house.begin_again("worker")
    hospital.quiet()
    assert lost() == [event], "in nobody's books"
    hospital.search()
    hospital.quiet()
    assert hospital.count(DONE["score_all"], since=audit) == 1
    board.settles()
