"""`downtime`: open a ward's sealed board as a page to print. Needs the data folder and the master key, no database."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hospital_ops.exits import Exit, Refusal

Board = dict[str, Any]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ward", metavar="WARD", help="the ward's code, as 4A")
    parser.add_argument("--out", metavar="FILE.html", help="where the page goes; - for standard output")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder of the hospital")


def run(args: argparse.Namespace) -> int:
    from hospital_ops.commands.downtime_page import page
    from hospital_ops.domain.downtime import age_words, is_stale

    _settings(args.data)
    board, now = _board(args.ward), datetime.now(UTC)
    _note(board, now)
    written_at = datetime.fromisoformat(board["written_at"])
    where = _write(page(board, now), args.out or f"downtime-{board['code']}.html")
    old = age_words(written_at, now)
    print(f"{board['name']} as it was {old} ago: {where}", file=sys.stderr if where == "-" else sys.stdout)
    if is_stale(written_at, now):
        print(
            f"hospital: The board of {board['code']} is {old} old; look at the ward before you trust it.",
            file=sys.stderr,
        )
        return Exit.BOARD_STALE
    return Exit.OK


def _settings(given: Path | None) -> None:
    """The settings of the environment and of the data folder. Raises Refusal where the key is missing."""
    from pydantic import ValidationError

    from hospital_ops.commands.up_options import data_folder_of
    from hospital_ops.config import get_settings

    folder = data_folder_of(given)
    if not folder.is_dir():
        raise Refusal(Exit.NO_BOARD, f"There is no data folder {folder}; name the hospital's with --data.")
    os.environ["HOSPITAL_DATA_DIR"] = str(folder)
    try:
        key = get_settings().master_key
    except ValidationError as wrong:
        sentence = wrong.errors()[0]["msg"].removeprefix("Value error, ")
        raise Refusal(Exit.SETTINGS_REFUSED, sentence) from wrong
    if not key:
        raise Refusal(Exit.SETTINGS_REFUSED, "HOSPITAL_MASTER_KEY is not set; without it no board opens.")


def _board(asked: str) -> Board:
    from hospital_ops.infra import downtime_files
    from hospital_ops.infra.crypto import Tampered

    there = downtime_files.wards()
    if not there:
        raise Refusal(Exit.NO_BOARD, f"There is no downtime board in {downtime_files.folder()}.")
    code = next((ward for ward in there if ward.casefold() == asked.strip().casefold()), None)
    if code is None:
        raise Refusal(Exit.NO_SUCH_WARD, f"There is no board of a ward “{asked}”; there are {', '.join(there)}.")
    try:
        return dict(json.loads(downtime_files.board(code)))
    except downtime_files.OtherKey as other:
        sentence = f"The board of {code} was sealed with another HOSPITAL_MASTER_KEY than this one."
        raise Refusal(Exit.WRONG_KEY, sentence) from other
    except Tampered as changed:
        sentence = f"The board of {code} does not open: it was changed, cut off, or is another ward's."
        raise Refusal(Exit.BOARD_CHANGED, sentence) from changed


def _note(board: Board, now: datetime) -> None:
    """Who opens it, before they see it. Without the line no board: whoever is shown patients is written down."""
    from hospital_ops.domain.downtime import Opening
    from hospital_ops.services.downtime import note_opening

    opening = Opening(board["id"], board["code"], _account(), now.isoformat(), board["written_at"])
    try:
        note_opening(opening)
    except OSError as failed:
        sentence = f"The opening could not be written down ({failed.strerror}), so the board stays closed."
        raise Refusal(Exit.FAILED, sentence) from failed


def _account() -> str:
    """Whose login on this machine; the number of one that has no name."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid:{os.getuid()}"


def _write(html: str, where: str) -> str:
    from hospital_ops.infra import secret_files

    if where == "-":
        sys.stdout.write(html)
        return where
    try:
        secret_files.write_bytes(Path(where), html.encode())
    except OSError as failed:
        raise Refusal(Exit.FAILED, f"{where} could not be written: {failed.strerror}.") from failed
    return where
