"""`shots`: see docs/commands.md."""

from __future__ import annotations

import argparse

from hospital_ops.exits import Exit, Refusal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rest", nargs="*")


def run(args: argparse.Namespace) -> int:
    raise Refusal(Exit.NOT_HERE_YET, "This command is not written yet.")
