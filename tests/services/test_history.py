"""A hospital's past comes in: sealed, under keyed numbers, once, audited in counts, and never mixed with the simulated one."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from hospital_ops.config import get_settings
from hospital_ops.domain.errors import Invalid, NotAllowed
from hospital_ops.domain.history import Grain, History
from hospital_ops.infra import archive
from hospital_ops.infra.db import new_session
from hospital_ops.models import Encounter, Observation, Patient
from hospital_ops.services import history as past
from hospital_ops.services import stays
from hospital_ops.sim.history import generate
from tests.cast import Cast

HEAD = "stay_id,patient_id,admitted_at,discharged_at,age,sex,unit,diagnosis_code,admission_source,shoe_size"
GOOD = [
    "MRN-900001,PAT-77,2026-01-02T10:00,2026-01-05T14:00,71,female,Medicine,I50.9,emergency,41",
    "MRN-900002,PAT-77,2026-02-02T10:00,2026-02-03T16:00,[70-80),female,Cardiac,I50.9,emergency,41",
    "MRN-900003,PAT-78,2026-02-04T10:00,,30,male,Moonbase,I50.9,emergency,44",
]
BAD = "MRN-900004,PAT-79,2026-02-30T10:00,2026-03-01T10:00,30,male,Medicine,I50.9,emergency,44"
SEEN = [
    "MRN-900001,2026-01-03T06:00,1988-5,80,mg/L",
    "MRN-900001,2026-01-03T06:00,2345-7,5.25,mmol/L",
    "MRN-999999,2026-01-03T06:00,1988-5,80,mg/L",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings = get_settings().model_copy(update={"data_dir": tmp_path / "data"})
    monkeypatch.setattr(past, "get_settings", lambda: settings)
    return tmp_path / "data"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return _written(tmp_path / "stays.csv", HEAD, *GOOD, BAD)


@pytest.fixture
def seen(tmp_path: Path) -> Path:
    return _written(tmp_path / "seen.csv", "stay_id,observed_at,code,value,unit", *SEEN)


def _written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def _kept(folder: Path) -> History:
    found = archive.read_imported(folder)
    assert found is not None
    return found


def test_good_rows_are_kept_and_bad_ones_said(cast: Cast, folder: Path, file: Path, seen: Path) -> None:
    told = past.import_history(cast.admin, file, seen)
    assert (told.origin.read, told.origin.kept, told.origin.refused, told.origin.observations) == (4, 3, 2, 2)
    assert told.problems is not None
    assert [(one.file, one.line) for one in told.problems.listed] == [("stays.csv", 5), ("seen.csv", 4)]
    assert told.unknown_columns == ("shoe_size",)
    assert "Moonbase" in told.unknown_units
    assert (told.unfinished, told.split, told.read_by_models, told.left_codes) == (
        1,
        "chronological",
        1,
        (("2345-7", 1),),
    )
    kept = _kept(folder)
    assert [stay.unit for stay in kept.stays] == ["Medicine", "Cardiac", "Moonbase"]
    assert kept.origin == told.origin
    # An unread value comes back to the last digit, with its unit in its name.
    assert [(kept.observations.at(n).code, kept.observations.at(n).value) for n in range(2)] == [
        ("1988-5", 80.0),
        ("2345-7 mmol/L", 5.25),
    ]


def test_no_identifier_and_no_word_lies_on_the_disk(cast: Cast, folder: Path, file: Path) -> None:
    past.import_history(cast.admin, file)
    raw = (folder / archive.IMPORTED).read_bytes()
    assert not zipfile.is_zipfile(folder / archive.IMPORTED)
    assert (folder / archive.IMPORTED).stat().st_mode & 0o777 == 0o600
    for word in (b"MRN-900001", b"PAT-77", b"Moonbase", b"I50.9", b"admitted_at"):
        assert word not in raw
    first, second, third = _kept(folder).stays
    # The same patient is the same number, here and in the next file; nothing else is left of the identifier.
    assert first.patient_id == second.patient_id == archive.keyed_id("patient_id", "PAT-77") != third.patient_id
    assert "900001" not in str(first)


def test_the_audit_holds_counts_and_a_hash(cast: Cast, folder: Path, file: Path, seen: Path) -> None:
    told = past.import_history(cast.admin, file, seen)
    (line,) = cast.audited("history.import")
    assert line.facts == {
        "stays": 3, "refused": 2, "observations": 2, "grain": "hours", "digest": told.origin.digest
    }  # fmt: skip
    assert "PAT" not in json.dumps([row.facts for row in cast.audited()])


def test_the_same_file_twice_changes_nothing(cast: Cast, folder: Path, file: Path, seen: Path) -> None:
    past.import_history(cast.admin, file, seen)
    before = (folder / archive.IMPORTED).read_bytes()
    assert past.import_history(cast.admin, file, seen).again
    assert (folder / archive.IMPORTED).read_bytes() == before
    assert len(cast.audited("history.import")) == 1
    # Without its observations it is another history.
    told = past.import_history(cast.admin, file)
    assert (told.again, told.before is not None) == (False, True)
    assert len(_kept(folder).observations) == 0


def test_another_file_replaces_the_one_before(cast: Cast, folder: Path, file: Path, tmp_path: Path) -> None:
    past.import_history(cast.admin, file)
    told = past.import_history(cast.admin, _written(tmp_path / "later.csv", HEAD, GOOD[0]))
    assert told.before is not None
    assert told.before.kept == 3
    assert len(_kept(folder).stays) == 1


def test_a_real_history_is_never_mixed_with_the_simulated_one(cast: Cast, folder: Path, file: Path) -> None:
    archive.write(folder, generate(7, datetime(2026, 3, 2, 15, tzinfo=UTC), days=5))
    simulated = past.for_training(cast.admin)
    assert simulated is not None
    assert simulated.simulated
    assert cast.audited("history.read") == []
    assert past.import_history(cast.admin, file).replaces_simulated
    real = past.for_training(cast.admin)
    assert real is not None
    assert (real.simulated, len(real.stays)) == (False, 3)
    assert [line.facts for line in cast.audited("history.read")] == [{"source": "imported", "stays": 3}]
    assert past.forget_imported(cast.admin) is not None
    again = past.for_training(cast.admin)
    assert again is not None
    assert again.simulated
    assert past.forget_imported(cast.admin) is None
    assert len(cast.audited("history.forget")) == 1


def test_only_who_manages_models_may(cast: Cast, folder: Path, file: Path) -> None:
    for name in ("staffing", "manager", "nurse"):
        for act in (
            lambda actor: past.import_history(actor, file),
            past.for_training,
            past.forget_imported,
        ):
            with pytest.raises(NotAllowed):
                act(cast.as_actor(name))
    assert not folder.exists()


def test_a_file_that_is_no_use_leaves_what_was_there(cast: Cast, folder: Path, file: Path, tmp_path: Path) -> None:
    past.import_history(cast.admin, file)
    before = (folder / archive.IMPORTED).read_bytes()
    for path, words in (
        (_written(tmp_path / "few.csv", "stay_id,patient_id,age"), "lacks the columns sex"),
        (_written(tmp_path / "none.csv", HEAD, BAD), "no row that can be used"),
        (tmp_path / "nowhere.csv", "cannot be opened"),
    ):
        with pytest.raises(Invalid, match=words):
            past.import_history(cast.admin, path)
    assert (folder / archive.IMPORTED).read_bytes() == before
    assert len(cast.audited("history.import")) == 1


def test_a_changed_file_is_not_learned_from_and_can_be_imported_again(cast: Cast, folder: Path, file: Path) -> None:
    past.import_history(cast.admin, file)
    lies = folder / archive.IMPORTED
    raw = bytearray(lies.read_bytes())
    raw[-1] ^= 1
    lies.write_bytes(bytes(raw))
    with pytest.raises(Invalid, match="Import it again"):
        past.for_training(cast.admin)
    assert not past.import_history(cast.admin, file).again
    assert len(_kept(folder).stays) == 3


def test_without_its_audit_line_nothing_is_kept(
    cast: Cast, folder: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*told: object, **facts: object) -> None:
        raise RuntimeError("no line")

    monkeypatch.setattr("hospital_ops.services.unit_of_work.Work.record", refuse)
    with pytest.raises(RuntimeError):
        past.import_history(cast.admin, file)
    assert not (folder / archive.IMPORTED).exists()


def _changed(patient_id: int, **facts: object) -> int:
    """The patient's newest encounter, with these facts changed. Returns its id."""
    with new_session() as session:
        found = session.exec(
            select(Encounter).where(Encounter.patient_id == patient_id).order_by(col(Encounter.id).desc())
        )
        row = found.first()
        assert row is not None
        for name, value in facts.items():
            setattr(row, name, value)
        session.add(row)
        session.commit()
        return row.id or 0


