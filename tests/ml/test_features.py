"""A landmark knows nothing that came after it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from hospital_ops.ml.dataset import CODES, DAY, StayTable, earlier_stays, local_wall
from hospital_ops.ml.features import FIXED, LANDMARK, Encoder, landmark_features
from hospital_ops.ml.train import asked, landmarks, person_periods

from .conftest import END, ZONE


def _some(table: StayTable, count: int = 400) -> tuple[np.ndarray, np.ndarray]:
    return landmarks(table, 0.0, END.timestamp(), count, np.random.default_rng(1))


def test_what_is_observed_later_changes_nothing(table: StayTable) -> None:
    rows, at = _some(table)
    fixed = Encoder.fit(table.stays).fixed(table.stays)
    before = landmark_features(table, fixed, rows, at)
    for row, when in zip(rows[:40], at[:40], strict=True):
        poisoned = table.seen_value.copy()
        poisoned[(table.seen_row == row) & (table.seen_at > when)] = 1e6
        after = landmark_features(replace(table, seen_value=poisoned), fixed, np.array([row]), np.array([when]))
        place = int(np.flatnonzero((rows == row) & (at == when))[0])
        np.testing.assert_array_equal(after[0], before[place])


def test_when_they_left_changes_nothing(table: StayTable) -> None:
    rows, at = _some(table)
    encoder = Encoder.fit(table.stays)
    before = landmark_features(table, encoder.fixed(table.stays), rows, at)
    blind = table.stays.assign(discharged=np.nan, days=np.nan)
    after = landmark_features(replace(table, stays=blind), encoder.fixed(blind), rows, at)
    np.testing.assert_array_equal(after, before)


def test_earlier_stays_count_only_those_that_were_over(table: StayTable) -> None:
    stays = table.stays
    for row in np.flatnonzero(stays["earlier_stays"].to_numpy() > 0)[:100]:
        patient, admitted = stays["patient_id"].iloc[row], stays["admitted"].iloc[row]
        mine = stays[(stays["patient_id"] == patient) & (stays["discharged"] <= admitted)]
        assert len(mine) == stays["earlier_stays"].iloc[row]
        np.testing.assert_allclose(mine["days"].mean(), stays["earlier_mean_days"].iloc[row])


def test_a_stay_that_is_not_over_lends_no_length() -> None:
    """Two of one patient at once, as files of two houses have them: the first one's end lies in the future."""
    day = np.array([0.0, 10.0, 12.0, 12.0, 30.0]) * DAY
    end = np.array([4.0, 25.0, 12.0, 13.0, np.nan]) * DAY
    stays = pd.DataFrame(
        {"patient_id": ["a", "a", "b", "a", "a"], "admitted": day, "discharged": end, "days": (end - day) / DAY}
    )
    earlier_stays(stays)
    np.testing.assert_array_equal(stays["earlier_stays"], [0, 1, 0, 2, 3])
    np.testing.assert_array_equal(stays["earlier_mean_days"], [np.nan, 4.0, np.nan, 4.0, (4 + 15 + 1) / 3])


def test_the_last_value_is_the_last_one_before_the_landmark(table: StayTable) -> None:
    rows, at = _some(table, 60)
    features = landmark_features(table, Encoder.fit(table.stays).fixed(table.stays), rows, at)
    column = LANDMARK.index("C-reactive protein now")
    crp = CODES.index("1988-5")
    for place, (row, when) in enumerate(zip(rows, at, strict=True)):
        mine = (table.seen_row == row) & (table.seen_code == crp) & (table.seen_at <= when)
        if mine.any():
            assert features[place, column] == np.float32(table.seen_value[mine][-1])
        else:
            assert np.isnan(features[place, column])


def test_stays_not_over_by_the_cut_are_censored_there(table: StayTable) -> None:
    cut = END.timestamp() - 40 * DAY
    periods = person_periods(table, Encoder.fit(table.stays), cut, 2_000, np.random.default_rng(0))
    assert (periods.at < cut).all()
    gone = table.column("discharged")[periods.rows] <= cut
    assert not periods.left[~gone[periods.landmark]].any()
    # Whoever left within the horizon has exactly one day on which they left.
    total = np.bincount(periods.landmark, weights=periods.left, minlength=len(periods.rows))
    assert set(total) <= {0.0, 1.0}


def test_the_wall_clock_follows_summer_time() -> None:
    winter, summer = 1_767_268_800.0, 1_782_907_200.0  # 1 January and 1 July 2026, noon in Greenwich
    hours = (local_wall(np.array([winter, summer]), ZONE) % DAY) / 3600
    assert hours.tolist() == [7.0, 8.0]


def test_a_rare_pair_of_unit_and_diagnosis_is_told_from_the_diagnosis_elsewhere() -> None:
    """In a unit that never saw it a long diagnosis is longer than that unit's usual stay, and a short one shorter."""
    rng = np.random.default_rng(0)
    unit, code = rng.choice(["a", "b"], 4_000), rng.choice(["S72", "J18", "K35"], 4_000)
    days = np.exp(np.where(unit == "a", 1.0, 1.5) + np.select([code == "S72", code == "J18"], [0.7, -0.7]))
    stays = pd.DataFrame({"unit": unit, "diagnosis_code": code, "days": days, "sex": "female", "admission_source": "x"})
    stays = stays.assign(age=70.0, earlier_stays=0.0, earlier_mean_days=np.nan)
    known = stays[~((unit == "b") & (code != "K35"))]
    asked = pd.DataFrame(
        [known.iloc[0].to_dict() | {"unit": "b", "diagnosis_code": code} for code in ("S72", "J18", "Z00")]
    )
    told = Encoder.fit(known).fixed(asked)[:, FIXED.index("diagnosis_days")]
    of_unit = Encoder.fit(known).unit_days["b"]
    assert told[0] > of_unit + 0.3
    assert told[1] < of_unit - 0.3
    assert told[2] == of_unit


def test_moments_that_are_asked_about_have_admissions_among_them(table: StayTable) -> None:
    rows, at = asked(table, 0.0, END.timestamp(), 2_000, np.random.default_rng(0))
    assert len(rows) == 2_000
    new = at == table.column("admitted")[rows]
    assert new.sum() == 500
    assert ((at >= table.column("admitted")[rows]) & ~(at > table.column("discharged")[rows])).all()
