"""How long a patient waits until a photo is accepted while every worker is busy. The bar is one second, for each.

    ./hospital bench accept [--json] [--photos 20]

A house of its own with its worker and relay. First so many cards are sent that both pool processes have work for the whole
measurement; then photos of twelve megapixels go up one after another, each timed from the first byte to the answer.
"""

from __future__ import annotations

import argparse
import http.client
import io
import json
import os
import random
import statistics
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.house import House

BAR_SECONDS = 1.0
BUSY_CARDS = 24
SIDES = ("insurance_front", "insurance_back", "id_photo")


def main(argv: Sequence[str]) -> int:
    """Run and print. Returns 0, or 1 when one photo missed the bar or the workers were not busy throughout."""
    parser = argparse.ArgumentParser(prog="hospital bench accept", description=__doc__)
    parser.add_argument("--photos", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    parts = ("worker", "relay")
    with tempfile.TemporaryDirectory(prefix="hospital-bench-") as folder, House(Path(folder), parts=parts) as house:
        house.found([sys.executable, "-m", "benchmarks.small", "2"])
        house.start()
        os.environ.update(house.environment)
        result = _measure(house.urls[0], args.photos)
    print(json.dumps(result, indent=2) if args.json else _words(result))
    return 0 if result["worst_seconds"] < BAR_SECONDS and result["still_waiting"] > 0 else 1


def _measure(url: str, photos: int) -> dict[str, float]:
    from hospital_ops.domain.documents import DocumentStatus
    from hospital_ops.services.sweeper import unfinished

    for number in range(BUSY_CARDS):
        if number % len(SIDES) == 0:
            cookie = _registration(url)
        _send(url, cookie, SIDES[number % len(SIDES)], _photo(number, (1600, 1000)))
    reading = DocumentStatus.READING.value
    while not any(one.status == reading for one in unfinished()):
        time.sleep(0.05)
    seconds, large = [], [_photo(1000 + number, (4000, 3000)) for number in range(4)]
    for number in range(photos):
        if number % len(SIDES) == 0:
            cookie = _registration(url)
        began = time.perf_counter()
        _send(url, cookie, SIDES[number % len(SIDES)], large[number % len(large)])
        seconds.append(time.perf_counter() - began)
    return {
        "photos": photos,
        "megabytes": round(statistics.mean(len(photo) for photo in large) / 1e6, 1),
        "median_seconds": round(statistics.median(seconds), 3),
        "worst_seconds": round(max(seconds), 3),
        "bar_seconds": BAR_SECONDS,
        "still_waiting": len(unfinished()) - photos,
    }


def _registration(url: str) -> str:
    """A new registration's cookie."""
    form = urllib.parse.urlencode({"language": "en"}).encode()
    answer = _call(url, "POST", "/api/intake/start", form, {"Content-Type": "application/x-www-form-urlencoded"})
    return "; ".join(cookie.split(";")[0] for cookie in answer.headers.get_all("Set-Cookie") or [])


def _send(url: str, cookie: str, side: str, photo: bytes) -> None:
    answer = _call(url, "PUT", f"/api/intake/document/{side}", photo, {"Cookie": cookie, "Content-Type": "image/jpeg"})
    if answer.status != 202:
        raise RuntimeError(f"a photo was not accepted: {answer.status}")


def _call(url: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> http.client.HTTPResponse:
    line = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=30)
    line.request(method, path, body, {"Origin": url, **headers})
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer


def _photo(seed: int, size: tuple[int, int]) -> bytes:
    """A picture as a camera makes it: grainy, so that it is some megabytes."""
    from PIL import Image

    small = Image.frombytes(
        "RGB", (size[0] // 4, size[1] // 4), random.Random(seed).randbytes(size[0] * size[1] * 3 // 16)
    )
    out = io.BytesIO()
    small.resize(size, Image.Resampling.BICUBIC).save(out, "JPEG", quality=90)
    return out.getvalue()


def _words(result: dict[str, float]) -> str:
    return (
        f"{result['photos']:g} photos of {result['megabytes']} MB accepted in {result['median_seconds']} s (median),"
        f" {result['worst_seconds']} s (worst); the bar is {result['bar_seconds']:g} s."
        f" {result['still_waiting']:g} earlier cards still waited for a worker."
    )
