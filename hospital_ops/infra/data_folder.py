"""The data folder: ours by its marker, one supervisor at a time by its lock, with room left on its disk."""

from __future__ import annotations

import json
import os
import shutil
import socket
from pathlib import Path
from typing import IO

from hospital_ops.config import RUN_FILE
from hospital_ops.exits import Exit, Refusal
from hospital_ops.infra import secret_files

MARKER = ".hospital-ops"
LOCK = "lock"
# Raised when an older version could no longer read what is in the folder.
LAYOUT = 1
ROOM_BYTES = 1024 * 1024 * 1024


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that holds something else, or that a newer version wrote. Writes nothing."""
    marker = folder / MARKER
    if marker.exists():
        layout = _layout(marker)
        if layout > LAYOUT:
            raise Refusal(
                Exit.FOREIGN_FOLDER,
                f"The data folder {folder} was written by a newer version (layout {layout}, this code knows {LAYOUT}).",
            )
    elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refusal(
            Exit.FOREIGN_FOLDER,
            f"{folder} is not empty and is not a data folder of hospital-ops; choose another with --data.",
        )


def _layout(marker: Path) -> int:
    try:
        return int(json.loads(marker.read_text())["layout"])
    except (ValueError, KeyError, TypeError) as odd:
        raise Refusal(Exit.FOREIGN_FOLDER, f"The marker {marker} is not one of ours.") from odd


def refuse_taken_port(host: str, port: int) -> None:
    """Refuse when another program listens there. Writes nothing."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except PermissionError as low:
        sentence = f"Port {port} needs rights that you do not have; choose one above 1023 with --port."
        raise Refusal(Exit.PORT_TAKEN, sentence) from low
    except OSError as taken:
        sentence = f"Port {port} is taken by another program; choose another with --port."
        raise Refusal(Exit.PORT_TAKEN, sentence) from taken


def refuse_full_disk(folder: Path, needed_bytes: int = ROOM_BYTES) -> None:
    """Refuse when the folder's disk has less room than a day needs. Writes nothing."""
    place = folder
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < needed_bytes:
        raise Refusal(
            Exit.DISK_FULL,
            f"The disk of {folder} has {free // 2**20} MB left and {needed_bytes // 2**20} MB are needed.",
        )


def claim(folder: Path) -> IO[str]:
    """Make the folder ours and lock it. Keep what comes back open: the lock goes with it, even by kill -9."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / MARKER).exists():
        secret_files.write(folder / MARKER, json.dumps({"layout": LAYOUT}))
    lock = open(os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600), "r+")  # noqa: SIM115 - the caller holds it
    if not _lock(lock):
        lock.close()
        raise already_running(folder)
    return lock


def refuse_second(folder: Path) -> None:
    """Refuse when an `up` runs on this folder. Writes nothing."""
    if not (folder / LOCK).exists():
        return
    with open(folder / LOCK, "r+") as lock:
        if not _lock(lock):
            raise already_running(folder)


def already_running(folder: Path) -> Refusal:
    told = running(folder)
    where = f" at {told['url']}, process {told['pid']}" if told else ""
    return Refusal(Exit.ALREADY_RUNNING, f"hospital-ops already runs here{where}.")


def _lock(file: IO[str]) -> bool:
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False


def running(folder: Path) -> dict[str, str]:
    """What the `up` on this folder wrote about itself: url, pid and the settings it shares. Empty when none did."""
    try:
        told = json.loads((folder / RUN_FILE).read_text())
        return dict(told) if isinstance(told, dict) else {}
    except (OSError, ValueError):
        return {}


def tell(folder: Path, facts: dict[str, object]) -> None:
    """Write what other commands need to find this `up`. It holds passwords: mode 0600."""
    secret_files.write(folder / RUN_FILE, json.dumps(facts))


def untell(folder: Path) -> None:
    """Take it back when `up` ends."""
    (folder / RUN_FILE).unlink(missing_ok=True)
