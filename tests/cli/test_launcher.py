"""`./hospital` on a machine that has nothing yet: what it says when it cannot install."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from hospital_ops.exits import Exit
from hospital_ops.infra.processes import free_port

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def launcher() -> ModuleType:
    loader = SourceFileLoader("launcher", str(ROOT / "hospital"))
    spec = importlib.util.spec_from_loader("launcher", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.mark.slow
def test_no_network_at_install_is_one_sentence(tmp_path: Path) -> None:
    nowhere = {"PIP_INDEX_URL": f"http://127.0.0.1:{free_port()}/simple", "PIP_NO_CACHE_DIR": "1"}
    environment = os.environ | nowhere | {"HOSPITAL_VENV": str(tmp_path / "venv")}
    ran = subprocess.run(
        [sys.executable, ROOT / "hospital", "up", "--data", tmp_path / "data"],
        env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert ran.returncode == Exit.NO_NETWORK
    assert ran.stderr.splitlines()[-1].startswith(
        "hospital: The packages are not installed yet and no package registry"
    )
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "data").exists()


def test_no_room_to_install(
    launcher: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launcher.shutil, "disk_usage", lambda folder: SimpleNamespace(free=200 * 1024 * 1024))
    with pytest.raises(SystemExit) as ended:
        launcher.install_once(str(tmp_path / "venv"), "requirements-core.txt")
    assert ended.value.code == Exit.DISK_FULL
    assert "is full; the installation needs 2.5 GB." in capsys.readouterr().err
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        ("ERROR: [Errno 28] No space left on device", Exit.DISK_FULL, "is full"),
        ("Max retries exceeded with url: /simple/reflex/", Exit.NO_NETWORK, "no package registry answers"),
        ("ERROR: No matching distribution found for reflex==9", Exit.FAILED, "install.log says why"),
    ],
)
def test_what_pip_said_becomes_one_sentence(
    launcher: ModuleType, said: str, code: Exit, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        launcher.explain(said, "the-venv", "the-venv/install.log")
    assert ended.value.code == code
    assert words in capsys.readouterr().err
