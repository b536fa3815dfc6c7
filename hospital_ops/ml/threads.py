"""One core per job: gradient boosting's OpenMP threads spin while they wait, and a busy neighbour then costs tenfold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController


@cache
def _controller() -> ThreadpoolController:
    # Looking for the loaded libraries takes milliseconds, so it is done once.
    return ThreadpoolController()


@contextmanager
def one_core() -> Iterator[None]:
    """Fitting and predicting inside it use one thread."""
    with _controller().limit(limits=1):
        yield
