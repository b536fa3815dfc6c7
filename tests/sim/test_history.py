"""The simulated history is a hospital: full but not bursting, afternoons and weekdays, the same for the same seed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from statistics import mean
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from hospital_ops.domain.history import OBSERVED
from hospital_ops.sim.history import SimulatedHistory, census_at, expected_arrivals, generate, newcomer
from hospital_ops.sim.wards import WARDS

END = datetime(2026, 3, 2, 15, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")


@pytest.fixture(scope="module")
def history() -> SimulatedHistory:
    return generate(7, END, days=120)


def test_the_same_seed_gives_the_same_history(history: SimulatedHistory) -> None:
    again = generate(7, END, days=120)
    assert again.stays == history.stays
    assert again.observations.value == history.observations.value
    assert generate(8, END, days=120).stays != history.stays


def test_about_fifty_a_day_fill_about_85_percent(history: SimulatedHistory) -> None:
    assert 45 <= len(history.stays) / 120 <= 58
    counts = [len(census_at(history, END - timedelta(days=day))) for day in range(0, 100, 9)]
    assert 0.78 <= mean(counts) / 300 <= 0.92


def test_no_ward_ever_holds_more_than_its_beds(history: SimulatedHistory) -> None:
    beds = {ward.code: ward.beds for ward in WARDS}
    for day in range(0, 110, 5):
        held = Counter(one.stay.ward_code for one in census_at(history, END - timedelta(days=day)))
        assert all(count <= beds[code] for code, count in held.items())


def test_people_leave_in_the_afternoon_and_seldom_on_sundays(history: SimulatedHistory) -> None:
    left = [stay.discharged_at.astimezone(ZONE) for stay in history.stays if stay.discharged_at]
    afternoon = sum(11 <= when.hour < 17 for when in left) / len(left)
    weekend = sum(when.weekday() >= 5 for when in left) / len(left)
    assert afternoon > 0.5
    assert weekend < 0.25 < 2 / 7


def test_nobody_leaves_before_they_come_or_lies_in_two_beds(history: SimulatedHistory) -> None:
    last: dict[int, datetime] = {}
    for stay in history.stays:
        leaves = stay.discharged_at or history.stories[stay.stay_id].leaves_at
        assert leaves > stay.admitted_at
        assert stay.admitted_at >= last.get(stay.patient_id, stay.admitted_at)
        last[stay.patient_id] = leaves


def test_observations_lie_inside_the_stay_and_get_better(history: SimulatedHistory) -> None:
    seen = history.observations
    crp = seen.codes.index("1988-5")
    first: dict[int, float] = {}
    last: dict[int, float] = {}
    for row in range(len(seen)):
        stay = history.stays[seen.stay_index[row]]
        assert stay.admitted_at.timestamp() <= seen.observed_at[row] <= END.timestamp()
        if seen.code_index[row] == crp and stay.discharged_at:
            first.setdefault(stay.stay_id, seen.value[row])
            last[stay.stay_id] = seen.value[row]
    assert mean(last.values()) < 0.6 * mean(first.values())


def test_a_census_knows_nothing_that_came_later(history: SimulatedHistory) -> None:
    when = END - timedelta(days=20, hours=3)
    for one in census_at(history, when):
        assert one.stay.discharged_at is None
        assert all(observation.observed_at <= when for observation in one.observations)


def test_whoever_is_in_the_house_at_the_end_has_a_story_that_goes_on(history: SimulatedHistory) -> None:
    here = {one.stay.stay_id for one in census_at(history, END)}
    assert here == set(history.stories)
    assert all(story.leaves_at > END for story in history.stories.values())


def test_a_newcomer_is_made_as_the_history_is() -> None:
    stay, story = newcomer(9, 9, "Cardiac", END, np.random.default_rng(1), ZONE)
    assert stay.admitted_at == END
    assert stay.discharged_at is None
    assert stay.ward_code == "3A"
    seen = story.observe(END + timedelta(hours=5), np.random.default_rng(1))
    assert [one.code for one in seen] == list(OBSERVED)
    assert story.leaves_at > END


def test_planned_units_rest_at_the_weekend() -> None:
    monday, sunday = datetime(2026, 3, 2, 8, tzinfo=ZONE), datetime(2026, 3, 1, 8, tzinfo=ZONE)
    assert expected_arrivals("Surgery", monday) > 1.5 * expected_arrivals("Surgery", sunday)
    assert expected_arrivals("Emergency", monday) == pytest.approx(expected_arrivals("Emergency", sunday), rel=0.15)


def test_an_end_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        generate(7, END.replace(tzinfo=None))
