"""Giving memory back between two steps of a reading.

What the networks free stays with the process: 150 MB after every card, for the C library keeps it for a next
time. A hospital's workers have other work between two cards.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import lru_cache


def give_back() -> None:
    """Return what is free to the system: milliseconds. Does nothing where the C library is not GNU's."""
    _trim()(0)


@lru_cache(maxsize=1)
def _trim() -> Callable[[int], int]:
    try:
        trim: Callable[[int], int] = ctypes.CDLL("libc.so.6").malloc_trim
    except (OSError, AttributeError):
        return lambda pad: 0
    return trim
