"""`ocr`: read photographs of cards and print what was found. Needs no database and no server."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="JPEG, PNG, WebP, HEIC or PDF")
    parser.add_argument("--json", action="store_true", help="one JSON list instead of lines")


def run(args: argparse.Namespace) -> int:
    from hospital_ops.exits import Exit, Refusal

    missing = [str(file) for file in args.files if not file.is_file()]
    if missing:
        raise Refusal(Exit.FAILED, f"There is no file {missing[0]}.")
    from hospital_ops.infra.images import sanitise
    from hospital_ops.ml.ocr.report import report

    rows = report(args.files, sanitise)
    if args.json:
        json.dump(rows, sys.stdout, indent=2)
        print()
    else:
        print("\n\n".join(_lines(row) for row in rows))
    return 0


def _lines(row: dict[str, Any]) -> str:
    fields = [f"  {field['name']:<24} {field['value']}{_doubt(field)}" for field in _fields(row)]
    return "\n".join([f"{row['file']}: {row.get('verdict', '')}", *fields])


def _fields(row: dict[str, Any]) -> list[dict[str, Any]]:
    found = row.get("fields") or {}
    if isinstance(found, dict):
        return [{"name": name, **field} for name, field in found.items()]
    return list(found)


def _doubt(field: dict[str, Any]) -> str:
    return "   (unsure)" if field.get("unsure") else ""
