"""`./hospital downtime WARD`: with the database stopped, and what it refuses, each with its own code and one sentence."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hospital_ops.exits import Exit
from hospital_ops.infra import secret_files
from hospital_ops.infra.embedded import Postgres, Valkey
from tests.own_hospital import ROOT, own_hospital, run

Environment = dict[str, str]

LIE_DOWN = """
from tests.cast import recall
recall().occupy("E1")
"""
KEEP = """
from hospital_ops.services import downtime
print(downtime.keep_boards()["opened"])
"""
AUDITED = """
import json
from tests.cast import recall
print(json.dumps([line.facts for line in recall().audited("downtime.open")]))
"""
AGE = """
import json, sys
from datetime import datetime, timedelta
from hospital_ops.infra import downtime_files
board = json.loads(downtime_files.board("east"))
board["written_at"] = (datetime.fromisoformat(board["written_at"]) - timedelta(minutes=16)).isoformat()
downtime_files.replace_all({"east": json.dumps(board).encode(), "west": downtime_files.board("west")})
"""


@pytest.fixture
def hospital(servers: tuple[Postgres, Valkey], tmp_path: Path) -> Iterator[Environment]:
    """A small hospital with its own data folder, in which Maria Sandoval lies in E1; its boards are written."""
    with own_hospital(servers[0], HOSPITAL_DATA_DIR=str(tmp_path / "data")) as (environment, _):
        run(environment, LIE_DOWN)
        run(environment, KEEP)
        yield environment


def downtime(environment: Environment, *words: str, cwd: Path = ROOT, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hospital_ops", "downtime", *words]
    return subprocess.run(
        command, cwd=cwd, env=environment | more, capture_output=True, text=True, timeout=60, check=False
    )


def refused(ran: subprocess.CompletedProcess[str], code: Exit, *words: str) -> None:
    assert (ran.returncode, ran.stdout) == (code, ""), ran.stdout + ran.stderr
    (sentence,) = ran.stderr.strip().splitlines()
    assert sentence.startswith("hospital: ")
    assert sentence.endswith(".")
    assert [word for word in words if word not in sentence] == []


def board_file(environment: Environment, code: str = "east") -> Path:
    return Path(environment["HOSPITAL_DATA_DIR"]) / "downtime" / f"{code}.board"


def test_with_the_database_stopped_and_in_the_audit_when_it_is_back(
    hospital: Environment, servers: tuple[Postgres, Valkey], tmp_path: Path
) -> None:
    postgres, out = servers[0], tmp_path / "east.html"
    postgres.stop()
    try:
        ran = downtime(hospital, "EAST", "--out", str(out))
        assert ran.returncode == Exit.OK, ran.stderr
    finally:
        postgres.begin()
        postgres.wait()
    html = out.read_text()
    assert "Sandoval, Maria" in html
    assert "1 of 4 beds taken" in html
    assert out.stat().st_mode & 0o777 == 0o600
    assert str(out) in ran.stdout
    assert json.loads(run(hospital, AUDITED)) == []
    assert run(hospital, KEEP).split() == ["1"]
    (facts,) = json.loads(run(hospital, AUDITED))
    assert facts["ward"] == "east"
    assert facts["account"]
    assert facts["board_at"] <= facts["opened_at"]


def test_without_out_it_lies_where_one_stands(hospital: Environment, tmp_path: Path) -> None:
    assert downtime(hospital, "west", cwd=tmp_path).returncode == Exit.OK
    assert "Medicine west" in (tmp_path / "downtime-west.html").read_text()


def test_to_standard_output(hospital: Environment) -> None:
    ran = downtime(hospital, "east", "--out", "-")
    assert ran.stdout.startswith("<!doctype html>")
    assert ran.stdout.endswith("</html>\n")


def test_a_ward_that_is_none(hospital: Environment) -> None:
    refused(downtime(hospital, "north"), Exit.NO_SUCH_WARD, "north", "east, west")
    refused(downtime(hospital, "../east"), Exit.NO_SUCH_WARD, "../east")


def test_no_board_at_all(hospital: Environment, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused(downtime(hospital, "east", "--data", str(tmp_path / "empty")), Exit.NO_BOARD, str(tmp_path / "empty"))
    refused(downtime(hospital, "east", "--data", str(tmp_path / "none")), Exit.NO_BOARD, "--data")
    assert not (tmp_path / "none").exists()


def test_another_key(hospital: Environment) -> None:
    other = secret_files.new_key()
    refused(downtime(hospital, "east", HOSPITAL_MASTER_KEY=other), Exit.WRONG_KEY, "HOSPITAL_MASTER_KEY")
    refused(downtime(hospital, "east", HOSPITAL_MASTER_KEY=""), Exit.SETTINGS_REFUSED, "HOSPITAL_MASTER_KEY")
    refused(downtime(hospital, "east", HOSPITAL_MASTER_KEY="short"), Exit.SETTINGS_REFUSED, "32 bytes")


def test_a_changed_board(hospital: Environment) -> None:
    file = board_file(hospital)
    whole = file.read_bytes()
    for raw in (whole[:-1], b"", whole[:-20] + bytes(20), board_file(hospital, "west").read_bytes()):
        file.write_bytes(raw)
        refused(downtime(hospital, "east"), Exit.BOARD_CHANGED, "east", "changed")


def test_a_stale_board_is_opened_and_says_so(hospital: Environment, tmp_path: Path) -> None:
    run(hospital, AGE)
    ran = downtime(hospital, "east", "--out", str(tmp_path / "old.html"))
    assert ran.returncode == Exit.BOARD_STALE
    assert "16 minutes old" in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1
    assert "This board is 16 minutes old" in (tmp_path / "old.html").read_text()


def test_what_is_refused_is_not_noted_and_what_cannot_be_noted_is_not_opened(
    hospital: Environment, tmp_path: Path
) -> None:
    downtime(hospital, "north")
    assert not list(board_file(hospital).parent.glob("*.opened"))
    shut = "import hospital_ops.infra.downtime_files as f\ndef no(*_):\n raise OSError(30, 'Read-only file system')\n"
    script = f"{shut}f.add_note = no\nimport sys\nfrom hospital_ops import cli\nsys.exit(cli.main(['downtime', *sys.argv[1:]]))"
    out = tmp_path / "never.html"
    ran = subprocess.run(
        [sys.executable, "-c", script, "east", "--out", str(out)],
        cwd=ROOT,
        env=hospital,
        capture_output=True,
        text=True,
        check=False,
    )
    refused(ran, Exit.FAILED, "stays closed", "Read-only")
    assert not out.exists()


def test_it_asks_no_server(hospital: Environment) -> None:
    """One that takes connections and says nothing, as a frozen database does, is never called."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        silent.settimeout(0)
        url = f"postgresql+psycopg2://hospital@127.0.0.1:{silent.getsockname()[1]}/hospital"
        ran = downtime(hospital, "east", "--out", "-", HOSPITAL_DATABASE_URL=url, HOSPITAL_REDIS_URL="")
        with pytest.raises(BlockingIOError):
            silent.accept()
    assert ran.returncode == Exit.OK
