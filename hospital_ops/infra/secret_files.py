"""Secrets of the demo in the data folder: made once at random, mode 0600, never replaced by themselves."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def new_password() -> str:
    """128 random bits that can be pasted into a URL."""
    return secrets.token_urlsafe(16)


def new_key() -> str:
    """32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def kept(file: Path, make: Callable[[], str]) -> str:
    """The secret in `file`; made and written there the first time."""
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        write(file, make())
        return file.read_text().strip()


def write(file: Path, text: str) -> None:
    """Write a secret line whole or not at all, readable by its owner alone."""
    write_bytes(file, (text + "\n").encode())


def write_bytes(file: Path, content: bytes) -> None:
    """The same for bytes. Two writers at once leave one whole file, the later one's."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(file)


def sweep(folder: Path, name: str) -> None:
    """Remove what writers of files that begin with `name` left half written when they were killed."""
    for partial in folder.glob(f".{name}*.*"):
        pid = partial.suffix.removeprefix(".")
        if pid.isascii() and pid.isdigit() and not _alive(int(pid)):
            partial.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
