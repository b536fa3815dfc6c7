"""One house for the whole folder; before each test it is made whole again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.house import House
from tests.cast import assemble
from tests.chaos.hospital import Hospital
from tests.own_hospital import inside


@contextmanager
def plot() -> Iterator[Path]:
    """A folder for a house. Not pytest's: a second pytest beside this one shuts that to PostgreSQL's own account."""
    with tempfile.TemporaryDirectory(prefix="hospital-chaos-") as folder:
        yield Path(folder)


@pytest.fixture(scope="package")
def standing() -> Iterator[Hospital]:
    with plot() as folder, House(folder, webs=2) as house:
        with inside(house.environment):
            cast = assemble()
        house.start()
        yield Hospital(house, cast)


@pytest.fixture
def hospital(standing: Hospital) -> Iterator[Hospital]:
    """The house, whole, with this process inside it."""
    with inside(standing.house.environment):
        standing.make_whole()
        yield standing
        standing.close_pages()
