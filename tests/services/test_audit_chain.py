"""The audit's chain: whole while nobody touches it, and the first touched line is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlmodel import Session

from hospital_ops.domain.access import CLOCK
from hospital_ops.domain.audit_chain import ORIGIN, canonical, head_words, link, read_head
from hospital_ops.domain.errors import NotAllowed
from hospital_ops.infra.embedded import Postgres, Valkey
from hospital_ops.queries.audit_chain import Verdict, verify
from hospital_ops.queries.clock import real_now
from hospital_ops.services import audit_chain
from hospital_ops.services.unit_of_work import unit_of_work
from tests.cast import Cast
from tests.own_hospital import own_hospital, run

Touch = Callable[..., None]


@pytest.fixture
def touch(cast: Cast, session: Session) -> Touch:
    """SQL as somebody who owns the database would type it: the triggers that forbid it are switched off first."""

    def run_sql(*statements: str, **values: object) -> None:
        for table in ("audit_entry", "audit_link"):
            session.connection().execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            session.connection().execute(text(statement), values)
        session.commit()

    return run_sql


def write(cast: Cast, lines: int = 5) -> list[int]:
    """Some lines of the audit. Gives their ids."""
    with unit_of_work(cast.nurse) as work:
        for n in range(lines):
            work.record("bed.mark_clean", "bed", n, ward_id=cast.wards["east"], old="dirty", wait=0.1 * n)
    return [line.id or 0 for line in cast.audited()][-lines:]


def look(known: tuple[int, bytes] | None = None) -> Verdict:
    return verify(audit_chain.chain_key(), real_now(), known=known)


def test_every_line_is_bound_once_and_the_chain_is_whole(cast: Cast) -> None:
    write(cast)
    first = audit_chain.seal(CLOCK)
    assert first.lines == first.number == len(cast.audited())
    assert audit_chain.seal(CLOCK) == audit_chain.Sealed(0, first.number, first.mac)
    write(cast, 2)
    assert look().waiting == 2
    second = audit_chain.seal(CLOCK)
    assert (second.lines, second.number) == (2, first.number + 2)
    verdict = look()
    assert verdict.is_whole
    assert (verdict.links, verdict.head, verdict.waiting) == (second.number, second.mac, 0)


def test_the_clocks_job_seals_and_writes_the_head_into_its_log(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    from workers.audit import seal_audit

    write(cast)
    with caplog.at_level("INFO", logger="workers.audit"):
        seal_audit(1, {})
        seal_audit(1, {})
    verdict = look()
    assert verdict.links == len(cast.audited())
    assert [line.getMessage().split(", head ")[1] for line in caplog.records] == [
        head_words(verdict.links, verdict.head)
    ]


def test_an_empty_chain_is_whole(db: None) -> None:
    assert look() == Verdict(0, ORIGIN, "", 0, 0)


def test_only_the_house_itself_seals(cast: Cast) -> None:
    for actor in (cast.admin, cast.manager, cast.nurse):
        with pytest.raises(NotAllowed):
            audit_chain.seal(actor)


def test_more_than_one_batch(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_chain, "BATCH", 2)
    write(cast)
    assert audit_chain.seal(CLOCK).lines == len(cast.audited())
    assert look().is_whole


@pytest.mark.parametrize(
    "change",
    [
        "user_id = 1",
        "action = 'bed.block'",
        "allowed = false",
        "ward_id = NULL",
        "at = at - interval '1 second'",
        "hospital_at = hospital_at + interval '1 day'",
        'facts = facts || \'{"old": "cleaning"}\'',
        "subject_id = subject_id + 1",
        "role = 'admin'",
    ],
)
def test_a_changed_line_is_named(cast: Cast, touch: Touch, change: str) -> None:
    third = write(cast)[2]
    audit_chain.seal(CLOCK)
    touch(f"UPDATE audit_entry SET {change} WHERE id = :id", id=third)
    verdict = look()
    assert not verdict.is_whole
    assert f"line {third} of the audit" in verdict.broken
    assert verdict.links == _number_of(cast, third) - 1


def test_the_first_of_several_is_named(cast: Cast, touch: Touch) -> None:
    ids = write(cast)
    audit_chain.seal(CLOCK)
    touch("UPDATE audit_entry SET role = 'admin' WHERE id IN (:a, :b)", a=ids[3], b=ids[1])
    assert f"line {ids[1]} " in look().broken


def test_a_removed_line_is_named_with_and_without_its_link(cast: Cast, touch: Touch) -> None:
    third = write(cast)[2]
    audit_chain.seal(CLOCK)
    number = _number_of(cast, third)
    touch("DELETE FROM audit_entry WHERE id = :id", id=third)
    assert look().broken == f"Link {number} is broken: line {third} of the audit is gone."
    touch("DELETE FROM audit_link WHERE audit_id = :id", id=third)
    assert look().broken == f"Link {number} is missing: the next one is {number + 1}."


def test_numbers_closed_up_after_a_removal_do_not_help(cast: Cast, touch: Touch) -> None:
    third = write(cast)[2]
    audit_chain.seal(CLOCK)
    number = _number_of(cast, third)
    touch(
        "DELETE FROM audit_entry WHERE id = :id",
        "DELETE FROM audit_link WHERE audit_id = :id",
        "UPDATE audit_link SET number = -number",
        "UPDATE audit_link SET number = CASE WHEN -number > :number THEN -number - 1 ELSE -number END",
        id=third,
        number=number,
    )
    assert f"Link {number} is broken" in look().broken


def test_a_line_slipped_into_the_past_is_found(cast: Cast, touch: Touch) -> None:
    write(cast)
    audit_chain.seal(CLOCK)
    touch(
        "INSERT INTO audit_entry (at, hospital_at, role, action, subject_type, allowed, facts)"
        " VALUES (now() - interval '3 hours', now(), 'nurse', 'patient.read', 'patient', true, '{}')"
    )
    assert audit_chain.seal(CLOCK).lines == 0
    verdict = look()
    assert not verdict.is_whole
    assert (verdict.broken, verdict.late) == ("", 1)


def test_a_cut_off_end_is_found_by_a_head_kept_elsewhere(cast: Cast, touch: Touch) -> None:
    last = write(cast)[-1]
    kept = audit_chain.seal(CLOCK)
    touch("DELETE FROM audit_link WHERE audit_id = :id", "DELETE FROM audit_entry WHERE id = :id", id=last)
    assert look().is_whole  # Without the head nothing shows it.
    assert "was cut off" in look((kept.number, kept.mac)).broken


def test_a_chain_made_anew_is_found_by_a_head_kept_elsewhere(cast: Cast, touch: Touch) -> None:
    third = write(cast)[2]
    kept = audit_chain.seal(CLOCK)
    touch("UPDATE audit_entry SET role = 'admin' WHERE id = :id", "DELETE FROM audit_link", id=third)
    audit_chain.seal(CLOCK)  # By somebody who has the key as well.
    assert look().is_whole
    assert "made anew" in look((kept.number, kept.mac)).broken


def test_without_the_key_no_link_can_be_made(cast: Cast) -> None:
    write(cast)
    audit_chain.seal(CLOCK)
    assert "Link 1 is broken" in verify(bytes(32), real_now()).broken


def test_the_database_itself_refuses_to_change_links(cast: Cast, session: Session) -> None:
    write(cast)
    audit_chain.seal(CLOCK)
    with pytest.raises(Exception, match="only ever added"):
        session.connection().execute(text("DELETE FROM audit_link"))


def test_a_line_is_the_same_bytes_on_every_machine() -> None:
    moment = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
    line = dict.fromkeys(("user_id", "registration_id", "subject_id", "ward_id")) | {
        "id": 7, "at": moment, "hospital_at": moment, "role": "nurse", "action": "x", "subject_type": "",
        "allowed": True, "facts": {"b": 1, "a": "é"},
    }  # fmt: skip
    elsewhere = line | {"at": moment.astimezone(ZoneInfo("Asia/Tokyo")), "facts": {"a": "é", "b": 1}}
    assert canonical(line) == canonical(elsewhere)
    mac = link(b"k" * 32, ORIGIN, 1, line)
    # Pinned: a change of what a link covers would break every chain there is.
    assert mac.hex() == "76479a21f5c50df32e4a8600b9d8826e0c8975447e031bfe3f7c0e325b391678"
    assert read_head(head_words(12, mac)) == (12, mac)
    for wrong in ("", "12", "x:ab", "12:zz", "12:" + "z" * 64, "-1:" + "a" * 64):
        with pytest.raises(ValueError, match="A head looks like"):
            read_head(wrong)


RACE = """
import json, threading
from hospital_ops.domain.access import CLOCK, Actor, Role
from hospital_ops.services import audit_chain
from hospital_ops.services.unit_of_work import unit_of_work
audit_chain.BATCH = 20
nurse, stop, made = Actor(Role.NURSE, "Nina"), threading.Event(), []
def write(name):
    for n in range(60):
        with unit_of_work(nurse) as work:
            work.record("bed.mark_clean", "bed", n)
            if n % 7 == 0:
                stop.wait(0.01)  # Committed after a line with a later id.
