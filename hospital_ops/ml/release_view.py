"""A release as people read it on a page: its measures beside the baseline's, what it rests on, for whom it is worse.

Words and numbers from `release.json` alone. Whatever is missing there is missing here, and said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hospital_ops.domain.shares import wilson
from hospital_ops.ml.gate_groups import JUDGED, LIMIT_DAYS, never_read

Facts = Mapping[str, Any]
Rows = list[dict[str, Any]]

NAMES: dict[str, str] = {
    "length_of_stay": "Discharge",
    "arrivals": "Arrivals",
    "shift_capacity": "Shift capacity",
    "strain": "Strain",
}
BASELINES: dict[str, str] = {
    "length_of_stay": "Kaplan–Meier by unit",
    "arrivals": "the same weekday's mean over six weeks",
    "shift_capacity": "the plain share of overfull shifts",
    "strain": "the plain share of exhausted answers",
}
# What speaks where no release can: not always what a release was measured against.
STANDS_IN: dict[str, str] = {
    "length_of_stay": "Kaplan–Meier by unit",
    "arrivals": "the same weekday's mean over six weeks",
    "shift_capacity": "the distribution of the census",
    "strain": "the published odds",
}


def _days(value: float) -> str:
    return f"{value:.2f} d"


def _signed_days(value: float) -> str:
    return f"{value:+.2f} d"


def _plain(value: float) -> str:
    return f"{value:.3f}"


def _signed(value: float) -> str:
    return f"{value:+.2f}"


def _percent(value: float) -> str:
    return f"{value:.1%}"


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table. `base`: the baseline's key, in `baseline_metrics` or among the release's own measures."""

    words: str
    key: str
    shown: Callable[[float], str]
    base: str = ""
    share: bool = False


MEASURES: dict[str, tuple[Measure, ...]] = {
    "length_of_stay": (
        Measure("Error of the median (MAE)", "mae_days", _days, "mae_days"),
        Measure("Error of the whole distribution (CRPS)", "crps_days", _days, "crps_days"),
        Measure("Foretold less came, on average", "signed_error_days", _signed_days, "signed_error_days"),
        Measure("Chance for 24 h is off by (ECE)", "ece_24h", _plain, "ece_24h"),
        Measure("80 % ranges hold", "coverage", _percent, "coverage", share=True),
        Measure("Their mean width", "mean_width_days", _days, "mean_width_days"),
        Measure("Right order of two patients", "concordance", _percent, "concordance"),
    ),
    "arrivals": (
        Measure("Error of a day, by unit (MAE)", "daily_mae", _plain, "six_week_mean_daily_mae"),
        Measure("No forecast can be better than (Poisson)", "poisson_floor_daily_mae", _plain),
        Measure("Foretold less came, on average", "signed_error", _signed),
        Measure("80 % ranges of a day hold", "coverage_24h", _percent, share=True),
        Measure("80 % ranges of a shift hold", "coverage_8h", _percent, share=True),
    ),
    "shift_capacity": (
        Measure("Brier score", "brier", _plain, "brier"),
        Measure("Log loss", "log_loss", _plain, "log_loss"),
        Measure("Chances are off by (ECE)", "ece", _plain, "ece"),
        Measure("Shifts that were overfull", "share_over", _percent, share=True),
    ),
    "strain": (
        Measure("Log loss", "log_loss", _plain, "log_loss_of_the_share"),
        Measure("Brier score", "brier", _plain),
        Measure("Right order of two people (AUROC)", "auroc", _percent),
    ),
}


