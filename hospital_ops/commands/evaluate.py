"""`evaluate`: learn and measure on somebody's own CSV file. No database, no server, nothing is written."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

Progress = Callable[[float, str], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=list(EVALUATIONS), help="which model is tried on the file")
    parser.add_argument("--data", type=Path, required=True, metavar="FILE.csv", help="stays, or at,arrivals; UTF-8")
    parser.add_argument("--observations", type=Path, metavar="FILE.csv", help="what was observed of the stays")
    parser.add_argument(
        "--timezone", default="", help="the clock of times without an offset; HOSPITAL_TIMEZONE if not given"
    )
    parser.add_argument("--json", action="store_true", help="one document on stdout, and nothing else")


def run(args: argparse.Namespace) -> int:
    import time

    from hospital_ops.commands.progress import bar
    from hospital_ops.exits import Exit, Refusal
    from hospital_ops.ml.csv_rows import FileRefused
    from hospital_ops.ml.plain import plain

    began = time.monotonic()
    try:
        with bar(f"The {args.what} model is measured on {args.data.name}", stderr=True) as progress:
            found = EVALUATIONS[args.what](args, _zone(args.timezone), progress)
    except FileRefused as refused:
        raise Refusal(Exit.DATA_REFUSED, str(refused)) from refused
    result = plain({"what": args.what, "file": args.data.name, **found, "seconds": round(time.monotonic() - began, 1)})
    print(json.dumps(result, indent=1, allow_nan=False) if args.json else _words(result))
    return Exit.OK


def _zone(name: str) -> ZoneInfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from hospital_ops.config import get_settings
    from hospital_ops.exits import Exit, Refusal

    try:
        return ZoneInfo(name or get_settings().timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refusal(Exit.USAGE, f"There is no time zone {name!r}; an example is America/New_York.") from error


def _length_of_stay(args: argparse.Namespace, zone: ZoneInfo, progress: Progress) -> dict[str, Any]:
    from hospital_ops.ml.evaluate_stays import evaluate_stays
    from hospital_ops.ml.history_csv import read_history

    progress(0.0, f"Reading {args.data.name}")
    reading = read_history(args.data, zone, args.observations, told=lambda rows: progress(0.0, f"Read {rows:,} rows"))
    seen = {"read": reading.observations, "of_codes_not_read": reading.left}
    return {
        **_about(reading.rows, len(reading.table), reading.problems, reading.unknown_columns, zone),
        "observations": seen if args.observations else None,
        **evaluate_stays(reading, progress),
    }


def _arrivals(args: argparse.Namespace, zone: ZoneInfo, progress: Progress) -> dict[str, Any]:
    from hospital_ops.ml.arrivals_csv import read_arrivals
    from hospital_ops.ml.evaluate_arrivals import evaluate_arrivals

    progress(0.0, f"Reading {args.data.name}")
    reading = read_arrivals(args.data, zone, told=lambda rows: progress(0.0, f"Read {rows:,} rows"))
    used = reading.rows - reading.problems.total
    return {
        **_about(reading.rows, used, reading.problems, reading.unknown_columns, zone),
        "grain": "hours" if reading.by_hour else "days",
        "gaps": reading.gaps(),
        "hours_without_a_row": reading.silent_hours,
        "split": "chronological",
        "split_words": "chronological, rolling origin: every day of the last part is foretold from the days before it",
        **evaluate_arrivals(reading, progress),
    }


def _about(rows: int, used: int, problems: Any, unknown: list[str], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "rows": {"read": rows, "used": used, "bad": problems.total},
        "bad_rows": [one._asdict() for one in problems.listed],
        "unknown_columns": unknown,
        "timezone": zone.key,
    }


def _words(result: dict[str, Any]) -> str:
    """The same for a reader at a terminal: what was read, then each number on a line of its own."""
    rows = result["rows"]
    lines = [f"{result['file']}: {rows['read']:,} rows, {rows['used']:,} used, {rows['bad']:,} bad"]
    lines += [f"  {row['file']} line {row['line']}: {row['reason']}" for row in result["bad_rows"][:20]]
    if result["unknown_columns"]:
        lines.append(f"Columns left alone: {', '.join(result['unknown_columns'])}")
    lines.append(f"Split: {result['split_words']}")
    skipped = {"rows", "bad_rows", "unknown_columns", "split", "split_words", "file", "what"}
    for name, value in result.items():
        if name not in skipped:
            lines += _lines(name, value, 0)
    return "\n".join(lines)


def _lines(name: str, value: Any, depth: int) -> list[str]:
    pad = "  " * depth
    if isinstance(value, dict):
        return [f"{pad}{name}", *(line for key, one in value.items() for line in _lines(key, one, depth + 1))]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [f"{pad}{name}", *(f"{pad}  {_row(one)}" for one in value)]
    return [f"{pad}{name}: {_short(value)}"]


def _row(row: dict[str, Any]) -> str:
    return ", ".join(f"{key} {_short(value)}" for key, value in row.items())


def _short(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else "–" if value is None else str(value)


EVALUATIONS: dict[str, Callable[[argparse.Namespace, ZoneInfo, Progress], dict[str, Any]]] = {
    "length-of-stay": _length_of_stay,
    "arrivals": _arrivals,
}
