"""`import`: a hospital's own past from CSV files, for the models to learn from. Good rows are kept, bad ones listed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hospital_ops.services.history import Imported
    from hospital_ops.services.history_append import Appended

SHOWN_WORDS = 20  # units or codes in one line
SAMPLE = 64 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["history"], help="what the file holds")
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE.csv", help="stays, UTF-8; docs/history.md has the columns"
    )
    parser.add_argument("--observations", type=Path, metavar="FILE.csv", help="what was observed of these stays")
    parser.add_argument(
        "--append", action="store_true", help="add to what was imported before, instead of replacing it"
    )
    parser.add_argument("--forget", action="store_true", help="remove what was imported before")
    parser.add_argument("--json", action="store_true", help="one document on stdout, and nothing else")


def run(args: argparse.Namespace) -> int:
    from hospital_ops.domain.access import Actor, Role
    from hospital_ops.domain.errors import Refused, Unavailable
    from hospital_ops.exits import Exit, Refusal

    if (args.file is None) != args.forget:
        raise Refusal(Exit.USAGE, "Name a file to import, or say --forget.")
    if args.forget and args.append:
        raise Refusal(Exit.USAGE, "--append needs a file; --forget takes none.")
    actor = Actor(role=Role.ADMIN, name="command line")
    try:
        words = _forget(actor) if args.forget else _append(actor, args) if args.append else _import(actor, args)
    except Unavailable as away:
        raise Refusal(Exit.SERVER_AWAY, away.sentence) from away
    except Refused as refusal:
        raise Refusal(Exit.DATA_REFUSED, refusal.sentence) from refusal
    print(words)
    return Exit.OK


def _forget(actor: Any) -> str:
    from hospital_ops.services.history import forget_imported

    before = forget_imported(actor)
    if before is None:
        return "Nothing was imported, so there is nothing to forget."
    return (
        f"{before.kept:,} imported stays are forgotten. Releases that learned from them stay; `train` makes new ones."
    )


def _import(actor: Any, args: argparse.Namespace) -> str:
    from hospital_ops.commands.progress import bar
    from hospital_ops.services.history import import_history

    with bar(f"{args.file.name} is read", stderr=args.json) as progress:
        told = _told(sum(_rows_in(file) for file in (args.file, args.observations) if file), progress)
        found = import_history(actor, args.file, args.observations, told)
    return json.dumps(_document(args.file.name, found), indent=1) if args.json else _words(args.file.name, found)


def _append(actor: Any, args: argparse.Namespace) -> str:
    from hospital_ops.commands.progress import bar
    from hospital_ops.services.history_append import append_history

    with bar(f"{args.file.name} is read", stderr=args.json) as progress:
        told = _told(sum(_rows_in(file) for file in (args.file, args.observations) if file), progress)
        found = append_history(actor, args.file, args.observations, told)
    return _appended_document(args.file.name, found) if args.json else _appended_words(args.file.name, found)


def _appended_document(name: str, found: Appended) -> str:
    from dataclasses import asdict

    told = asdict(found)
    del told["problems"]
    return json.dumps(told | {"file": name, "bad_rows": [one._asdict() for one in found.problems.listed]}, indent=1)


def _appended_words(name: str, found: Appended) -> str:
    stays = f"of its stays {found.added:,} added, {found.ended:,} ended, {found.unchanged:,} unchanged"
    more = found.refused - len(found.problems.listed)
    lines = [
        f"{name}: {stays}; observations added: {found.observations:,}; rows refused: {found.refused:,}.",
        *(f"  {one.file} line {one.line}: {one.reason}" for one in found.problems.listed),
        f"  … and {more:,} more." if more > 0 else "",
        _list("Columns left alone", found.unknown_columns),
        f"{found.forgotten:,} stays have no end more than a year after they began: forgotten discharges, which are left."
        if found.forgotten
        else "",
        _list("No ward of this house has these units; nothing learned of them will serve", found.unknown_units),
        f"The history has {found.origin.kept:,} stays now. Next: ./hospital train learns from it."
        if found.changed
        else "Nothing has changed.",
    ]
    return "\n".join(line for line in lines if line)


def _told(whole: float, progress: Callable[[float, str], None]) -> Callable[[int], None]:
    """Moves the bar by rows read; the second file's count begins anew. Keeping it takes the last tenth."""
    before, last = 0, 0

    def told(rows: int) -> None:
        nonlocal before, last
        before += last if rows <= last else 0
        last = rows
        progress(min((before + rows) / max(whole, 1.0), 1.0) * 0.9, f"Read {before + rows:,} rows")

    return told