COUNTED: dict[str, str] = {
    "length_of_stay": "forecasts",
    "arrivals": "days of a unit",
    "shift_capacity": "questions about past shifts",
    "strain": "answers",
}
# For whoever plans with it and reads no table. A sentence of which a figure is missing is left out.
SENTENCES: dict[str, tuple[str, ...]] = {
    "length_of_stay": (
        "The day it gives is {mae_days:.1f} days off on average; the usual stay in the unit (Kaplan–Meier) is {base_mae_days:.1f} off.",
        "{coverage_in_100:.0f} of 100 people left within its range, which is to hold 80.",
    ),
    "arrivals": (
        "For one unit and one day it is {daily_mae:.1f} people off on average; the mean of six weeks is "
        "{six_week_mean_daily_mae:.1f} off.",
        "As people come one by one, no forecast could be less than {poisson_floor_daily_mae:.1f} off.",
    ),
    "shift_capacity": (
        "Its chance that a shift needs more nurses than are planned errs by {brier:.3f} (0 is never wrong, Brier); saying the "
        "plain share each time errs by {base_brier:.3f}.",
    ),
    "strain": (
        "Of two people, of whom one is exhausted, it names the right one {auroc_in_100:.0f} times of 100; a coin would 50 times.",
    ),
}


def measures(kind: str, facts: Facts) -> Rows:
    """[{"words", "ours", "interval", "baseline", "n"}] of what the release says of itself."""
    ours, base = _table(facts.get("metrics")), _table(facts.get("baseline_metrics"))
    intervals = _table(ours.get("intervals"))
    n = int(_number(ours.get("n")) or _number(facts.get("answers")) or 0)
    rows = []
    for one in MEASURES.get(kind, ()):
        value = _number(ours.get(one.key))
        if value is None:
            continue
        beside = _number(base.get(one.base, ours.get(one.base))) if one.base else None
        rows.append(
            {
                "words": one.words,
                "ours": one.shown(value),
                "interval": _interval(one, value, n, intervals.get(one.key)),
                "baseline": "" if beside is None else one.shown(beside),
                "n": f"{n:,}" if n else "",
            }
        )
    return rows


def measured_on(kind: str, facts: Facts) -> str:
    """How much of what it had not learned from the measures stand on, such as `12,000 forecasts`; "" where it is not told."""
    first = next(iter(measures(kind, facts)), None)
    return f"{first['n']} {COUNTED[kind]}" if first and first["n"] else ""


def in_words(kind: str, facts: Facts) -> str:
    """The measures as a sentence or two for whoever plans with them; "" where one that is needed is missing."""
    ours, base = _table(facts.get("metrics")), _table(facts.get("baseline_metrics"))
    numbers = {name: _number(value) for name, value in ours.items()}
    told = {name: value for name, value in numbers.items() if value is not None}
    beside = {f"base_{name}": value for name, value in base.items() if _number(value) is not None}
    shares = {f"{name}_in_100": 100 * value for name, value in told.items()}
    return " ".join(_said(words, told | beside | shares) for words in SENTENCES.get(kind, ())).strip()


def _said(words: str, told: Mapping[str, float]) -> str:
    try:
        return words.format_map(told)
    except KeyError:
        return ""


def strata(facts: Facts) -> Rows:
    """How many 80 % ranges held by whole days in, with the interval of that share; for a plot and its table. In percent."""
    found = []
    for row in _rows(_table(facts.get("metrics")).get("strata")):
        n, share = int(_number(row.get("n")) or 0), _number(row.get("covered"))
        if n and share is not None:
            low, high = wilson(round(share * n), n)
            found.append(
                {
                    "x": str(row.get("days_in", "")),
                    "share": round(100 * share, 1),
                    "range": [round(100 * low, 1), round(100 * high, 1)],
                    "n": n,
                }
            )
    return found


