"""The numbers of the database's advisory locks, in one place, so that no two nouns wait for each other by mistake."""

from __future__ import annotations

from enum import IntEnum, unique


@unique
class Lock(IntEnum):
    """DOCUMENT is the first of two numbers, the second is the document's id; the others are a transaction's."""

    KEYRING = 7_216_001
    DISPATCH = 7_216_002
    DOCUMENT = 7_216_003
    RELEASES = 7_216_004
    AUDIT_CHAIN = 7_216_005
    HISTORY = 7_216_006
