"""The audit's chain: each link is a keyed hash over the link before, its own number and one line of the audit.

Whoever changes, removes or slips in a line without the key breaks the chain from there on.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

# What a link covers, in this order. A new column of the audit is added at the end, with the migration that adds it.
COVERED = (
    "id",
    "at",
    "hospital_at",
    "role",
    "user_id",
    "registration_id",
    "action",
    "subject_type",
    "subject_id",
    "ward_id",
    "allowed",
    "facts",
)
# Before the first link.
ORIGIN = bytes(32)
_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


def canonical(line: Mapping[str, Any]) -> bytes:
    """One line of the audit as bytes that are the same on every machine."""
    values = [_plain(line[name]) for name in COVERED]
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link(key: bytes, before: bytes, number: int, line: Mapping[str, Any]) -> bytes:
    """The 32 bytes of link `number`, which follows `before`."""
    return hmac.new(key, before + number.to_bytes(8, "big") + canonical(line), hashlib.sha256).digest()


def head_words(number: int, mac: bytes) -> str:
    """A link to keep elsewhere: `1042:9f3c…`. Whoever has one can tell later that nothing before it was cut off."""
    return f"{number}:{mac.hex()}"


def read_head(words: str) -> tuple[int, bytes]:
    """(number, 32 bytes). Raises ValueError for what is no head."""
    found = _HEAD.fullmatch(words.strip())
    if found is None:
        raise ValueError("A head looks like 1042: and 64 letters a to f and digits.")
    return int(found[1]), bytes.fromhex(found[2])


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
