"""`ocr`: read photographs of cards and print what was found. Needs no database and no server."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="JPEG, PNG, WebP, HEIC or PDF")
    parser.add_argument("--json", action="store_true", help="one JSON list instead of lines")


def run(args: argparse.Namespace) -> int:
    """Always 0: that a file cannot be read is an answer too, and the others of the same call have theirs."""
    with redirect_stdout(sys.stderr):  # whatever a reader's library has to say, stdout is the answer alone
        from hospital_ops.ml.ocr import report

        rows = report(args.files, cleaned)
    if args.json:
        print(json.dumps(rows, indent=2))
    else:
        print("\n\n".join(_lines(row) for row in rows))
    return 0


def cleaned(data: bytes) -> tuple[bytes, float]:
    """A JPEG of the upload, and how many of the upload's pixels, as a viewer turns it, one of its own is."""
    from hospital_ops.infra.contained import clean_picture
    from hospital_ops.infra.images import inspect

    seen, clean = inspect(data), clean_picture(data)
    given = max(seen.width, seen.height)  # nothing for a PDF, whose page has no pixels of its own
    return clean.content, given / max(clean.width, clean.height) if given else 1.0


def _lines(row: dict[str, Any]) -> str:
    fields = [f"  {name:<16} {found['value']}{_doubt(found)}" for name, found in row["fields"].items()]
    return "\n".join([f"{row['file']}: {row['verdict']}", *fields])


def _doubt(found: dict[str, Any]) -> str:
    return "   (unsure)" if found["unsure"] else ""
