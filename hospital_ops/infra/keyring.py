"""Envelope keys: random data keys, wrapped by the master key, kept in the `data_key` table.

The newest key encrypts; every key decrypts what it once encrypted. Index keys are derived from the master key.
"""

from __future__ import annotations

import base64
import os
import threading

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import text

from hospital_ops.config import get_settings
from hospital_ops.infra.db import engine
from hospital_ops.infra.locks import Lock

_lock = threading.Lock()
_keys: dict[int, bytes] = {}
_current: int = 0


def master_key() -> bytes:
    """The 32 bytes that wrap everything. Raises ValueError when the setting is not 32 bytes of base64."""
    raw = base64.b64decode(get_settings().master_key or "", validate=True)
    if len(raw) != 32:
        raise ValueError("HOSPITAL_MASTER_KEY must be 32 bytes in base64.")
    return raw


def derived_key(purpose: str) -> bytes:
    """A 32-byte key for one purpose, from the master key."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(master_key())


def _wrap(key_id: int, key: bytes) -> bytes:
    nonce = os.urandom(12)
    return nonce + AESGCM(master_key()).encrypt(nonce, key, f"data_key|{key_id}".encode())


def _unwrap(key_id: int, wrapped: bytes) -> bytes:
    return AESGCM(master_key()).decrypt(wrapped[:12], wrapped[12:], f"data_key|{key_id}".encode())


def _load() -> None:
    """Read all keys; make the first one where there is none. The lock keeps two new processes from making two."""
    global _current
    with engine().begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": Lock.KEYRING.value})
        rows = connection.execute(text("SELECT id, wrapped FROM data_key ORDER BY id")).all()
        if not rows:
            wrapped = _wrap(1, AESGCM.generate_key(256))
            connection.execute(text("INSERT INTO data_key (id, wrapped) VALUES (1, :w)"), {"w": wrapped})
            rows = connection.execute(text("SELECT id, wrapped FROM data_key ORDER BY id")).all()
    for row in rows:
        _keys[row.id] = _unwrap(row.id, bytes(row.wrapped))
        _current = row.id


def current_key() -> tuple[int, bytes]:
    """Id and bytes of the key that encrypts now."""
    with _lock:
        if not _current:
            _load()
        return _current, _keys[_current]


def key_by_id(key_id: int) -> bytes:
    """The key that encrypted something. Raises KeyError for one we do not have."""
    with _lock:
        if key_id not in _keys:
            _load()
        return _keys[key_id]


def forget() -> None:
    """Drop the cached keys (tests, and after a rotation)."""
    global _current
    with _lock:
        _keys.clear()
        _current = 0
