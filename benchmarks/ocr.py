"""How well cards are read: exact fields, exact cards, and above all what was wrong without a doubt.

    python -m benchmarks.ocr [--cards 200] [--grade flat|handheld] [--development] [--json]

Scores the kept-out templates unless asked for the others: RapidOCR alone and, where EasyOCR is installed, that alone
and both as the hospital uses them. Shares are printed with Wilson's 95 % interval.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from math import ceil
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.cards import fonts
from benchmarks.cards.generate import Sample, samples
from benchmarks.cards.photo import GRADES
from hospital_ops.domain.documents import Reading, comparable

WORDS = {"payer", "member_name", "plan", "name", "address"}  # where a lost space is a wrong word
RAPID, EASY, BOTH = "rapidocr", "easyocr", "rapidocr+easyocr"
OUTCOMES = ("right", "right_unsure", "wrong_unsure", "missing", "silently_wrong")


def same(key: str, value: str, truth: str) -> bool:
    """Exact: letter for letter in words (case and commas aside), sign for sign in numbers, day for day in dates."""
    if key in WORDS:
        return value.casefold().replace(",", " ").split() == truth.casefold().replace(",", " ").split()
    return comparable(key, value) == comparable(key, truth)


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float, float]:
    """The share, and the ends of its 95 % interval; (0, 0, 1) of nothing."""
    if not of:
        return 0.0, 0.0, 1.0
    share, spread = hits / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * ((share * (1 - share) / of + spread / (4 * of)) ** 0.5)
    return share, max(0.0, middle - half), min(1.0, middle + half)


def quantile(values: list[float], share: float) -> float:
    """The smallest of the values that `share` of them do not exceed."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def outcome(key: str, reading: Reading, truth: dict[str, str]) -> str:
    found = reading.fields.get(key)
    if found is None:
        return "missing"
    right = key in truth and same(key, found.value, truth[key])
    if right:
        return "right_unsure" if found.unsure else "right"
    return "wrong_unsure" if found.unsure else "silently_wrong"


@dataclass(frozen=True)
class Cost:
    """Of one reading: the processor's seconds, and the child's peak memory so far in MB."""

    cpu_seconds: float
    memory_mb: float


@dataclass
class Score:
    """Counts over one grade's cards."""

    fields: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    verdicts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    cards: int = 0
    whole: int = 0
    turned: int = 0
    memory_mb: float = 0.0
    wrong: list[dict[str, Any]] = field(default_factory=list)

    def add(self, sample: Sample, reading: Reading, cost: Cost) -> None:
        self.cards += 1
        self.verdicts[str(reading.verdict)] += 1
        self.seconds.append(reading.seconds)
        self.cpu_seconds.append(cost.cpu_seconds)
        self.memory_mb = max(self.memory_mb, cost.memory_mb)
        self.turned += reading.rotated == sample.rotated
        outcomes = {key: outcome(key, reading, sample.truth) for key in sample.truth.keys() | reading.fields.keys()}
        self.whole += all(outcomes[key] in {"right", "right_unsure"} for key in sample.truth)
        for key, result in outcomes.items():
            self.fields[key][result] += 1
            if result not in {"right"}:
                found = reading.fields.get(key)
                self.wrong.append({
                    "template": sample.template, "field": key, "outcome": result, "truth": sample.truth.get(key),
                    "value": found.value if found else None, "confidence": found.confidence if found else None,
                })  # fmt: skip


def peak_mb() -> float:
    """The most memory this process has held. Linux's own count: `ru_maxrss` begins with the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        return float(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def begin_child(threads: int, readers: str) -> None:
    """The child holds what a worker of the hospital holds, so that its memory is a worker's."""
    from hospital_ops.ml.ocr import warm_up
    from workers.celery_app import app

    app.loader.import_default_modules()
    if readers != EASY:
        warm_up(threads)


def read_in_child(jpeg: bytes, side: str, threads: int, readers: str) -> tuple[Reading, Cost]:
    from hospital_ops.ml.ocr import read_card

    began = time.process_time()
    if readers == EASY:
        from benchmarks.easyocr_alone import easy_alone

        reading = read_card(jpeg, side, threads=threads, second=False, first=easy_alone())
    else:
        reading = read_card(jpeg, side, threads=threads, second=readers == BOTH)
    return reading, Cost(time.process_time() - began, peak_mb())


def run(count: int, grade: str, kept_out: bool, seed: int, threads: int, readers: str = RAPID) -> Score:
    """Read `count` cards of a grade in one child process, whose memory is then the reader's alone."""
    score = Score()
    spawn = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, initializer=begin_child, initargs=(threads, readers)) as child:
        for one in samples(count, grade, kept_out, seed):
            reading, cost = child.submit(read_in_child, one.jpeg, one.side, threads, readers).result()
            score.add(one, reading, cost)
    return score


