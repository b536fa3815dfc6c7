"""`import history` and what follows, each in a process of its own: a file in, a release out that says what it learned from."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hospital_ops.cli import parser_of
from hospital_ops.exits import Exit
from hospital_ops.infra.embedded import Postgres, Valkey
from hospital_ops.services.history import SOURCES
from hospital_ops.sim.history import generate
from tests.own_hospital import ROOT, own_hospital, run

ACTS = """
import json
from sqlmodel import col, select
from hospital_ops.infra.db import read_session
from hospital_ops.models import AuditEntry
with read_session() as session:
    wanted = select(AuditEntry).where(col(AuditEntry.action).in_(["model.train", "model.activate"]))
    print(json.dumps([[line.action, line.facts["version"]] for line in session.exec(wanted)]))
"""
UNITS = ("Medicine", "Surgery", "Cardiac")


@pytest.fixture(scope="module")
def house(servers: tuple[Postgres, Valkey], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    data = tmp_path_factory.mktemp("data")
    with own_hospital(servers[0], HOSPITAL_DATA_DIR=str(data)) as (environment, _):
        yield environment


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Eight months of three units, one bad row in the second line, and what was measured in every fifth stay."""
    folder, made = tmp_path_factory.mktemp("files"), generate(11, datetime(2026, 3, 2, 15, tzinfo=UTC), days=240)
    stays, seen = folder / "stays.csv", folder / "seen.csv"
    with stays.open("w") as out:
        print("stay_id,patient_id,admitted_at,discharged_at,age,sex,unit,diagnosis_code,admission_source", file=out)
        print("bad,1,yesterday,,70,female,Medicine,I50.9,emergency", file=out)
        for stay in made.stays:
            if stay.unit in UNITS:
                left = stay.discharged_at.isoformat() if stay.discharged_at else ""
                row = (stay.stay_id, f"P{stay.patient_id}", stay.admitted_at.isoformat(), left, int(stay.age or 0))
                print(*row, stay.sex, stay.unit, stay.diagnosis_code, stay.admission_source, sep=",", file=out)
    observed = made.observations
    with seen.open("w") as out:
        print("stay_id,observed_at,code,value,unit", file=out)
        for row in range(len(observed)):
            stay = made.stays[observed.stay_index[row]]
            if stay.unit in UNITS and stay.stay_id % 5 == 0:
                one = observed.at(row)
                print(stay.stay_id, one.observed_at.isoformat(), one.code, one.value, "", sep=",", file=out)
    return stays, seen


