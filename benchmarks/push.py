"""How long from commit to frame: fifty open boards, two hundred changes of one bed each.

    ./hospital bench push [--json] [--boards 50] [--changes 200]

A house of its own is started: PostgreSQL, Valkey and one web process. The clients and the changes share one other process,
so on two cores the server has one. The time runs from the return of the commit to the arrival of the frame, for every board.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.boards import Board, sign_in
from benchmarks.house import House, password_of

WARDS = 12


def main(argv: Sequence[str]) -> int:
    """Run and print. Returns 0, or 1 when some board missed a change."""
    parser = argparse.ArgumentParser(prog="hospital bench push", description=__doc__)
    parser.add_argument("--boards", type=int, default=50)
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="hospital-bench-") as folder, House(Path(folder), parts=()) as house:
        house.found([sys.executable, "-m", "benchmarks.small", str(WARDS)])
        house.start()
        os.environ.update(house.environment)
        result = asyncio.run(_measure(house.urls[0], password_of(Path(folder)), args.boards, args.changes))
    _show(result, as_json=args.json)
    return 0 if not result["missed"] else 1


async def _measure(url: str, password: str, boards: int, changes: int) -> dict[str, float]:
    cookie = await asyncio.to_thread(sign_in, url, "manager", password)
    open_boards = [Board(url, cookie) for _ in range(boards)]
    running = [asyncio.create_task(board.run(WARDS)) for board in open_boards]
    await asyncio.wait_for(asyncio.gather(*(board.ready.wait() for board in open_boards)), 60)
    for board in open_boards:
        board.seen.clear()
    committed = await asyncio.to_thread(_change, changes)
    await asyncio.sleep(1.0)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    return _figures(open_boards, committed)


def _change(changes: int) -> dict[tuple[int, int], float]:
    """Reserve or release a bed at a time, by the service itself. (bed id, version) → when its commit returned."""
    from hospital_ops.domain.access import Actor, Role
    from hospital_ops.queries.board import dashboard
    from hospital_ops.services import placement

    actor = Actor(Role.BED_MANAGER, "Mona Manager")
    tiles = {tile["id"]: tile for tile in dashboard(actor)}
    dice, committed = random.Random(7), {}
    for _ in range(changes):
        tile = dice.choice(list(tiles.values()))
        free = tile["status"] == "available"
        (placement.reserve if free else placement.release)(actor, tile["id"])
        tile["status"] = "reserved" if free else "available"
        tile["version"] += 1
        committed[tile["id"], tile["version"]] = time.monotonic()
        time.sleep(dice.uniform(0.02, 0.08))
    return committed


def _figures(boards: list[Board], committed: dict[tuple[int, int], float]) -> dict[str, float]:
    waits, missed = [], 0
    for board in boards:
        for (bed_id, version), at in committed.items():
            # Two changes of one bed within one read arrive as the newer one; the older was never needed.
            later = [t for (b, v), t in board.seen.items() if b == bed_id and v >= version]
            if later:
                waits.append(max(0.0, min(later) - at) * 1000)
            else:
                missed += 1
    waits.sort()
    return {
        "boards": len(boards),
        "changes": len(committed),
        "deliveries": len(waits),
        "missed": missed,
        "p50_ms": round(statistics.median(waits), 1),
        "p95_ms": round(waits[int(0.95 * (len(waits) - 1))], 1),
        "p99_ms": round(waits[int(0.99 * (len(waits) - 1))], 1),
        "max_ms": round(waits[-1], 1),
        "kilobytes_a_change": round(sum(b.bytes_received for b in boards) / len(boards) / len(committed) / 1000, 1),
        "cores": float(os.cpu_count() or 0),
    }


def _show(result: dict[str, float], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(result))
        return
    for name, value in result.items():
        print(f"{name:20} {value:g}")