def _rows_in(file: Path) -> float:
    """About how many, by the length of the first lines."""
    try:
        with file.open("rb") as opened:
            sample = opened.read(SAMPLE)
        return file.stat().st_size / max(len(sample), 1) * sample.count(b"\n")
    except OSError:
        return 0.0


def _document(name: str, found: Imported) -> dict[str, Any]:
    from dataclasses import asdict

    told = asdict(found)
    del told["problems"]
    return told | {
        "file": name,
        "rows": {"read": found.origin.read, "kept": found.origin.kept, "refused": found.origin.refused},
        "bad_rows": [one._asdict() for one in found.problems.listed] if found.problems else [],
        "left_codes": dict(found.left_codes),
    }


def _words(name: str, found: Imported) -> str:
    if found.again:
        return f"{name} was imported before, at {found.origin.at}: {found.origin.kept:,} stays. Nothing has changed."
    lines = [f"{name}: {found.origin.kept:,} stays kept, {found.origin.refused:,} rows refused."]
    lines += _refused(found)
    lines += [sentence for sentence in _sentences(found) if sentence]
    return "\n".join([*lines, "Next: ./hospital train learns from it."])


def _refused(found: Imported) -> list[str]:
    listed = found.problems.listed if found.problems else []
    lines = [f"  {one.file} line {one.line}: {one.reason}" for one in listed]
    more = found.origin.refused - found.forgotten - len(listed)
    return [*lines, f"  … and {more:,} more."] if more > 0 else lines


def _sentences(found: Imported) -> list[str]:
    left = sum(number for _, number in found.left_codes)
    return [
        _list("Columns left alone", found.unknown_columns),
        f"Split: {found.split}.",
        GRAINS[found.grain],
        f"{found.unfinished:,} stays have no end; they count as still here." if found.unfinished else "",
        f"{found.forgotten:,} stays have no end and began more than a year before the last moment of the file: forgotten "
        "discharges, which are left."
        if found.forgotten
        else "",
        f"{found.origin.observations:,} observations kept, {found.read_by_models:,} of codes that the models read."
        if found.origin.observations
        else "",
        _list(f"{left:,} are of codes that no model reads yet", [f"{code} ({n:,})" for code, n in found.left_codes])
        if left and found.origin.observations
        else "",
        f"{found.without_dates:,} observations are left: without dates of the stays nobody can say on which day they were made."
        if found.without_dates
        else "",
        _list("No ward of this house has these units; nothing learned of them will serve", found.unknown_units),
        f"It replaces the {found.before.kept:,} stays imported at {found.before.at}." if found.before else "",
        "The models no longer learn from the simulated history: real and simulated patients are never mixed."
        if found.replaces_simulated
        else "",
    ]


GRAINS = {
    "hours": "",
    "days": "The file knows days but no hours: the discharge model learns from it, arrivals and shifts cannot.",
    "lengths": "The file knows lengths but no dates: the discharge model learns from it, arrivals and shifts cannot.",
}


def _list(what: str, words: Any) -> str:
    shown = ", ".join(list(words)[:SHOWN_WORDS])
    more = f" and {len(words) - SHOWN_WORDS:,} more" if len(words) > SHOWN_WORDS else ""
    return f"{what}: {shown}{more}." if words else ""
