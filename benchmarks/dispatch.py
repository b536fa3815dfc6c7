"""Our dispatch against nearest-first and first-in-first-out, on the demo's floor plan, as the house fills.

    ./hospital bench dispatch [--json] [--hours 48] [--seeds 20] [--loads 70 85 95]

The rule is the product's own (`domain/dispatch`: in_order, then choose) and the engine that of the what-if (`domain/errands`). All three rules meet the same tasks and the same
people by day, porters for the whole house and cleaners by zone. A wait is from asking to standing at the bed. The load is
the share of everybody's time that work and walking between two beds drawn at random would take.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from hospital_ops.domain.dispatch import Candidate
from hospital_ops.domain.errands import (
    METRES_A_MINUTE,
    Asked,
    Pair,
    Rule,
    Worker,
    first_that_goes,
    metres,
    ours,
    quantile,
    simulate,
    with_interval,
)
from hospital_ops.domain.floor_plan import Place, walking_metres
from hospital_ops.domain.tasks import RESPONSE_MINUTES, Priority, StaffStatus
from hospital_ops.sim.cast import ALL_CODES, ZONES
from hospital_ops.sim.wards import ALL_BEDS

WARM_UP_MINUTES = 120.0
# Work at the bed, without the walk: mean minutes, and how widely it varies (sigma of a log-normal).
WORK = {"clean": (28.0, 0.35), "carry": (11.0, 0.45)}
SHARES = {Priority.STAT: 0.06, Priority.HIGH: 0.22, Priority.MEDIUM: 0.52, Priority.LOW: 0.20}


def first_come(waiting: dict[int, Asked], people: list[Worker], now: float) -> Pair | None:
    """The oldest first, to the nearest free person."""
    order = sorted(waiting, key=lambda number: (waiting[number].at, number))
    return first_that_goes(order, waiting, people)


def nearest(waiting: dict[int, Asked], people: list[Worker], now: float) -> Pair | None:
    """Whichever free person and task are closest together."""
    free = [one for one in people if not one.candidate.busy]
    pairs = ((task, one) for task, one in product(waiting.values(), free) if one.can(task))
    return min(pairs, key=lambda pair: (metres(pair[1], pair[0].place), pair[0].number), default=None)


RULES: dict[str, Rule] = {"ours": ours, "nearest first": nearest, "first come": first_come}


def main(argv: Sequence[str]) -> int:
    """Run and print. Returns 0."""
    parser = argparse.ArgumentParser(prog="hospital bench dispatch", description=__doc__)
    parser.add_argument("--hours", type=float, default=48.0)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--loads", type=int, nargs="+", default=[70, 85, 95], metavar="PERCENT")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    rows = [row for load in args.loads for row in compared(load / 100, args.hours, args.seeds)]
    if args.json:
        print(json.dumps(rows))
    else:
        _print(rows)
    return 0


def compared(load: float, hours: float, seeds: int) -> list[dict[str, object]]:
    """A row a rule and priority: means over the seeds of the mean and p95 wait and the share on time, each ± at 95 %."""
    runs: dict[str, list[dict[int, float]]] = {name: [] for name in RULES}
    days = [tasks_of(load, hours, seed) for seed in range(seeds)]
    for tasks, name in product(days, RULES):
        runs[name].append(waits(tasks, RULES[name]))
    return [
        {"load": round(load * 100), "rule": name, "priority": priority.value} | _figures(days, runs[name], priority)
        for name, priority in product(RULES, sorted(SHARES, key=list(Priority).index, reverse=True))
    ]


def people() -> list[Worker]:
    """By day: six porters and one cleaner for the whole house, two cleaners a zone; each begins at a bed of theirs."""
    posts = [("carry", ALL_CODES)] * 6 + [("clean", ALL_CODES)] + [("clean", zone) for zone in ZONES for _ in range(2)]
    return [_worker(number, kind, codes) for number, (kind, codes) in enumerate(posts)]


def tasks_of(load: float, hours: float, seed: int) -> list[Asked]:
    """A day's tasks in order of asking, the same for every rule."""
    dice = random.Random(seed)
    staff = people()
    walk = _usual_walk()
    tasks: list[Asked] = []
    for kind, (minutes, spread) in WORK.items():
        rate = load * sum(one.kind == kind for one in staff) / (minutes + walk[kind])
        at = dice.expovariate(rate)
        while at < hours * 60:
            tasks.append(_asked(dice, kind, at, minutes, spread))
            at += dice.expovariate(rate)
    tasks.sort(key=lambda task: task.at)
    return [replace(task, number=number) for number, task in enumerate(tasks)]


