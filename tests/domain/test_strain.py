"""What four weeks ask of somebody, in words; and which figures of a group may be shown beside which."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from hospital_ops.domain import strain
from hospital_ops.domain.strain import Span, Workload
from hospital_ops.domain.strain_groups import Counted, Shown, figure_of, figure_words, groups_of, is_due, may_be_shown

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)


def shift(days_ago: float, hour: int, hours: float) -> Span:
    day = (NOW.astimezone(ZONE) - timedelta(days=days_ago)).replace(hour=hour, minute=0)
    return day.astimezone(UTC), day.astimezone(UTC) + timedelta(hours=hours)


def load(*spans: Span, tasks: int = 0) -> Workload:
    return strain.workload(spans, tasks, NOW, ZONE)


def test_a_usual_month_has_no_overtime_and_full_weeks() -> None:
    work = load(*(shift(day, 7, 8) for day in range(1, 29) if day % 7 < 5), tasks=40)
    assert (work.shifts, work.hours, work.overtime) == (20, 40.0, 0.0)
    assert (work.nights, work.quick_returns, work.long_shifts, work.tasks) == (0, 0, 0, 2.0)


def test_only_ended_shifts_of_four_weeks_count() -> None:
    work = load(shift(30, 7, 8), shift(27, 7, 8), shift(0, 7, 8), shift(-1, 7, 8))
    assert work.shifts == 1


def test_who_stays_on_has_worked_one_long_shift() -> None:
    work = load(shift(3, 7, 8), shift(3, 15, 8))
    assert (work.shifts, work.long_shifts, work.quick_returns) == (1, 1, 0)
    assert strain.words_of(work)["long_share"] == "one shift of 1 longer than 13 h"


def test_thirteen_hours_are_not_more_than_thirteen() -> None:
    assert load(shift(3, 7, 13)).long_shifts == 0


@pytest.mark.parametrize(("rest", "quick"), [(10.9, 1), (11.0, 0), (16.0, 0)])
def test_a_quick_return_is_under_eleven_hours(rest: float, quick: int) -> None:
    first = shift(5, 7, 8)
    second = first[1] + timedelta(hours=rest)
    assert load(first, (second, second + timedelta(hours=8))).quick_returns == quick


def test_three_nights_in_a_row_are_said_so() -> None:
    nights = [shift(day, 23, 8) for day in (9, 8, 7, 3)]
    assert strain.words_of(load(*nights))["nights"] == "three nights in a row, 4 in four weeks"
    assert load(shift(4, 15, 8)).nights == 0, "an evening that ends at eleven is no night"


def test_the_night_in_which_the_clocks_change_is_one_night() -> None:
    start = datetime(2026, 3, 7, 23, tzinfo=ZONE)
    assert strain.night_of(start, start + timedelta(hours=8), ZONE) == date(2026, 3, 8)


def test_the_index_says_how_many_times_the_odds() -> None:
    assert [strain.index_of(odds) for odds in (0.4, 1, 2, 4, 10)] == [0, 0, 50, 75, 90]
    assert [strain.level_of(index) for index in (0, 20, 50, 75)] == [
        "as in a usual month",
        "somewhat raised",
        "raised",
        "high",
    ]


def test_remedies_look_ahead_and_name_nobody() -> None:
    tired = [shift(-1, 15, 8), shift(-2, 7, 8)]
    fresh = [shift(-1, 7, 8), shift(-2, 7, 8)]
    nights = [shift(-day, 23, 8) for day in range(1, 6)]
    told = strain.remedies([tired, tired, fresh, nights], NOW, ZONE)
    assert told[0].startswith("Two people have under 11 h between two shifts next week")
    assert any("three nights in a row" in words and words.startswith("One person has") for words in told)
    assert strain.remedies([fresh], NOW, ZONE) == []


def people(number: int, ward: int | None = 1, role: str = "nurse", index: int = 40, first: int = 1) -> list[Counted]:
    return [Counted(first + n, ward, role, index, frozenset({"nights"})) for n in range(number)]


def test_everybody_is_in_one_group_and_small_wards_are_together() -> None:
    house = [*people(6), *people(3, 2, first=10), *people(4, 3, first=20), *people(4, 4, "doctor", first=30)]
    groups = groups_of(house)
    assert {key: len(members) for key, members in groups.items()} == {(1, "nurse"): 6, (None, "nurse"): 7}
    everybody = [one.user_id for members in groups.values() for one in members]
    assert len(everybody) == len(set(everybody))


def test_fewer_than_five_have_no_figure_at_all() -> None:
    with pytest.raises(ValueError, match="5 people"):
        figure_of(people(4))


def test_a_figure_is_rounded_and_says_neither_all_nor_none() -> None:
    members = [Counted(n, 1, "nurse", 37, frozenset({"nights"} if n else {"nights", "overtime"})) for n in range(7)]
    figure = figure_of(members)
    assert (figure.about, figure.people) == (40, "5 to 9")
    assert figure.causes == (("nights", "most"),), "one of seven is not said"


@pytest.mark.parametrize("index", [0, 100])
def test_a_figure_at_an_end_of_the_scale_says_nothing_of_each(index: int) -> None:
    """Whatever the figure, every one of the five could have any index from 0 to 100."""
    figure = figure_of(people(5, index=index))
    assert figure_words(figure.about) in {"20 or less", "80 or more"}
    low, high = {20: (0, 25), 80: (75, 100)}[figure.about]  # the means that read so
    assert 5 * high - 4 * 0 >= 100
    assert 5 * low - 4 * 100 <= 0


def test_two_figures_of_nearly_the_same_people_are_never_shown_within_the_window() -> None:
    """Whoever comes, goes or contests: what is left when one figure is taken from another is five people or nobody."""
    everybody = frozenset(range(1, 11))
    shown = [Shown((1, "nurse"), everybody, NOW)]
    for size in range(1, 5):
        for gone in combinations(sorted(everybody), size):
            assert not may_be_shown(everybody - set(gone), shown, NOW + timedelta(days=27, hours=23))
    assert may_be_shown(everybody - {1, 2, 3, 4, 5}, shown, NOW)
    assert may_be_shown(everybody, shown, NOW + timedelta(days=7))
    assert may_be_shown(everybody - {1}, shown, NOW + strain.WINDOW), "no day is in both"


def test_not_only_the_last_figure_is_remembered() -> None:
    """Away by five and back by four more would leave one."""
    first, then = frozenset(range(1, 12)), frozenset(range(6, 12))
    shown = [Shown((1, "nurse"), first, NOW), Shown((1, "nurse"), then, NOW + timedelta(days=7))]
    assert may_be_shown(then, shown[:1], NOW + timedelta(days=7))
    assert not may_be_shown(frozenset(range(2, 12)), shown, NOW + timedelta(days=14))


def test_another_groups_figure_counts_as_well() -> None:
    ward = frozenset(range(1, 7))
    assert not may_be_shown(ward | {9}, [Shown((2, "nurse"), ward, NOW)], NOW)


def test_a_figure_is_renewed_after_a_week_or_for_other_people() -> None:
    key, last = (1, "nurse"), Shown((1, "nurse"), frozenset({1, 2, 3, 4, 5}), NOW)
    assert is_due(key, last.people, {}, NOW)
    assert not is_due(key, last.people, {key: last}, NOW + timedelta(days=6))
    assert is_due(key, last.people, {key: last}, NOW + timedelta(days=7))
    assert is_due(key, {1, 2, 3, 4, 6}, {key: last}, NOW)
