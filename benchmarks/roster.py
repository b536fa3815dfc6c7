"""How well and how fast a roster's open places are filled, beside taking turns.

    ./hospital bench roster [--json] [--days 14] [--first 2026-03-02]

The demo's twelve wards with their nurses and the nurses that each of its shifts wants, from an empty roster. Each nurse has one
day off and wishes for two more, by a die that always falls the same. Seconds are of one processor. It exits 1 when any plan is
worse than taking turns or breaks a rule.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock

from hospital_ops.domain.roster import Slot, Worker
from hospital_ops.domain.rostering import Hand, Need, Plan, breaks, by_person, cost_of, take_turns
from hospital_ops.infra.rostering import fill
from hospital_ops.sim.cast import STAFF
from hospital_ops.sim.wards import SHIFTS, WARDS

DAY = timedelta(days=1)
Row = dict[str, float | int | str | bool]


def main(argv: Sequence[str]) -> int:
    """Run and print. Returns 0, or 1 when a plan was worse than taking turns or broke a rule."""
    parser = argparse.ArgumentParser(prog="hospital bench roster", description=__doc__)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--first", type=date.fromisoformat, default=date(2026, 3, 2))
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    fill(*ward(0, date(2026, 3, 2), 1))  # The solver is loaded once.
    rows = [measured(number, args.first, args.days) for number in range(len(WARDS))]
    for row in [] if args.json else rows:
        print("  ".join(f"{name} {value}" for name, value in row.items()))
    if args.json:
        print(json.dumps(rows))
    return 0 if all(not row["breaks"] and row["cost"] <= row["turns_cost"] for row in rows) else 1


def ward(number: int, first: date, days: int) -> tuple[list[Need], list[Hand]]:
    """What that ward of the demo wants for so many days, and its nurses."""
    plan, dice = WARDS[number], random.Random(number)
    needs = []
    for day in (first + n * DAY for n in range(days)):
        for (name, begins, ends), people in zip(SHIFTS, plan.shift_nurses, strict=True):
            starts = datetime.combine(day, clock(begins), UTC)
            until = datetime.combine(day if ends > begins else day + DAY, clock(ends), UTC)
            needs.append(Need(Slot(number, "nurse", starts, until, day), people, night=name == "night"))
    nurses = [one for one in STAFF if one.role == "nurse" and one.ward_codes == (plan.code,)]
    return needs, [_hand(dice, place, number, first, days) for place, _ in enumerate(nurses, start=1)]


def _hand(dice: random.Random, user_id: int, ward_id: int, first: date, days: int) -> Hand:
    off, *wishes = (first + dice.randrange(days) * DAY for _ in range(3))
    worker = Worker(user_id, f"Nurse {user_id}", "nurse", frozenset({ward_id}))
    return Hand(
        worker,
        nights=dice.randint(0, 6),
        weekends=dice.randint(0, 4),
        shifts=20,
        strain=dice.choice((0, 0, 10, 30)),
        off=frozenset({off}),
        wishes=frozenset(wishes),
    )


def measured(number: int, first: date, days: int) -> Row:
    """One ward: the plan's figures, those of taking turns beside them."""
    needs, hands = ward(number, first, days)
    began = time.process_time()
    turns = take_turns(needs, hands)
    turned = time.process_time()
    found = fill(needs, hands)
    seconds = time.process_time() - turned
    row: Row = {"ward": WARDS[number].code, "nurses": len(hands), "places": sum(need.people for need in needs)}
    row |= {"cpu_s": round(seconds, 2), "turns_cpu_s": round(turned - began, 2), "proven": found.proven}
    row |= _figures("", found.plan, needs, hands) | _figures("turns_", turns, needs, hands)
    return row | {"breaks": len(breaks(found.plan, needs, hands))}


def _figures(name: str, plan: Plan, needs: Sequence[Need], hands: Sequence[Hand]) -> Row:
    """Open places, wishes passed over, and how unevenly nights and weekends fall (standard deviation of people)."""
    cost, mine = cost_of(plan, needs, hands), by_person(plan)
    nights = [hand.nights + sum(needs[n].night for n in mine.get(hand.user_id, ())) for hand in hands]
    weekends = [hand.weekends + sum(needs[n].weekend for n in mine.get(hand.user_id, ())) for hand in hands]
    return {
        f"{name}open": cost.open_places,
        f"{name}wishes": cost.wishes,
        f"{name}nights_sd": round(statistics.pstdev(nights), 2),
        f"{name}weekends_sd": round(statistics.pstdev(weekends), 2),
        f"{name}cost": cost.total,
    }


if __name__ == "__main__":
    raise SystemExit(main(()))
