"""The few switches of curl that docs/api.md uses: a fresh Debian has no curl, and its lines are run all the same."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import requests

CARDS = Path(__file__).resolve().parent.parent / "data" / "cards"
# The photos that the page speaks of.
FILES = {"front.jpg": "front_maria.jpg", "back.jpg": "back_maria.jpg", "id.jpg": "id_maria.jpg"}

_switches = argparse.ArgumentParser(prog="curl")
_switches.add_argument("-s", action="store_true")
_switches.add_argument("-X", dest="method")
_switches.add_argument("-H", dest="headers", action="append", default=[])
_switches.add_argument("-d", dest="data")
_switches.add_argument("-F", dest="form", action="append", default=[])
_switches.add_argument("address")


def ask(arguments: Sequence[str]) -> requests.Response:
    """What comes back. An unknown switch ends the process, as curl would."""
    given = _switches.parse_args(arguments)
    headers = dict(header.split(": ", 1) for header in given.headers)
    files = [(name, _part(value)) for name, _, value in (part.partition("=") for part in given.form)]
    method = given.method or ("POST" if given.data or files else "GET")
    return requests.request(method, given.address, headers=headers, data=given.data, files=files or None, timeout=20)


def _part(value: str) -> Any:
    name = value.removeprefix("@")
    return (None, value) if name == value else (name, (CARDS / FILES[name]).read_bytes())


def main() -> None:
    """As a command: print the body."""
    print(ask(sys.argv[1:]).text)