def keep_sealing():
    while not stop.is_set():
        made.append(audit_chain.seal(CLOCK).lines)
writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
sealers = [threading.Thread(target=keep_sealing) for _ in range(3)]
[t.start() for t in writers + sealers]
[t.join() for t in writers]
stop.set()
[t.join() for t in sealers]
made.append(audit_chain.seal(CLOCK).lines)
print(json.dumps(sum(made)))
"""
COMMAND = """
import sys
from hospital_ops.cli import main
sys.exit(main(["audit", "verify", *sys.argv[1:]]))
"""
TAMPER = """
from sqlalchemy import text
from hospital_ops.infra.db import engine
with engine().begin() as connection:
    connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
    connection.execute(text("UPDATE audit_entry SET role = 'admin' WHERE id = 100"))
"""


def test_writers_and_sealers_at_once_leave_one_whole_chain_and_the_command_says_so(
    servers: tuple[Postgres, Valkey],
) -> None:
    with own_hospital(servers[0]) as (environment, _):
        bound = json.loads(run(environment, RACE).splitlines()[-1])
        told = json.loads(run(environment, COMMAND, "--json"))
        assert (told["whole"], told["links"], told["waiting"]) == (True, 240, 0)
        assert bound == 240
        words = run(environment, COMMAND, "--head", told["head"])
        assert f"Head, to be kept elsewhere: {told['head']}" in words
        run(environment, TAMPER)
        broken = run(environment, COMMAND.replace("sys.exit(", "print('exit', ") + "\n")
        assert "line 100 of the audit" in broken
        assert broken.splitlines()[-1] == "exit 15"


def _number_of(cast: Cast, audit_id: int) -> int:
    return 1 + [line.id for line in cast.audited()].index(audit_id)


def test_a_late_commit_is_bound_by_the_next_sealing(cast: Cast, touch: Touch) -> None:
    """A line with an earlier id that is committed after the sealing of later ones, as a slow transaction's is."""
    ids = write(cast)
    audit_chain.seal(CLOCK)
    touch(
        "INSERT INTO audit_entry (id, at, hospital_at, role, action, subject_type, allowed, facts)"
        " VALUES (:id, :at, now(), 'nurse', 'slow', '', true, '{}')",
        id=ids[0] - 100_000,
        at=real_now() - timedelta(minutes=5),
    )
    assert audit_chain.seal(CLOCK).lines == 1
    assert look().is_whole
