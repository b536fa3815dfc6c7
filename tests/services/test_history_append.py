"""A later export goes on where the kept history stops: audited in counts, all of it or nothing, and once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hospital_ops.domain.errors import ChangedMeanwhile, Conflict, Invalid, NotAllowed, Unavailable
from hospital_ops.infra import archive
from hospital_ops.services import history as past
from hospital_ops.services import history_append, history_keep
from hospital_ops.services.history_append import append_history
from tests.cast import Cast
from tests.services.test_history import BAD, GOOD, HEAD, _kept, _written, file, folder, seen

__all__ = ["file", "folder", "seen"]
NEW = "MRN-900005,PAT-80,2026-02-05T10:00,2026-02-09T11:30,44,female,Cardiac,I21,emergency,40"
ENDED = GOOD[2].replace("T10:00,,", "T10:00,2026-02-08T09:30,")
WRONG = GOOD[0].replace("01-05T14:00", "01-06T14:00")


@pytest.fixture(autouse=True)
def same_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_append, "get_settings", past.get_settings)


@pytest.fixture
def later(tmp_path: Path) -> tuple[Path, Path]:
    stays = _written(tmp_path / "later.csv", HEAD, WRONG, GOOD[1], ENDED, NEW, BAD)
    more = ["MRN-900005,2026-02-06T06:00,718-7,11,g/dL", "MRN-900001,2026-01-04T06:00,1988-5,40,mg/L"]
    return stays, _written(tmp_path / "more.csv", "stay_id,observed_at,code,value,unit", *more)


def test_it_is_added_and_ended_and_what_contradicts_is_listed(
    cast: Cast, folder: Path, file: Path, seen: Path, later: tuple[Path, Path]
) -> None:
    first = past.import_history(cast.admin, file, seen)
    told = append_history(cast.admin, *later)
    assert (told.changed, told.added, told.ended, told.unchanged, told.refused) == (True, 1, 1, 1, 3)
    assert [(one.file, one.line, one.reason) for one in told.problems.listed[1:]] == [
        ("later.csv", 2, "its end is not that of the kept stay."),
        ("more.csv", 3, "its stay contradicts the kept one."),
    ]
    assert told.problems.listed[0].line == 6
    assert (told.observations, told.unknown_columns) == (1, ("shoe_size",))
    kept = _kept(folder)
    assert kept.origin == told.origin
    assert (told.origin.kept, told.origin.read, told.origin.refused, told.origin.observations) == (4, 9, 5, 3)
    assert told.origin.digest != first.origin.digest
    assert [stay.discharged_at is None for stay in kept.stays] == [False] * 4
    # The same patient is one number in both files, and nothing else is left of anybody.
    assert kept.stays[3].patient_id == archive.keyed_id("patient_id", "PAT-80")


def test_the_audit_holds_counts_alone(cast: Cast, folder: Path, file: Path, later: tuple[Path, Path]) -> None:
    past.import_history(cast.admin, file)
    told = append_history(cast.admin, *later)
    (line,) = cast.audited("history.append")
    assert line.facts == {
        "added": 1, "ended": 1, "unchanged": 1, "refused": 3, "observations": 1, "forgotten": 0,
        "stays": 4, "grain": "hours", "digest": told.origin.digest,
    }  # fmt: skip
    assert "PAT" not in json.dumps([row.facts for row in cast.audited()])


def test_the_same_file_twice_changes_nothing(
    cast: Cast, folder: Path, file: Path, seen: Path, later: tuple[Path, Path]
) -> None:
    past.import_history(cast.admin, file, seen)
    append_history(cast.admin, *later)
    before = (folder / archive.IMPORTED).read_bytes()
    told = append_history(cast.admin, *later)
    assert (told.changed, told.added, told.ended, told.unchanged, told.observations) == (False, 0, 0, 3, 0)
    assert told.origin == _kept(folder).origin
    assert (folder / archive.IMPORTED).read_bytes() == before
    assert len(cast.audited("history.append")) == 1
    # The first file again knows less of who has left since: that is no reason to forget it.
    told = append_history(cast.admin, file, seen)
    assert (told.changed, told.unchanged) == (False, 2)
    assert "it has no end, and the kept stay has one." in {one.reason for one in told.problems.listed}


def test_it_needs_something_to_go_on_from_and_the_same_clock(
    cast: Cast, folder: Path, file: Path, tmp_path: Path
) -> None:
    with pytest.raises(Conflict, match="without --append") as refusal:
        append_history(cast.admin, file)
    assert refusal.value.code == "nothing_imported"
    past.import_history(cast.admin, file)
    lengths = HEAD.replace("admitted_at,discharged_at", "length_of_stay_days")
    days = GOOD[0].replace("T10:00", "").replace("T14:00", "")
    for path, words in (
        (
            _written(tmp_path / "lengths.csv", lengths, "1,1,3,70,female,Medicine,I50,emergency,41"),
            "no order to append in",
        ),
        (_written(tmp_path / "days.csv", HEAD, days), "knows hours and the file days but no hours"),
        (_written(tmp_path / "none.csv", HEAD, BAD), "no row that can be used"),
        (tmp_path / "nowhere.csv", "cannot be opened"),
    ):
        with pytest.raises(Invalid, match=words):
            append_history(cast.admin, path)
    elsewhere = _kept(folder)
    assert elsewhere.origin is not None
    moved = replace(elsewhere, origin=replace(elsewhere.origin, clock="Asia/Tokyo"))
    archive.stage(folder, 1, archive.sealed(moved))
    archive.adopt(folder, 1)
    with pytest.raises(Invalid, match="on the clock of Asia/Tokyo"):
        append_history(cast.admin, file)
    assert cast.audited("history.append") == []


def test_only_who_manages_models_may(cast: Cast, folder: Path, file: Path) -> None:
    for name in ("staffing", "manager", "nurse"):
        with pytest.raises(NotAllowed):
            append_history(cast.as_actor(name), file)


def test_who_was_slower_is_told(
    cast: Cast, folder: Path, file: Path, later: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    past.import_history(cast.admin, file)
    read = history_append._read

    def slowly(*given: Any) -> Any:
        past.import_history(cast.admin, later[0])
        return read(*given)

    monkeypatch.setattr(history_append, "_read", slowly)
    with pytest.raises(ChangedMeanwhile):
        append_history(cast.admin, *later)
    assert len(_kept(folder).stays) == 4
    assert archive.staged(folder) == []
    assert cast.audited("history.append") == []


@pytest.mark.parametrize("act", ["import", "append"])
@pytest.mark.parametrize("dies", ["stage", "adopt"])
def test_a_death_leaves_audit_and_history_agreed(
    cast: Cast, folder: Path, file: Path, later: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, act: str, dies: str
) -> None:
    """Before the commit the old one stays and no line is there; after it the new one is there at the next look."""
    past.import_history(cast.admin, file)
    before = (folder / archive.IMPORTED).read_bytes()
    real = getattr(archive, dies)

    def die(*given: Any) -> None:
        if dies == "stage":
            real(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(archive, dies, die)
        with pytest.raises(KeyboardInterrupt):
            (append_history if act == "append" else past.import_history)(cast.admin, *later)
    assert (folder / archive.IMPORTED).read_bytes() == before
    assert len(archive.staged(folder)) == 1
    history = past.for_training(cast.admin, past.IMPORTED)
    assert history is not None
    lines = [line for line in cast.audited(f"history.{act}") if line.facts["stays"] == 4]
    assert (len(history.stays), len(lines)) == ((3, 0) if dies == "stage" else (4, 1))
    assert archive.staged(folder) == []


def test_somebody_elses_half_way_is_left_to_them_while_the_database_is_away(
    cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.stage(folder, 7, b"sealed")

    def away() -> None:
        raise Unavailable("The database is away.")

    with monkeypatch.context() as gone:
        gone.setattr(history_keep, "read_session", away)
        history_keep.settle(folder)
    assert archive.staged(folder) == [7]
    history_keep.settle(folder)
    assert archive.staged(folder) == []


def test_lines_of_the_first_import_are_those_of_the_file(cast: Cast, folder: Path, seen: Path, tmp_path: Path) -> None:
    """Rows are sorted by admission; a refusal names the line where the row stood."""
    past.import_history(cast.admin, _written(tmp_path / "a.csv", HEAD, *GOOD), seen)
    mixed = _written(tmp_path / "b.csv", HEAD, NEW, ENDED, "", WRONG)
    told = append_history(cast.admin, mixed)
    assert [(one.line, one.reason) for one in told.problems.listed] == [(5, "its end is not that of the kept stay.")]
