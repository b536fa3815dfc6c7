"""The command line: one table of commands, each in its own module, imported only when it is called.

Standard library only, so that `./hospital --help` answers at once, before anything is installed.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hospital_ops import __version__
from hospital_ops.exits import Exit, Refusal


class CommandModule(Protocol):
    """What a module in hospital_ops/commands offers. Its top level imports the standard library and our own light
    modules only; what is heavy is imported inside `run`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, args: argparse.Namespace) -> int: ...


@dataclass(frozen=True, slots=True)
class Command:
    """One line of `./hospital --help`. `needs` names the requirements file that the bootstrap installs for it."""

    summary: str
    needs: str = "requirements-core.txt"
    passes_on: bool = False  # Every argument after its name belongs to another program (pytest).

    def module(self, name: str) -> CommandModule:
        found: CommandModule = importlib.import_module(f"hospital_ops.commands.{name}")
        return found


COMMANDS: dict[str, Command] = {
    "up": Command("start the hospital: servers, web, worker, relay, clock and a simulated day"),
    "test": Command("run the tests on servers of their own; more arguments go to pytest", "requirements-dev.txt", True),
    "migrate": Command("bring the database to this code's version"),
    "seed": Command("fill an empty database with the demo hospital"),
    "train": Command("train the models that are missing, or all of them"),
    "import": Command("bring a hospital's own past in from CSV files, for the models to learn from"),
    "survey": Command("fit the strain model on a survey of the staff; the answers are read and not kept"),
    "models": Command("list the releases of the models: measures, gate, which serves; write their cards"),
    "activate": Command("let another release of a model serve, or the one before again"),
    "evaluate": Command("train and score a model on a CSV file of your own, without a database"),
    "ocr": Command("read photographs of cards and print what was found, without a database"),
    "hl7": Command("read files of an HL7 v2 feed and say who lies where, without a database"),
    "bench": Command("measure: push (commit to frame), board (one query)"),
    "shots": Command("photograph every page of a running hospital, in light and dark", "requirements-dev.txt"),
    "doctor": Command("say what is installed, what runs and what is wrong"),
    "audit": Command("verify: walk the audit's chain and name its first broken link"),
    "downtime": Command("open a ward's sealed board as a page to print, database or not"),
    "frontend": Command("build the pages when their sources have changed"),
    "web": Command("the web process alone"),
}


def parser_of(name: str) -> argparse.ArgumentParser:
    """The parser of one command, with that command's own arguments."""
    parser = argparse.ArgumentParser(prog=f"hospital {name}", description=COMMANDS[name].summary.capitalize() + ".")
    COMMANDS[name].module(name).add_arguments(parser)
    return parser


def overview() -> str:
    """What `./hospital --help` prints."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {command.summary}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            "usage: hospital <command> [options]",
            "",
            f"hospital-ops {__version__}: beds, tasks, arrivals and staffing of one hospital, live.",
            "",
            *lines,
            "",
            "hospital <command> --help says more. Exit codes: docs/commands.md.",
        ]
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Every refusal is one sentence on standard error."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in {"-h", "--help", "help"}:
        print(overview())
        return Exit.OK
    if words[0] in {"-V", "--version"}:
        print(f"hospital-ops {__version__}")
        return Exit.OK
    if words[0] not in COMMANDS:
        print(f"hospital: there is no command {words[0]!r}; hospital --help lists them.", file=sys.stderr)
        return Exit.USAGE
    return _run(words[0], words[1:])


def _run(name: str, rest: list[str]) -> int:
    command = COMMANDS[name]
    try:
        if command.passes_on and rest[:1] not in (["-h"], ["--help"]):
            args = argparse.Namespace(rest=rest)
        else:
            args = parser_of(name).parse_args(rest)
        return command.module(name).run(args)
    except Refusal as refusal:
        print(f"hospital: {refusal.sentence}", file=sys.stderr)
        return refusal.code
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(f"hospital: The disk is full: {error.filename or 'a file'} could not be written.", file=sys.stderr)
        return Exit.DISK_FULL
