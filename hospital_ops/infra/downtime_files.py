"""The boards for a downtime: one sealed file a ward, and one small sealed note for each time that one was opened.

The key is derived from the master key alone, since the data keys lie in the database that may be away. A file is
magic ‖ name of the key ‖ nonce ‖ AES-256-GCM ciphertext; what it is and of which ward is in the associated data.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, unquote

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hospital_ops.config import get_settings
from hospital_ops.infra import secret_files
from hospital_ops.infra.crypto import Tampered
from hospital_ops.infra.keyring import derived_key

MAGIC = b"HOSPDOWN1"
_KEY_NAME, _NONCE = 8, 12
_BOARD, _NOTE, _ODD = ".board", ".opened", ".unreadable"


class OtherKey(Exception):
    """The file was sealed with another master key."""


def folder() -> Path:
    """Where they lie; made with mode 0700."""
    path = Path(get_settings().data_dir) / "downtime"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def replace_all(boards: Mapping[str, bytes]) -> None:
    """Keep these boards, by ward code, each written whole or not at all; wards that are no more lose theirs."""
    for code, content in boards.items():
        secret_files.write_bytes(_board(code), _seal(content, f"board|{code}"))
    for code in set(wards()) - set(boards):
        _board(code).unlink(missing_ok=True)


def wards() -> list[str]:
    """The codes of the wards that have a board."""
    return sorted(unquote(path.stem) for path in folder().glob(f"*{_BOARD}"))


def board(code: str) -> bytes:
    """A ward's board again. Raises FileNotFoundError, OtherKey or Tampered."""
    return _open(_board(code).read_bytes(), f"board|{code}")


def add_note(content: bytes) -> int:
    """Keep the note of an opening until somebody takes it into the audit. Returns its number, 62 random bits."""
    number = secrets.randbits(62)
    secret_files.write_bytes(_note(number), _seal(content, f"opened|{number:016x}"))
    return number


def notes() -> list[int]:
    """The numbers of the notes that nobody has taken in yet."""
    return sorted(int(path.stem, 16) for path in folder().glob(f"*{_NOTE}"))


def note(number: int) -> bytes:
    """One note. Raises FileNotFoundError, OtherKey or Tampered."""
    return _open(_note(number).read_bytes(), f"opened|{number:016x}")


def drop_note(number: int) -> None:
    """It stands in the audit now."""
    _note(number).unlink(missing_ok=True)


def set_aside(number: int) -> None:
    """A note that does not open stays on the disk for whoever looks into it, and is not read again."""
    _note(number).rename(_note(number).with_suffix(_ODD))


def _board(code: str) -> Path:
    # Nothing of a ward's code may be a path.
    return folder() / (quote(code, safe="").replace(".", "%2E") + _BOARD)


def _note(number: int) -> Path:
    return folder() / f"{number:016x}{_NOTE}"


def _seal(content: bytes, what: str) -> bytes:
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(derived_key("downtime")).encrypt(nonce, content, f"downtime|{what}".encode())
    return MAGIC + _key_name() + nonce + sealed


def _open(raw: bytes, what: str) -> bytes:
    start = len(MAGIC) + _KEY_NAME
    if not raw.startswith(MAGIC) or len(raw) < start + _NONCE:
        raise Tampered("not a file of ours")
    if not hmac.compare_digest(raw[len(MAGIC) : start], _key_name()):
        raise OtherKey
    try:
        nonce, sealed = raw[start : start + _NONCE], raw[start + _NONCE :]
        return AESGCM(derived_key("downtime")).decrypt(nonce, sealed, f"downtime|{what}".encode())
    except InvalidTag as changed:
        raise Tampered("a downtime file does not open") from changed


def _key_name() -> bytes:
    """Tells keys apart and nothing about them."""
    return derived_key("downtime|name")[:_KEY_NAME]