def groups(facts: Facts) -> Rows:
    """[{"group", "n", "error", "interval", "too_small", "outside", "from", "to", "at"}]: signed error by group.

    `from`, `to` and `at` lie along a scale of a day, a half to either side, as CSS has them. `outside`: the gate stops it.
    """
    return [
        {
            "group": f"{str(row['by']).replace('_', ' ')}: {row['group']}",
            "n": f"{row['n']:,}",
            "error": f"{row['signed_error']:+.2f} d",
            "interval": f"{row['low']:+.2f} to {row['high']:+.2f}",
            "too_small": bool(row.get("too_small")),
            "outside": row["n"] >= JUDGED and (row["low"] < -LIMIT_DAYS or row["high"] > LIMIT_DAYS),
            "from": _along(row["low"]),
            "to": _along(-row["high"]),
            "at": _along(row["signed_error"]),
        }
        for row in _rows(facts.get("groups"))
        if {"by", "group", "n", "signed_error", "low", "high"} <= set(row)
    ]


def _along(days: float) -> str:
    """Where it lies between half a day too short and half a day too long."""
    return f"{100 * (0.5 + min(max(days, -0.5), 0.5)):.1f}%"


def mitigation(facts: Facts) -> Rows:
    """[{"words", "chosen", "outside", "bias", "crps", "mae"}]: the ways tried against bias by group, gentlest first."""
    told = _table(facts.get("mitigation"))
    return [
        {
            "words": f"{row['words']}{'' if row['served'] else ' (never served)'}",
            "chosen": row["name"] == told.get("chosen"),
            "outside": f"{row['outside']} of {row['judged']}",
            "bias": _days(row["bias"]),
            "crps": _plain(row["crps_days"]),
            "mae": _plain(row["mae_days"]),
        }
        for row in _rows(told.get("rungs"))
        if {"name", "words", "served", "outside", "judged", "bias", "crps_days", "mae_days"} <= set(row)
    ]


def rests_on(facts: Facts) -> Rows:
    """[{"name", "value"}]: the data, the method, the split, what is read and what is not."""
    libraries = _table(facts.get("libraries"))
    features, data, notes = facts.get("features"), _table(facts.get("data")), facts.get("notes")
    told = {
        "Learned from": _size(facts),
        "Method": facts.get("method"),
        "Split": facts.get("split"),
        "Reads": ", ".join(str(name).replace("_", " ") for name in features) if isinstance(features, list) else "",
        "Never reads": never_read(_table(_table(facts.get("model")).get("shifts"))),
        "Against bias by group": _table(facts.get("mitigation")).get("words"),
        "Notes": " ".join(map(str, notes)) if isinstance(notes, list) else "",
        "Data hash": facts.get("data_hash"),
        "Hash of the files (SHA-256)": data.get("digest"),
        "Artefact hash (SHA-256)": facts.get("sha256"),
        "Libraries": ", ".join(f"{name} {version}" for name, version in libraries.items()),
    }
    return [{"name": name, "value": str(value)} for name, value in told.items() if value]


def headline(kind: str, facts: Facts) -> str:
    """One line for a list: the first measure, beside its baseline's."""
    first = next(iter(measures(kind, facts)), None)
    if first is None:
        return "no measures"
    beside = f", baseline {first['baseline']}" if first["baseline"] else ""
    return f"{first['words']} {first['ours']}{beside}"


def _size(facts: Facts) -> str:
    sizes = (("stays", "stays"), ("days", "days"), ("shifts", "past shifts"), ("answers", "answers"))
    found = [f"{int(facts[key]):,} {word}" for key, word in sizes if _number(facts.get(key)) is not None]
    data = _table(facts.get("data"))
    refused = f", {int(data['refused']):,} rows refused" if _number(data.get("refused")) else ""
    whence = "simulated patients" if facts.get("simulated") else f"{data.get('source', '')}{refused}"
    return ", ".join(found) + (f" ({whence})" if found and whence else "")


def _interval(one: Measure, value: float, n: int, kept: Any) -> str:
    if one.share and n:
        low, high = wilson(round(value * n), n)
    elif isinstance(kept, list) and len(kept) == 2 and all(_number(end) is not None for end in kept):
        low, high = kept
    else:
        return ""
    return f"{one.shown(low)} to {one.shown(high)}"


def _number(value: Any) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and value == value
    return float(value) if usable else None


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _rows(value: Any) -> Rows:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
