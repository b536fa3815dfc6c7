"""How well cards are read: exact fields, exact cards, and above all what was wrong without a doubt.

    python -m benchmarks.ocr [--cards 200] [--grade flat|handheld] [--development] [--json]

Scores the kept-out templates unless asked for the others; the first reader alone, and with the second
where EasyOCR is installed. Shares are printed with Wilson's 95 % interval.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from statistics import median
from typing import Any

from benchmarks.cards.generate import Sample, samples
from benchmarks.cards.photo import GRADES
from hospital_ops.domain.documents import Reading, comparable

WORDS = {"payer", "member_name", "plan", "name", "address"}  # where a lost space is a wrong word
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


def outcome(key: str, reading: Reading, truth: dict[str, str]) -> str:
    found = reading.fields.get(key)
    if found is None:
        return "missing"
    right = key in truth and same(key, found.value, truth[key])
    if right:
        return "right_unsure" if found.unsure else "right"
    return "wrong_unsure" if found.unsure else "silently_wrong"


@dataclass
class Score:
    """Counts over one grade's cards."""

    fields: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    verdicts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    cards: int = 0
    whole: int = 0
    turned: int = 0
    memory_mb: float = 0.0
    wrong: list[dict[str, Any]] = field(default_factory=list)

    def add(self, sample: Sample, reading: Reading, memory_mb: float) -> None:
        self.cards += 1
        self.verdicts[str(reading.verdict)] += 1
        self.seconds.append(reading.seconds)
        self.memory_mb = max(self.memory_mb, memory_mb)
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


def read_in_child(jpeg: bytes, side: str, threads: int, second: bool) -> tuple[Reading, float]:
    """One reading and the child's peak memory so far, in MB."""
    from hospital_ops.ml.ocr import read_card

    reading = read_card(jpeg, side, threads=threads, second=second)
    return reading, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(count: int, grade: str, kept_out: bool, seed: int, threads: int, second: bool = False) -> Score:
    """Read `count` cards of a grade in one child process, whose memory is then the reader's alone."""
    score = Score()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as child:
        for one in samples(count, grade, kept_out, seed):
            reading, memory = child.submit(read_in_child, one.jpeg, one.side, threads, second).result()
            score.add(one, reading, memory)
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
        "seconds_worst": round(max(score.seconds), 3) if score.seconds else None,
        "memory_mb": round(score.memory_mb),
    }


def _field_row(counts: Counter[str]) -> dict[str, Any]:
    total = sum(counts.values())
    return {
        **{name: counts[name] for name in OUTCOMES},
        "exact": wilson(counts["right"] + counts["right_unsure"], total),
    }


def _lines(grade: str, row: dict[str, Any]) -> Iterator[str]:
    pace = f"{row['seconds_median']} s a card (worst {row['seconds_worst']})"
    yield f"\n{grade}: {row['cards']} cards, {pace}, {row['memory_mb']} MB"
    yield f"{'field':16}{'exact':>24}  " + "".join(f"{name:>15}" for name in OUTCOMES)
    for key, counts in row["fields"].items():
        yield f"{key:16}{_share(counts['exact']):>24}  " + "".join(f"{counts[name]:15}" for name in OUTCOMES)
    for name in ("member_id_exact", "field_exact", "card_exact", "silently_wrong", "right_but_unsure", "orientation"):
        yield f"{name:20}{_share(row[name])}"
    yield f"verdicts            {row['verdicts']}"


def _share(share: tuple[float, float, float]) -> str:
    return f"{share[0]:7.2%} ({share[1]:.1%}–{share[2]:.1%})"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench ocr", description="Score the card reader on synthetic cards.")
    parser.add_argument("--cards", type=int, default=200, help="cards a grade")
    parser.add_argument("--grade", choices=GRADES, action="append", help="one grade only")
    parser.add_argument("--development", action="store_true", help="the templates that the reader was made with")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--show", action="store_true", help="list what was not right, development templates only")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(argv)
    rows: dict[str, dict[str, Any]] = {name: {} for name in _readers()}
    for name, second in _readers().items():
        for grade in asked.grade or GRADES:
            score = run(asked.cards, grade, not asked.development, asked.seed, asked.threads, second)
            rows[name][grade] = summary(score)
            if not asked.json:
                print("\n".join(_lines(f"{name}, {grade}", rows[name][grade])))
            if asked.show and asked.development:
                print("\n".join(json.dumps(wrong, ensure_ascii=False) for wrong in score.wrong))
    if asked.json:
        print(json.dumps({"templates": "development" if asked.development else "kept out", "readers": rows}))
    return 0


def _readers() -> dict[str, bool]:
    """Who reads → whether the second reader is asked."""
    from hospital_ops.ml.ocr.second import is_installed

    return {"rapidocr": False, **({"rapidocr+easyocr": True} if is_installed() else {})}


if __name__ == "__main__":
    sys.exit(main())
