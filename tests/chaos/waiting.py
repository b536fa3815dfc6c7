"""Waiting for a condition instead of for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(holds: Callable[[], T], seconds: float, otherwise: Callable[[], str] = lambda: "") -> T:
    """What holds, once it does. Fails with `otherwise` when it does not in time."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, f"not within {seconds:g} s: {otherwise()}"
        time.sleep(0.02)
    return found
