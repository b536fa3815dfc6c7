"""A simulated day keeps the hospital's invariants, and is a day: people come and go, beds turn, staff follow the roster.

It runs once, in a process and a database of its own (`tests/sim/play.py`); each test looks at one side of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from statistics import mean
from typing import Any

import pytest

from hospital_ops.infra.embedded import Postgres, Valkey
from tests.own_hospital import ROOT, own_database

HOURS, STEP_MINUTES = 24, 3
Day = dict[str, Any]


@pytest.fixture(scope="module")
def day(servers: tuple[Postgres, Valkey], tmp_path_factory: pytest.TempPathFactory) -> Day:
    folder = str(tmp_path_factory.mktemp("day"))
    with own_database(servers[0], HOSPITAL_DATA_DIR=folder, OMP_NUM_THREADS="1") as environment:
        asked = [sys.executable, "-m", "tests.sim.play", str(HOURS), str(STEP_MINUTES)]
        ran = subprocess.run(asked, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    told: Day = json.loads(ran.stdout.splitlines()[-1])
    return told


def test_no_invariant_was_broken_at_any_half_hour(day: Day) -> None:
    assert len(day["occupied"]) == 2 * HOURS
    assert day["broken"] == {}


def test_beds_change_in_every_minute_that_a_newcomer_looks(day: Day) -> None:
    """At the default speed of 30 a minute is half an hour of the hospital's."""
    assert all(count >= 2 for count in day["flips"][:12]), day["flips"]
    assert sum(day["flips"]) > 200


def test_it_stays_as_full_as_it_was(day: Day) -> None:
    assert 0.80 <= min(day["occupied"]) <= max(day["occupied"]) <= 0.95
    assert abs(mean(day["occupied"][:8]) - mean(day["occupied"][-8:])) < 0.06


def test_everything_that_a_day_has_happens(day: Day) -> None:
    for deed in (
        "arrive",
        "place",
        "order",
        "leave",
        "trips",
        "go_and_return",
        "make_rounds",
        "work",
        "come_and_go",
        "hold_ups",
    ):
        assert day["done"][deed] > 0, deed
    assert 35 <= day["done"]["arrive"] <= 75
    assert day["newcomers_without_diagnosis"] == 0
    # A round of seven values for everybody in the morning, and for each newcomer.
    assert day["observed"] > 7 * 200


def test_doctors_order_discharges_beside_the_forecasts(day: Day) -> None:
    assert day["sources"]["ordered"] > 20
    assert day["sources"]["by_doctors"] == day["sources"]["ordered"]


def test_the_roster_goes_on_for_ever_and_people_follow_it(day: Day) -> None:
    assert day["roster_until"] > 6.5 * 24
    assert 90 <= day["on_roster"] <= 180


def test_only_simulated_people_act_and_the_audit_says_who(day: Day) -> None:
    assert day["demo_untouched"]
    assert day["actors"]["simulated"] > 1000
    assert set(day["actors"]) <= {"simulated", "demo", "system system", "system admin"}


def test_a_patient_whom_a_person_admitted_is_left_alone(day: Day) -> None:
    assert day["hand_bed"] == "occupied"


def test_the_day_is_folded_from_the_audit_as_it_was(day: Day) -> None:
    """The board at each half hour, read when the day was over, equals the board that the database had then."""
    told = day["replay"]
    assert told["boards"] == 2 * HOURS
    assert told["changes"] > 200
    assert (told["differ"], told["holes"]) == (0, 0)
