"""The history as a file: what is written is what is read, whole or not at all, and nothing in it can run."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from hospital_ops.infra import archive, secret_files
from hospital_ops.sim.history import SimulatedHistory, generate

END = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def history() -> SimulatedHistory:
    return generate(7, END, days=20)


def test_what_is_written_is_what_is_read(history: SimulatedHistory, tmp_path: Path) -> None:
    archive.write(tmp_path, history)
    again = archive.read(tmp_path)
    assert again is not None
    assert again.stays == history.stays
    assert (again.end, again.simulated) == (history.end, True)
    seen, kept = history.observations, again.observations
    assert kept.codes == seen.codes
    for column in ("stay_index", "observed_at", "code_index", "value"):
        assert getattr(kept, column) == getattr(seen, column), column


def test_no_file_is_no_history(tmp_path: Path) -> None:
    assert archive.read(tmp_path) is None


def test_an_interrupted_writing_leaves_the_old_file(
    history: SimulatedHistory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.write(tmp_path, history)
    before = (tmp_path / archive.FILE).read_bytes()

    def full(number: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(secret_files.os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        archive.write(tmp_path, generate(8, END, days=5))
    assert (tmp_path / archive.FILE).read_bytes() == before


def test_a_pickle_in_the_file_is_not_run(history: SimulatedHistory, tmp_path: Path) -> None:
    ran = tmp_path / "ran"

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (ran,)  # type: ignore[return-value]

    trap = np.array([Trap()], dtype=object)
    np.savez(tmp_path / archive.FILE, stay_id=trap, allow_pickle=True)
    assert pickle.dumps(trap)  # It would be a working trap.
    with pytest.raises((ValueError, KeyError)):
        archive.read(tmp_path)
    assert not ran.exists()


def test_what_a_killed_import_left_half_written_is_swept(tmp_path: Path) -> None:
    """A part of somebody's past lay there for good, also after it was to be forgotten."""
    home = tmp_path / "history"
    home.mkdir()
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    dead, alive = home / f".imported.next-1.{gone.pid}", home / f".imported.next-2.{os.getpid()}"
    for partial in (dead, alive):
        partial.write_bytes(b"a part")
    archive.stage(tmp_path, 3, b"sealed")
    assert (dead.exists(), alive.exists(), archive.staged(tmp_path)) == (False, True, [3])
    dead.write_bytes(b"a part")
    archive.forget_imported(tmp_path)
    assert (dead.exists(), alive.exists()) == (False, True)