def _lived(cast: Cast) -> dict[str, int]:
    """One who left, one who is here, one simulated; and two records of one person. Patient by name."""
    people = {name: cast.occupy(label) for name, label in (("left", "E1"), ("here", "E2"), ("simulated", "E3"))}
    stays.leave(cast.manager, cast.beds["E1"])
    with new_session() as session:
        encounter = _changed(people["left"], diagnosis_code="I50.9")
        times = (cast.now - timedelta(hours=hour) for hour in (1, 3))
        session.add_all(
            Observation(encounter_id=encounter, observed_at=at, code="1988-5", value=8.0 * n)
            for n, at in enumerate(times)
        )
        session.get_one(Patient, people["here"]).merged_into_id = people["left"]
        session.commit()
    _changed(people["simulated"], simulated=True)
    return people


def test_this_houses_own_stays_are_learned_from_where_nothing_was_imported(cast: Cast, folder: Path) -> None:
    people = _lived(cast)
    own = past.for_training(cast.admin)
    assert own is not None
    assert (own.simulated, own.grain, own.end) == (False, Grain.HOURS, cast.now)
    # Simulated people are none of ours, and two records of one person are one person's stays.
    assert [(stay.patient_id, stay.discharged_at is None) for stay in own.stays] == [
        (people["left"], False),
        (people["left"], True),
    ]
    assert own.stays[0].diagnosis_code == "I50.9"
    assert [own.observations.at(n).value for n in range(len(own.observations))] == [8.0, 0.0]
    assert own.origin is not None
    assert (own.origin.source, own.origin.kept, len(own.origin.digest)) == ("database", 2, 64)
    assert [line.facts for line in cast.audited("history.read")] == [{"source": "database", "stays": 2}]


