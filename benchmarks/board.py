"""How long the bed manager waits for /board with 300 and with 1,000 beds, as groups and as a floor plan.

    ./hospital bench board [--json] [--runs 5]

A warm server and a warm browser cache, signed in already, 1440 px. *Interactive*: every bed is drawn, the panel is live and
the main thread answers. The bars are 1.5 s for 300 beds and 3 s for 1,000. Needs the system's Chromium.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.first_load import FLAGS
from benchmarks.house import House, password_of
from benchmarks.small import BEDS_A_WARD

BARS: dict[int, float] = {300: 1.5, 1000: 3.0}
VIEWS: dict[str, tuple[str, str]] = {
    "groups": ("/board", "[data-bed]"),
    "plan": ("/board?view=plan", "[data-plan-bed]"),
}


def main(argv: Sequence[str]) -> int:
    """Run and print. Returns 0, or 1 when a median misses its bar."""
    parser = argparse.ArgumentParser(prog="hospital bench board", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    results = [result for beds in BARS for result in _hospital(beds, args.runs)]
    print(json.dumps(results, indent=2) if args.json else "\n".join(_words(one) for one in results))
    return 0 if all(one["median_seconds"] < one["bar_seconds"] for one in results) else 1


def _hospital(beds: int, runs: int) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="hospital-bench-") as folder, House(Path(folder), parts=()) as house:
        house.found([sys.executable, "-m", "benchmarks.small", str(beds // BEDS_A_WARD)])
        house.start()
        return measure(house.urls[0], password_of(Path(folder)), beds, runs)


def measure(url: str, password: str, beds: int, runs: int) -> list[dict[str, Any]]:
    """Median and worst of so many openings of each view, after one that warms server and browser."""
    from playwright.sync_api import sync_playwright

    from hospital_ops.commands.test import browser

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser(), args=FLAGS)
        page = opened.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(f"{url}/login")
        page.fill("input[name=username]", "manager")
        page.fill("input[name=password]", password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/board")
        results = [_view(page, url, view, beds, runs) for view in VIEWS]
        opened.close()
    return results


def _view(page: Any, url: str, view: str, beds: int, runs: int) -> dict[str, Any]:
    path, bed = VIEWS[view]
    seconds = [_open(page, url + path, bed, beds) for _ in range(runs + 1)][1:]
    return {
        "beds": beds,
        "view": view,
        "runs": runs,
        "median_seconds": round(statistics.median(seconds), 2),
        "worst_seconds": round(max(seconds), 2),
        "bar_seconds": BARS[beds],
    }


def _open(page: Any, address: str, bed: str, beds: int) -> float:
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(bed).nth(beds - 1).wait_for(state="attached")
    page.locator('[data-live="live"]').first.wait_for()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")
    return time.perf_counter() - began


def _words(result: dict[str, Any]) -> str:
    verdict = "under" if result["median_seconds"] < result["bar_seconds"] else "over"
    return (
        f"{result['beds']:>5} beds as {result['view']}: interactive after {result['median_seconds']} s"
        f" (median of {result['runs']}, worst {result['worst_seconds']} s), {verdict} the bar of {result['bar_seconds']:g} s"
    )
