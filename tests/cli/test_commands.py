"""The command table: instant without anything installed, and documented."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hospital_ops import cli
from hospital_ops.exits import MEANINGS, Exit, Refusal

ROOT = Path(__file__).resolve().parent.parent.parent
COMMANDS_PAGE = (ROOT / "docs" / "commands.md").read_text()


def bare_python(*words: str) -> subprocess.CompletedProcess[str]:
    """`./hospital …` by a Python that sees the standard library alone, as on a fresh machine."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "hospital"), *words],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_help_lists_every_command_at_once_with_nothing_installed() -> None:
    began = time.monotonic()
    helped = bare_python("--help")
    assert helped.returncode == Exit.OK, helped.stderr
    assert time.monotonic() - began < 2
    assert [name for name in cli.COMMANDS if f"\n  {name} " not in helped.stdout] == []


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_each_command_explains_itself_with_nothing_installed(name: str) -> None:
    helped = bare_python(name, "--help")
    assert helped.returncode == Exit.OK, helped.stderr
    assert f"usage: hospital {name}" in helped.stdout


def test_an_unknown_command_is_refused_in_a_sentence() -> None:
    refused = bare_python("upp")
    assert (refused.returncode, refused.stdout) == (Exit.USAGE, "")
    assert refused.stderr == "hospital: there is no command 'upp'; hospital --help lists them.\n"


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_each_command_is_in_the_docs(name: str) -> None:
    assert f"## `{name}`" in COMMANDS_PAGE


@pytest.mark.parametrize("code", list(Exit))
def test_each_exit_code_has_a_meaning_and_is_in_the_docs(code: Exit) -> None:
    assert f"| {code.value} | {MEANINGS[code]} |" in COMMANDS_PAGE


def test_the_docs_know_no_exit_code_that_the_code_does_not() -> None:
    assert len(re.findall(r"^\| \d+ \|", COMMANDS_PAGE, re.MULTILINE)) == len(Exit)


def test_a_refusal_becomes_its_code_and_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Refusing:
        def add_arguments(self, parser: object) -> None: ...

        def run(self, args: object) -> int:
            raise Refusal(Exit.PORT_TAKEN, "Port 1 is taken.")

    monkeypatch.setattr(cli.Command, "module", lambda self, name: Refusing())
    assert cli.main(["up"]) == Exit.PORT_TAKEN
    assert capsys.readouterr().err == "hospital: Port 1 is taken.\n"


def test_a_full_disk_in_the_middle_is_said_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Filling:
        def add_arguments(self, parser: object) -> None: ...

        def run(self, args: object) -> int:
            raise OSError(28, "No space left on device", "/data/x")

    monkeypatch.setattr(cli.Command, "module", lambda self, name: Filling())
    assert cli.main(["up"]) == Exit.DISK_FULL
    assert "The disk is full" in capsys.readouterr().err