def test_what_was_lived_here_follows_what_was_imported(cast: Cast, folder: Path, tmp_path: Path) -> None:
    _lived(cast)
    past.import_history(cast.admin, _written(tmp_path / "stays.csv", HEAD, *GOOD))
    both = past.for_training(cast.admin)
    assert both is not None
    assert both.origin is not None
    # The third of the file had no end; two of this house came after.
    assert (len(both.stays), both.origin.source) == (4, "imported and database")
    alone = past.for_training(cast.admin, past.IMPORTED)
    assert alone is not None
    assert len(alone.stays) == 3


def test_in_a_demo_what_people_tried_is_learned_from_when_asked_alone(cast: Cast, folder: Path, file: Path) -> None:
    _lived(cast)
    archive.write(folder, generate(7, datetime(2026, 3, 2, 15, tzinfo=UTC), days=5))
    for source, simulated in (("", True), (past.DATABASE, False), (past.SIMULATED, True)):
        found = past.for_training(cast.admin, source)
        assert found is not None
        assert found.simulated is simulated, source
    assert past.for_training(cast.admin, past.IMPORTED) is None
    past.import_history(cast.admin, file)
    found = past.for_training(cast.admin)
    assert found is not None
    assert found.origin is not None
    assert found.origin.source == "imported"


def test_a_house_without_any_past_has_none(cast: Cast, folder: Path) -> None:
    assert past.for_training(cast.admin) is None
    assert cast.audited("history.read") == []
