"""The sealed boards: what stands in them, who may write them, and who has opened one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hospital_ops.commands.downtime_page import page
from hospital_ops.config import get_settings
from hospital_ops.domain.clockwork import JOBS, newest_slot
from hospital_ops.domain.downtime import Opening, age_words
from hospital_ops.domain.errors import NotAllowed
from hospital_ops.domain.placement import Isolation
from hospital_ops.domain.stays import Away
from hospital_ops.infra import downtime_files, secret_files
from hospital_ops.infra.crypto import Tampered
from hospital_ops.models import BedRequest
from hospital_ops.queries.clock import hospital_zone, real_now
from hospital_ops.services import away, beds, downtime, stays
from tests.cast import Cast, fresh
from workers.clock import Ticker
from workers.downtime import keep_downtime_boards

NASTY = "<img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of this test's own."""
    monkeypatch.setenv("HOSPITAL_DATA_DIR", str(tmp_path))
    get_settings.cache_clear()
    yield tmp_path / "downtime"
    monkeypatch.undo()
    get_settings.cache_clear()


def board(code: str) -> dict[str, Any]:
    return dict(json.loads(downtime_files.board(code)))


def bed(code: str, label: str) -> dict[str, Any]:
    return next(row for row in board(code)["beds"] if row["label"] == label)


def test_a_board_has_what_a_nurse_needs(cast: Cast) -> None:
    maria = cast.occupy("E3", isolation=Isolation.CONTACT)
    away.depart(cast.manager, cast.beds["E3"], Away.THEATRE)
    stays.order_discharge(cast.manager, cast.beds["E3"])
    beds.block(cast.manager, cast.beds["E2"], "broken rail")
    waiting = cast.waiting(cast.patient("José", "Núñez", policy="A-2"), ward_id=cast.wards["east"])
    assert downtime.keep_boards() == {"wards": 2, "opened": 0}

    told = bed("east", "E3")
    patient = told["patient"]
    assert (patient["name"], patient["born"], patient["age"], patient["id"]) == (
        "Sandoval, Maria",
        "1961-04-12",
        64,
        maria,
    )
    assert (patient["isolation"], patient["away"], patient["leaves"]) == (
        "contact",
        "in theatre",
        "Ordered to leave today",
    )
    assert any("Discharge letter" in task["what"] for task in told["tasks"])
    assert (bed("east", "E2")["words"], bed("east", "E2")["reason"]) == ("blocked", "broken rail")
    assert [row["name"] for row in board("east")["coming"]] == ["Núñez, José"]
    assert board("west")["coming"] == []
    assert {"name": "Nina Nurse", "role": "nurse"} in board("east")["staff"]
    assert "Noel Nurse" not in json.dumps(board("east"))
    assert fresh(BedRequest, waiting).closed_at is None


def test_the_files_are_sealed_and_their_owners_alone(cast: Cast, folder: Path) -> None:
    cast.occupy("E1")
    downtime.keep_boards()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in folder.iterdir()} == {"east.board", "west.board"}
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        assert b"Sandoval" not in path.read_bytes()


def test_the_newest_replaces_the_one_before(cast: Cast, folder: Path) -> None:
    downtime.keep_boards()
    downtime_files.replace_all({**dict.fromkeys(("east", "west"), b"{}"), "closed/../ward": b"{}"})
    assert downtime_files.wards() == ["closed/../ward", "east", "west"]
    cast.occupy("E1")
    downtime.keep_boards()
    assert bed("east", "E1")["patient"]["name"] == "Sandoval, Maria"
    assert downtime_files.wards() == ["east", "west"]
    assert len(list(folder.iterdir())) == 2


def test_what_was_read_is_in_the_audit(cast: Cast) -> None:
    cast.occupy("E1")
    keep_downtime_boards(1, {})
    (line,) = cast.audited("downtime.keep")
    assert line.facts == {"wards": 2, "patients": 1}


@pytest.mark.parametrize("who", ["nurse", "manager", "admin", "feed"])
def test_nobody_writes_them_but_the_house_itself(cast: Cast, who: str, folder: Path) -> None:
    with pytest.raises(NotAllowed):
        downtime.keep_boards(cast.as_actor(who))
    assert not folder.exists()