def _run(environment: Mapping[str, str], *words: str) -> tuple[int, str, str]:
    ran = subprocess.run(
        [sys.executable, "-m", "hospital_ops", *words], cwd=ROOT, env=dict(environment), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return ran.returncode, ran.stdout, ran.stderr


@pytest.mark.slow
def test_a_file_becomes_releases_that_say_what_they_learned_from(
    house: dict[str, str], files: tuple[Path, Path]
) -> None:
    stays, seen = files
    code, said, wrong = _run(house, "import", "history", str(stays), "--observations", str(seen))
    assert code == Exit.OK, wrong
    assert "stays.csv line 2: admitted_at 'yesterday' is not a date and time" in said
    assert "Split: chronological." in said
    assert "observations kept" in said
    code, said, _ = _run(house, "import", "history", str(stays), "--observations", str(seen))
    assert code == Exit.OK
    assert "Nothing has changed" in said

    code, said, wrong = _run(house, "train")
    assert code == Exit.OK, said + wrong
    assert "imported stays" in said
    acts = json.loads(run(house, ACTS))
    code, said, _ = _run(house, "models", "--json")
    releases = {one["name"]: one for one in json.loads(said)}
    assert set(releases) == {"length_of_stay", "arrivals", "shift_capacity"}
    for name, one in releases.items():
        facts = _facts(house, name, one["release"])
        assert facts["simulated"] is False, name
        assert (facts["data"]["source"], facts["data"]["refused"]) == ("imported", 1), name
        assert facts["data"]["kept"] + 1 == facts["data"]["read"], name
        assert len(facts["data"]["digest"]) == 64
        # One line of each training, and one of each pointer that moved.
        assert acts.count(["model.train", one["release"]]) == 1, name
        assert acts.count(["model.activate", one["release"]]) == int(one["active"]), name
    assert len(acts) == 3 + sum(one["active"] for one in releases.values())


def _facts(house: Mapping[str, str], name: str, release: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(
        (Path(house["HOSPITAL_DATA_DIR"]) / "models" / name / release / "release.json").read_text()
    )
    return found


def test_refusals_are_one_sentence_and_a_code(house: dict[str, str], files: tuple[Path, Path], tmp_path: Path) -> None:
    few = tmp_path / "few.csv"
    few.write_text("stay_id;patient_id\n1;2\n")
    for words, expected, sentence in (
        ((), Exit.USAGE, "Name a file to import"),
        ((str(few),), Exit.DATA_REFUSED, "commas are needed"),
        ((str(tmp_path / "none.csv"),), Exit.DATA_REFUSED, "cannot be opened"),
        ((str(files[0]), "--observations", str(few)), Exit.DATA_REFUSED, "lacks the columns"),
    ):
        code, said, wrong = _run(house, "import", "history", *words)
        assert (code, said.count("kept")) == (expected, 0)
        assert sentence in wrong
        assert len(wrong.strip().splitlines()) == 1


def test_a_later_file_is_appended(house: dict[str, str], tmp_path: Path) -> None:
    head = "stay_id,patient_id,admitted_at,discharged_at,age,sex,unit,diagnosis_code,admission_source\n"
    first, later = tmp_path / "first.csv", tmp_path / "later.csv"
    first.write_text(
        f"{head}1,1,2026-01-02T10:00,2026-01-05T14:30,71,F,Medicine,I50,emergency\n2,2,2026-01-03T10:00,,50,M,Cardiac,I21,emergency\n"
    )
    later.write_text(
        f"{head}1,1,2026-01-02T10:00,2026-01-05T15:30,71,F,Medicine,I50,emergency\n"
        "2,2,2026-01-03T10:00,2026-01-08T10:15,50,M,Cardiac,I21,emergency\n3,3,2026-01-09T10:00,,50,M,Cardiac,I21,emergency\n"
    )
    _run(house, "import", "history", "--forget")
    code, _, wrong = _run(house, "import", "history", str(later), "--append")
    assert code == Exit.DATA_REFUSED
    assert wrong.strip().endswith("Nothing was imported yet: import the first file without --append.")
    assert _run(house, "import", "history", "--append", "--forget")[0] == Exit.USAGE
    assert _run(house, "import", "history", str(first))[0] == Exit.OK
    code, said, wrong = _run(house, "import", "history", str(later), "--append")
    assert code == Exit.OK, wrong
    assert (
        "later.csv: of its stays 1 added, 1 ended, 0 unchanged; observations added: 0; rows refused: 1.\n"
        "  later.csv line 2: its end is not that of the kept stay.\n"
    ) in said
    assert "The history has 3 stays now." in said
    code, said, _ = _run(house, "import", "history", str(later), "--append", "--json")
    told = json.loads(said)
    assert (told["changed"], told["added"], told["ended"], told["unchanged"], told["refused"]) == (False, 0, 0, 2, 1)
    assert told["bad_rows"] == [{"file": "later.csv", "line": 2, "reason": "its end is not that of the kept stay."}]
    _run(house, "import", "history", "--forget")


def test_a_database_that_is_away_is_said(files: tuple[Path, Path], tmp_path: Path) -> None:
    nowhere = os.environ | {
        "HOSPITAL_DATABASE_URL": "postgresql://hospital@127.0.0.1:9/hospital", "HOSPITAL_DATA_DIR": str(tmp_path)
    }  # fmt: skip
    few = tmp_path / "few.csv"
    few.write_text("\n".join(files[0].read_text().splitlines()[:5]) + "\n")
    for words in (("import", "history", str(few)), ("train",)):
        code, _, wrong = _run(nowhere, *words)
        assert code == Exit.SERVER_AWAY, wrong
    assert not (tmp_path / "history").exists()


def test_json_is_one_document(house: dict[str, str], tmp_path: Path) -> None:
    few = tmp_path / "few.csv"
    few.write_text(
        "stay_id,patient_id,length_of_stay_days,age,sex,unit,diagnosis_code,admission_source\n"
        "1,1,3,[70-80),F,Medicine,I50,emergency\n2,2,x,[70-80),F,Medicine,I50,emergency\n"
    )
    code, said, _ = _run(house, "import", "history", str(few), "--json")
    told = json.loads(said)
    assert code == Exit.OK
    assert told["rows"] == {"read": 2, "kept": 1, "refused": 1}
    assert told["bad_rows"][0]["line"] == 3
    assert told["split"].startswith("patient-grouped")
    code, said, _ = _run(house, "train")
    assert code == Exit.DATA_REFUSED
    assert "too few to learn from" in said
    code, said, _ = _run(house, "import", "history", "--forget")
    assert (code, "1 imported stay" in said) == (Exit.OK, True)
    assert _run(house, "train")[0] == Exit.NOT_HERE_YET


def test_the_bar_goes_on_through_the_second_file_and_leaves_room_for_keeping(tmp_path: Path) -> None:
    command = importlib.import_module("hospital_ops.commands.import")
    file = tmp_path / "rows.csv"
    file.write_text("a,b\n" * 1_000)
    assert command._rows_in(file) == pytest.approx(1_000)
    assert command._rows_in(tmp_path / "none.csv") == 0
    shown: list[tuple[float, str]] = []
    told = command._told(200_000, lambda share, words: shown.append((round(share, 3), words)))
    for rows in (50_000, 50_000, 100_000):
        told(rows)
    assert shown == [(0.225, "Read 50,000 rows"), (0.45, "Read 100,000 rows"), (0.675, "Read 150,000 rows")]


def test_train_offers_every_source_there_is() -> None:
    offered = next(one for one in parser_of("train")._actions if one.dest == "source").choices
    assert tuple(offered or ()) == SOURCES
