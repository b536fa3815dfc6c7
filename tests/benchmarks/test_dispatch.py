"""The comparison of dispatch rules is fair: the same tasks for all, nobody in two places, and our rule is the product's."""

from __future__ import annotations

import json

import pytest

from benchmarks import dispatch
from benchmarks.dispatch import RULES, compared, main, people, tasks_of, waits
from hospital_ops.domain import errands
from hospital_ops.domain.floor_plan import Place
from hospital_ops.domain.tasks import Priority

EAST = Place(3, 4.0, 14.0)


def task(number: int, priority: Priority, at: float = 0.0, place: Place = EAST, work: float = 10.0) -> dispatch.Asked:
    return dispatch.Asked(number, "carry", priority, at, "3A", place, place, work)


def only_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A house with one porter, who stands where the first task is."""
    porter = people()[0]
    alone = dispatch.replace(porter.candidate, place=EAST)
    monkeypatch.setattr(dispatch, "people", lambda: [dispatch.Worker(alone, "carry", porter.wards)])


@pytest.mark.parametrize("rule", list(RULES))
def test_every_task_finds_somebody_once_and_the_same_day_gives_the_same_waits(rule: str) -> None:
    tasks = tasks_of(0.95, 6, seed=3)
    found = waits(tasks, RULES[rule])
    assert set(found) == {t.number for t in tasks if t.at >= dispatch.WARM_UP_MINUTES}
    assert min(found.values()) >= 0
    assert found == waits(tasks_of(0.95, 6, seed=3), RULES[rule])


def test_each_rule_gives_the_one_porter_another_second_task(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the porter carries, four things are asked; who is next is worked out by hand for each rule."""
    only_one(monkeypatch)
    monkeypatch.setattr(dispatch, "WARM_UP_MINUTES", 0.0)
    far = Place(3, 74.0, 14.0)  # 70 m, a minute's walk
    tasks = [
        task(0, Priority.LOW),
        task(1, Priority.LOW, 1.0, far),
        task(2, Priority.MEDIUM, 2.0),
        task(3, Priority.STAT, 3.0, far),
    ]
    second = {}
    for name, rule in RULES.items():
        found = waits(tasks, rule)
        second[name] = min((1, 2, 3), key=lambda number: tasks[number].at + found[number])
    assert second == {"ours": 3, "first come": 1, "nearest first": 2}
    # Free at minute 10, a minute's walk, asked at minute 3.
    assert waits(tasks, RULES["ours"])[3] == pytest.approx(8.0)


def test_nobody_is_in_two_places_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    only_one(monkeypatch)
    monkeypatch.setattr(dispatch, "WARM_UP_MINUTES", 0.0)
    tasks = [task(number, Priority.MEDIUM) for number in range(4)]
    assert sorted(waits(tasks, RULES["ours"]).values()) == pytest.approx([0.0, 10.0, 20.0, 30.0])


def test_the_rule_is_the_products_own(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def turned_round(tasks: object, now: object) -> list[int]:
        asked.append(now)
        return [number for number, _, _ in sorted(tasks, reverse=True)]  # type: ignore[call-overload]

    tasks = tasks_of(0.95, 3, seed=1)
    before = waits(tasks, RULES["ours"])
    monkeypatch.setattr("hospital_ops.domain.errands.in_order", turned_round)
    assert waits(tasks, RULES["ours"]) != before
    assert asked
    assert errands.choose.__module__ == "hospital_ops.domain.dispatch"


def test_urgent_ones_wait_less_with_ours(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", "--hours", "12", "--seeds", "3", "--loads", "95"]) == 0
    rows = {(row["rule"], row["priority"]): row for row in json.loads(capsys.readouterr().out)}
    assert len(rows) == 12
    for other in ("nearest first", "first come"):
        assert rows["ours", "stat"]["mean_minutes"][0] < rows[other, "stat"]["mean_minutes"][0]
    assert {row["tasks"] for key, row in rows.items() if key[1] == "stat"} == {rows["ours", "stat"]["tasks"]}


def test_one_seed_claims_no_interval() -> None:
    (row, *_) = compared(0.7, 6, 1)
    assert row["mean_minutes"][1] is None  # type: ignore[index]