def test_another_wards_file_in_this_wards_place_does_not_open(cast: Cast, folder: Path) -> None:
    downtime.keep_boards()
    (folder / "east.board").write_bytes((folder / "west.board").read_bytes())
    with pytest.raises(Tampered):
        downtime_files.board("east")


@pytest.mark.parametrize("place", [0, 20, 40, -1])
def test_one_changed_byte_is_seen(cast: Cast, folder: Path, place: int) -> None:
    downtime.keep_boards()
    raw = bytearray((folder / "east.board").read_bytes())
    raw[place] ^= 1
    (folder / "east.board").write_bytes(bytes(raw))
    with pytest.raises(Tampered):
        downtime_files.board("east")


def test_an_opening_is_taken_into_the_audit_once(cast: Cast) -> None:
    downtime.keep_boards()
    opening = Opening(cast.wards["east"], "east", "nina", "2026-03-02T15:04:00+00:00", board("east")["written_at"])
    number = downtime.note_opening(opening)
    kept = (downtime_files.folder() / f"{number:016x}.opened").read_bytes()
    assert b"nina" not in kept
    assert downtime.keep_boards()["opened"] == 1
    (line,) = cast.audited("downtime.open")
    assert (line.ward_id, line.facts["account"], line.facts["opened_at"]) == (
        cast.wards["east"],
        "nina",
        opening.opened_at,
    )
    # The worker died after its commit: the note lies there again.
    secret_files.write_bytes(downtime_files.folder() / f"{number:016x}.opened", kept)
    assert downtime.keep_boards()["opened"] == 0
    assert len(cast.audited("downtime.open")) == 1
    assert downtime_files.notes() == []


def test_a_note_that_was_changed_is_kept_and_told(cast: Cast) -> None:
    number = downtime.note_opening(Opening(cast.wards["east"], "east", "nina", "", ""))
    path = downtime_files.folder() / f"{number:016x}.opened"
    path.write_bytes(path.read_bytes()[:-1])
    downtime.take_in_openings()
    downtime.take_in_openings()
    assert [line.facts for line in cast.audited("downtime.note_unreadable")] == [{"note": f"{number:016x}"}]
    assert path.with_suffix(".unreadable").exists()


def test_the_page_escapes_what_people_wrote_and_fetches_nothing(cast: Cast) -> None:
    cast.occupy("E1", cast.patient(NASTY, NASTY))
    beds.block(cast.manager, cast.beds["E2"], NASTY)
    downtime.keep_boards()
    html = page(board("east"), real_now())
    assert NASTY not in html
    assert "&lt;img src=x" in html
    assert "default-src 'none'" in html
    assert "src=" not in html.replace("&lt;img src=x", "")


def test_the_page_says_how_old_it_is(cast: Cast) -> None:
    downtime.keep_boards()
    told = board("east")
    written = datetime.fromisoformat(told["written_at"])
    assert "Look at the ward" not in page(told, written + timedelta(minutes=15))
    assert "This board is 2 hours 5 minutes old. Look at the ward" in page(told, written + timedelta(minutes=125))
    assert "As of Mon 02 Mar 10:00" in page(told, written)
    assert age_words(written, written + timedelta(days=4)) == "4 days"
    assert age_words(written, written + timedelta(minutes=61)) == "1 hour 1 minute"


def test_they_are_written_by_real_time_however_the_simulated_day_runs(cast: Cast) -> None:
    (job,) = (job for job in JOBS if job.name == "keep_downtime_boards")
    assert job.by_real_time
    slot = newest_slot(job, datetime(2026, 11, 24, 17, 29, 59, tzinfo=UTC), hospital_zone())
    assert slot == datetime(2026, 11, 24, 17, 25, tzinfo=UTC)
    clock = Ticker()
    assert "keep_downtime_boards" in clock.tick()
    before = clock.fired["keep_downtime_boards"]
    cast.later(600)
    assert "expire_blocks" in clock.tick()
    assert clock.fired["keep_downtime_boards"] - before <= timedelta(minutes=5)
    assert abs(before - real_now()) < timedelta(minutes=6)