def summary(score: Score) -> dict[str, Any]:
    """The score as plain values; every share is [share, low, high]."""
    total: Counter[str] = sum(score.fields.values(), Counter())
    right = total["right"] + total["right_unsure"]
    printed = sum(total.values())
    number = score.fields.get("member_id", Counter())
    return {
        "cards": score.cards,
        "fields": {key: _field_row(counts) for key, counts in sorted(score.fields.items())},
        "field_exact": wilson(right, printed),
        "card_exact": wilson(score.whole, score.cards),
        "member_id_exact": wilson(number["right"] + number["right_unsure"], sum(number.values())),
        "silently_wrong": wilson(total["silently_wrong"], printed),
        "right_but_unsure": wilson(total["right_unsure"], right),
        "orientation": wilson(score.turned, score.cards),
        "verdicts": dict(score.verdicts),
        "seconds_median": round(median(score.seconds), 3) if score.seconds else None,
        "seconds_p95": round(quantile(score.seconds, 0.95), 3) if score.seconds else None,
        "seconds_worst": round(max(score.seconds), 3) if score.seconds else None,
        "cpu_seconds_median": round(median(score.cpu_seconds), 3) if score.cpu_seconds else None,
        "cpu_seconds_p95": round(quantile(score.cpu_seconds, 0.95), 3) if score.cpu_seconds else None,
        "memory_mb": round(score.memory_mb),
    }


def _field_row(counts: Counter[str]) -> dict[str, Any]:
    total = sum(counts.values())
    return {
        **{name: counts[name] for name in OUTCOMES},
        "exact": wilson(counts["right"] + counts["right_unsure"], total),
    }


def _lines(grade: str, row: dict[str, Any]) -> Iterator[str]:
    pace = f"{row['seconds_median']} s a card (95 % below {row['seconds_p95']}, worst {row['seconds_worst']})"
    busy = f"processor {row['cpu_seconds_median']} s (95 % below {row['cpu_seconds_p95']})"
    yield f"\n{grade}: {row['cards']} cards, {pace}, {busy}, {row['memory_mb']} MB"
    yield f"{'field':16}{'exact':>24}  " + "".join(f"{name:>15}" for name in OUTCOMES)
    for key, counts in row["fields"].items():
        yield f"{key:16}{_share(counts['exact']):>24}  " + "".join(f"{counts[name]:15}" for name in OUTCOMES)
    for name in ("member_id_exact", "field_exact", "card_exact", "silently_wrong", "right_but_unsure", "orientation"):
        yield f"{name:20}{_share(row[name])}"
    yield f"verdicts            {row['verdicts']}"


def _share(share: tuple[float, float, float]) -> str:
    return f"{share[0]:7.2%} ({share[1]:.1%}–{share[2]:.1%})"


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench ocr", description="Score the card reader on synthetic cards.")
    parser.add_argument("--cards", type=int, default=200, help="cards a grade")
    parser.add_argument("--grade", choices=GRADES, action="append", help="one grade only")
    parser.add_argument("--readers", choices=(RAPID, EASY, BOTH), action="append", help="one of the readers only")
    parser.add_argument("--development", action="store_true", help="the templates that the reader was made with")
    parser.add_argument(
        "--machine-fonts", action="store_true", help="draw in this machine's fonts, not in the pinned ones"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--show", action="store_true", help="list what was not right, development templates only")
    parser.add_argument("--json", action="store_true")
    return parser


def main(argv: list[str] | None = None) -> int:
    asked = parser().parse_args(argv)
    fonts.machine(asked.machine_fonts)
    rows: dict[str, dict[str, Any]] = {name: {} for name in asked.readers or installed()}
    for name in rows:
        for grade in asked.grade or GRADES:
            score = run(asked.cards, grade, not asked.development, asked.seed, asked.threads, name)
            rows[name][grade] = summary(score)
            if not asked.json:
                print("\n".join(_lines(f"{name}, {grade}", rows[name][grade])))
            if asked.show and asked.development:
                print("\n".join(json.dumps(wrong, ensure_ascii=False) for wrong in score.wrong))
    templates = "development" if asked.development else "kept out"
    if asked.json:
        print(json.dumps({"templates": templates, "fonts": fonts.names(), "readers": rows}))
    else:
        print(f"\ntemplates           {templates}\nfonts               {', '.join(fonts.names())}")
    return 0


def installed() -> tuple[str, ...]:
    """Who can be scored here."""
    from hospital_ops.ml.ocr.second import is_installed

    return (RAPID, EASY, BOTH) if is_installed() else (RAPID,)


if __name__ == "__main__":
    sys.exit(main())
