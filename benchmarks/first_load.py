"""How long a slow phone waits for /intake: processor four times slower, 1.6 Mb/s down, 150 ms there and back.

    ./hospital bench first_load [--json] [--runs 7]

Each run is a browser that has never been here. *Interactive*: both start buttons are drawn and the main thread answers;
they are plain forms, so pressing one then needs nothing else. The bar is 4 s. Needs the system's Chromium.
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

from benchmarks.house import House

BAR_SECONDS = 4.0
SLOWER = 4
BYTES_A_SECOND = 1_600_000 // 8
ROUND_TRIP_MS = 150
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
# What a page that shows charts would load; the registration must not.
CHARTS = ("recharts", "staffing")


def main(argv: Sequence[str]) -> int:
    """Run and print. Returns 0, or 1 when the median misses the bar or a chart is in the bundle."""
    parser = argparse.ArgumentParser(prog="hospital bench first_load", description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="hospital-bench-") as folder, House(Path(folder), parts=()) as house:
        house.found([sys.executable, "-m", "benchmarks.small", "2"])
        house.start()
        result = measure(house.urls[0], args.runs)
    print(json.dumps(result, indent=2) if args.json else _words(result))
    return 0 if result["median_seconds"] < BAR_SECONDS and not result["charts"] else 1


def measure(url: str, runs: int) -> dict[str, Any]:
    """Median and worst of so many first visits, what came over the line, and whether a chart was in it."""
    from playwright.sync_api import sync_playwright

    from hospital_ops.commands.test import browser

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser(), args=FLAGS)
        visits = [_visit(opened, url) for _ in range(runs)]
        opened.close()
    seconds = [visit["seconds"] for visit in visits]
    last = visits[-1]
    return {
        "runs": runs,
        "median_seconds": round(statistics.median(seconds), 2),
        "worst_seconds": round(max(seconds), 2),
        "bar_seconds": BAR_SECONDS,
        "kilobytes": round(sum(last["files"].values()) / 1000),
        "files": dict(sorted(last["files"].items(), key=lambda file: -file[1])),
        "charts": sorted(name for name in last["files"] if any(word in name for word in CHARTS)),
    }


def _visit(opened: Any, url: str) -> dict[str, Any]:
    context = opened.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"latency": ROUND_TRIP_MS, "downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    line.send("Network.emulateNetworkConditions", {"offline": False, **slow})
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    files: dict[str, int] = {}
    names: dict[str, str] = {}
    line.on("Network.responseReceived", lambda e: names.update({e["requestId"]: e["response"]["url"]}))
    line.on("Network.loadingFinished", lambda e: _count(files, names.get(e["requestId"], ""), e["encodedDataLength"]))
    began = time.perf_counter()
    page.goto(f"{url}/intake", wait_until="commit")
    page.locator("form.welcome button").nth(1).wait_for()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")
    seconds = time.perf_counter() - began
    context.close()
    return {"seconds": seconds, "files": files}


def _count(files: dict[str, int], url: str, size: int) -> None:
    if url.startswith("http"):
        files[url.split("/", 3)[3].split("?")[0]] = int(size)


def _words(result: dict[str, Any]) -> str:
    verdict = "under" if result["median_seconds"] < BAR_SECONDS else "over"
    lines = [f"{size / 1000:8.1f} kB  {name or '/'}" for name, size in result["files"].items()]
    return "\n".join(
        [
            *lines,
            f"{result['kilobytes']:>8} kB  in all; charts among them: {', '.join(result['charts']) or 'none'}",
            f"interactive after {result['median_seconds']} s (median of {result['runs']},"
            f" worst {result['worst_seconds']} s), {verdict} the bar of {BAR_SECONDS:g} s",
        ]
    )
