"""Patient data at rest: AES-256-GCM boxes with a key id, and blind indexes for equality search.

A box is bound to its table, column, row and key by the associated data, so it cannot be moved to another patient's row.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hospital_ops.infra.keyring import current_key, derived_key, key_by_id, master_key

_VERSION = 1
_HEADER = struct.Struct(">BH")  # version, key id


class Tampered(Exception):
    """A box does not open: wrong key, wrong row, or changed bytes."""


def _bound(where: str, key_id: int) -> bytes:
    return f"{where}|{key_id}".encode()


def seal_bytes(plain: bytes, where: str) -> bytes:
    """Encrypt. `where` is `table|column|row`; header ‖ nonce ‖ ciphertext ‖ tag comes back."""
    key_id, key = current_key()
    nonce = os.urandom(12)
    return _HEADER.pack(_VERSION, key_id) + nonce + AESGCM(key).encrypt(nonce, plain, _bound(where, key_id))


def open_bytes(box: bytes, where: str) -> bytes:
    """Decrypt what `seal_bytes` made for the same place. Raises Tampered otherwise."""
    if len(box) < _HEADER.size:
        raise Tampered("too short for a box")
    version, key_id = _HEADER.unpack_from(box)
    if version != _VERSION:
        raise Tampered(f"unknown box version {version}")
    start = _HEADER.size
    try:
        return AESGCM(key_by_id(key_id)).decrypt(box[start : start + 12], box[start + 12 :], _bound(where, key_id))
    except (InvalidTag, KeyError) as error:
        raise Tampered(f"a sealed value of {where.split('|')[0]} does not open") from error


def key_id_of(box: bytes) -> int:
    """Which data key a box needs."""
    return int(_HEADER.unpack_from(box)[1])


@lru_cache(maxsize=64)
def _index_key(column: str, _master: bytes) -> bytes:
    return derived_key(f"blind-index|{column}")


def blind_index(column: str, value: str) -> bytes | None:
    """16 bytes that are equal for equal values of a column and tell nothing else. None for an empty value."""
    if not value:
        return None
    return hmac.new(_index_key(column, master_key()), value.encode(), hashlib.sha256).digest()[:16]


def token_hash(token: str) -> bytes:
    """What is stored of a bearer secret of 256 random bits: its SHA-256. No salt is needed at that length."""
    return hashlib.sha256(token.encode()).digest()