def waits(tasks: list[Asked], rule: Rule) -> dict[int, float]:
    """Minutes from asking to standing at the bed, by task; what is asked within the warm-up is done and not counted."""
    found = simulate(tasks, people(), rule)
    return {
        number: done.began - tasks[number].at for number, done in found.items() if tasks[number].at >= WARM_UP_MINUTES
    }


def _worker(number: int, kind: str, codes: tuple[str, ...]) -> Worker:
    first = next(bed for bed in ALL_BEDS if bed.ward_code == codes[number % len(codes)])
    place = Place(first.floor, first.x, first.y)
    return Worker(Candidate(number, f"{kind} {number}", StaffStatus.AVAILABLE, place), kind, frozenset(codes))


def _asked(dice: random.Random, kind: str, at: float, minutes: float, spread: float) -> Asked:
    bed = dice.choice(ALL_BEDS)
    place = Place(bed.floor, bed.x, bed.y)
    priority = dice.choices(list(SHARES), list(SHARES.values()))[0]
    work = dice.lognormvariate(math.log(minutes) - spread**2 / 2, spread)
    end = dice.choice(ALL_BEDS) if kind == "carry" else bed
    return Asked(0, kind, priority, at, bed.ward_code, place, Place(end.floor, end.x, end.y), work)


def _usual_walk() -> dict[str, float]:
    """Minutes between two beds drawn at random: of the whole house for porters, of a zone for cleaners."""
    dice = random.Random(0)
    zones = [[bed for bed in ALL_BEDS if bed.ward_code in zone] for zone in ZONES]
    drawn = {"carry": [ALL_BEDS] * 2000, "clean": [dice.choice(zones) for _ in range(2000)]}
    return {
        kind: statistics.fmean(_between(*(dice.choice(beds) for _ in range(2))) for beds in groups) / METRES_A_MINUTE
        for kind, groups in drawn.items()
    }


def _between(a: object, b: object) -> float:
    return walking_metres(*(Place(bed.floor, bed.x, bed.y) for bed in (a, b)))  # type: ignore[attr-defined]


def _figures(days: list[list[Asked]], runs: list[dict[int, float]], priority: Priority) -> dict[str, object]:
    means, p95s, shares, count = [], [], [], 0
    for tasks, run in zip(days, runs, strict=True):
        own = sorted(wait for number, wait in run.items() if tasks[number].priority is priority)
        if not own:
            continue
        count += len(own)
        means.append(statistics.fmean(own))
        p95s.append(quantile(own, 0.95))
        shares.append(100 * sum(wait <= RESPONSE_MINUTES[priority] for wait in own) / len(own))
    named = {"mean_minutes": means, "p95_minutes": p95s, "on_time_percent": shares}
    return {"tasks": count} | {name: with_interval(values) for name, values in named.items()}


def _print(rows: list[dict[str, object]]) -> None:
    print("| load | rule | priority | tasks | mean min | p95 min | on time % |\n|---|---|---|---|---|---|---|")
    for row in rows:
        figures = [f"{row[n][0]} ± {row[n][1]}" for n in ("mean_minutes", "p95_minutes", "on_time_percent")]  # type: ignore[index]
        print(f"| {row['load']} % | {row['rule']} | {row['priority']} | {row['tasks']} | {' | '.join(figures)} |")


if __name__ == "__main__":
    import sys

    raise SystemExit(main(sys.argv[1:]))
