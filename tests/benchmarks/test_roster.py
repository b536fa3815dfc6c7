"""The roster's benchmark: its wards can be filled, and it fails a plan that is worse than taking turns."""

from __future__ import annotations

import importlib
from datetime import date

from benchmarks import roster
from hospital_ops.commands.bench import BENCHMARKS

MONDAY = date(2026, 3, 2)


def test_a_ward_of_the_demo_is_filled_no_worse_than_by_turns() -> None:
    row = roster.measured(0, MONDAY, 3)
    assert row["breaks"] == 0
    assert row["cost"] <= row["turns_cost"]
    assert row["open"] <= row["turns_open"] < row["places"]


def test_every_benchmark_that_is_offered_is_there() -> None:
    assert all(callable(importlib.import_module(f"benchmarks.{name}").main) for name in BENCHMARKS)
