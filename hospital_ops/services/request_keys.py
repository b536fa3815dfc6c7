"""A request that is sent again with its key is the same request: its answer was lost on the way, not its effect.

The key is kept with what the request made, so that it lives as long as that does. Two at once: the unique column lets one
pass, and the other reads that somebody was first; sent once more, it gets the answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from hospital_ops.infra.crypto import blind_index

LONGEST_KEY = 200


def request_key(table: str, key: str, said: Iterable[str | bytes]) -> bytes | None:
    """What a table keeps of a request's key, with what was said under it: 16 bytes that tell neither. None for no key."""
    if not key:
        return None
    digest = hashlib.sha256()
    for part in (key, *said):
        piece = part if isinstance(part, bytes) else part.encode()
        digest.update(len(piece).to_bytes(8) + piece)
    return blind_index(f"{table}.request_key", digest.hexdigest())
