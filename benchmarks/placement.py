"""How long a proposal for the whole waiting list takes, and how much better it is than taking turns.

    ./hospital bench placement [--json] [--waiting 60] [--beds 300] [--rounds 20]

Made-up houses: twelve wards of six units, rooms of one, two and four beds, a share of the beds free. The bar is two
seconds for sixty waiting and three hundred beds. Seconds of a processor are told: one worker uses one, and others on the
machine do not count.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Sequence

from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.placement import Isolation, Need, Offer
from hospital_ops.domain.tasks import Priority
from hospital_ops.domain.waiting_list import Waiting, take_turns
from hospital_ops.infra.assignment import assign

UNITS = ("Cardiac", "Medicine", "Surgery", "Neurology", "Oncology", "Orthopaedics")
SHARES_FREE = (0.1, 0.3, 1.0)


def main(argv: Sequence[str]) -> int:
    """Run and print. Returns 0, or 1 when a plan was worse than taking turns."""
    parser = argparse.ArgumentParser(prog="hospital bench placement", description=__doc__)
    parser.add_argument("--waiting", type=int, default=60)
    parser.add_argument("--beds", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    assign(*house(random.Random(0), 5, 20, 1.0))  # The solver is loaded once.
    rows = [_measured(args.waiting, args.beds, share, args.rounds) for share in SHARES_FREE]
    if args.json:
        print(json.dumps(rows))
    else:
        for row in rows:
            print("  ".join(f"{name} {value:g}" for name, value in row.items()))
    return 0 if all(row["worse_than_turns"] == 0 for row in rows) else 1


def _measured(waiting: int, beds: int, share: float, rounds: int) -> dict[str, float]:
    seconds, more, gains, proven, worse = [], 0, [], 0, 0
    for number in range(rounds):
        people, offers = house(random.Random(number), waiting, beds, share)
        began = time.process_time()
        found = assign(people, offers)
        seconds.append(time.process_time() - began)
        more += len(found.plan) - len(take_turns(people, offers))
        gains.append(found.worth - found.worth_of_turns)
        proven += found.proven
        worse += found.worth < found.worth_of_turns
    return {
        "share_free": share,
        "waiting": waiting,
        "beds": beds,
        "rounds": rounds,
        "p50_cpu_s": round(statistics.median(seconds), 3),
        "max_cpu_s": round(max(seconds), 3),
        "proven_best": proven,
        "better_than_turns": sum(gain > 0 for gain in gains),
        "worse_than_turns": worse,
        "more_placed": more,
    }


def house(dice: random.Random, waiting: int, beds: int, share: float) -> tuple[list[Waiting], list[Offer]]:
    """Who waits, and every bed of a made-up house of which this share is free."""
    offers: list[Offer] = []
    while len(offers) < beds:
        size = dice.choice((1, 2, 2, 4))
        room, ward = f"r{len(offers)}", 1 + len(offers) * 12 // beds
        sexes = dice.choice((("female",), ("male",)))
        taken = [dice.random() >= share for _ in range(size)]
        for place in range(min(size, beds - len(offers))):
            beside = tuple(sexes[0] for other, busy in enumerate(taken) if busy and other != place)
            status = BedStatus.OCCUPIED if taken[place] else BedStatus.AVAILABLE
            offers.append(
                Offer(
                    len(offers) + 1, f"{room}-{place}", ward, UNITS[ward % 6], status,
                    isolation_room=size == 1, telemetry=ward % 3 == 0, neighbours=beside, room=room,
                )
            )  # fmt: skip
    return [_somebody(dice, number) for number in range(1, waiting + 1)], offers


def _somebody(dice: random.Random, number: int) -> Waiting:
    isolation = Isolation.NONE if dice.random() < 0.85 else Isolation.CONTACT
    need = Need(dice.choice(UNITS), dice.choice(("female", "male")), isolation, dice.random() < 0.25)
    priority = dice.choices(list(Priority), weights=[4, 8, 3, 1])[0]
    return Waiting(number, need, priority, dice.uniform(0, 20))
