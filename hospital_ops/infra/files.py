"""Patients' files on disk: encrypted in chunks, each with its index and whether it is the last.

A chunk cannot be cut off, moved or swapped: index and final flag are in its associated data.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from hospital_ops.config import get_settings
from hospital_ops.infra.crypto import Tampered, open_bytes, seal_bytes

CHUNK = 256 * 1024
_LENGTH = 4


def folder() -> Path:
    """Where patients' files lie; made with mode 0700."""
    path = Path(get_settings().data_dir) / "files"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _where(name: str, index: int, final: bool) -> str:
    return f"file|{name}|{index}|{'final' if final else 'more'}"


def _path(name: str) -> Path:
    if not name.isalnum():
        raise ValueError("a file name is made by store() alone")
    return folder() / name[:2] / name


def store(content: bytes) -> str:
    """Keep bytes encrypted; the server-made name comes back. Written whole or not at all."""
    name = secrets.token_hex(16)
    path = _path(name)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    partial = path.with_suffix(".part")
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for box in boxes(content, name):
            out.write(box)
        out.flush()
        os.fsync(out.fileno())
    partial.rename(path)
    return name


def boxes(content: bytes, name: str) -> Iterator[bytes]:
    """The chunks of a file, sealed one by one, each behind its length."""
    pieces = range(0, max(len(content), 1), CHUNK)
    for index, start in enumerate(pieces):
        box = seal_bytes(content[start : start + CHUNK], _where(name, index, index == len(pieces) - 1))
        yield len(box).to_bytes(_LENGTH, "big") + box


def load(name: str) -> bytes:
    """The bytes again. Raises FileNotFoundError, or Tampered when a chunk is missing or changed."""
    return unboxed(_path(name).read_bytes(), name)


def unboxed(raw: bytes, name: str) -> bytes:
    """What `boxes` sealed under this name. Raises Tampered when a chunk is missing or changed."""
    plain, at, index = [], 0, 0
    while at < len(raw):
        size = int.from_bytes(raw[at : at + _LENGTH], "big")
        box, at = raw[at + _LENGTH : at + _LENGTH + size], at + _LENGTH + size
        plain.append(open_bytes(box, _where(name, index, at >= len(raw))))
        index += 1
    if not index:
        raise Tampered("a file of ours is empty")
    return b"".join(plain)


def destroy(name: str) -> None:
    """Remove a file; one that is gone already is fine."""
    _path(name).unlink(missing_ok=True)


def names(*, older_than_seconds: float) -> list[str]:
    """Every file that has lain here for so long, half-written ones included; for finding what no row names."""
    before = time.time() - older_than_seconds
    old = [path for path in folder().glob("??/*") if path.is_file() and path.stat().st_mtime < before]
    for partial in (path for path in old if path.suffix == ".part"):
        partial.unlink(missing_ok=True)
    return [path.name for path in old if not path.suffix]
