"""What a release must have shown before it serves: one table of checks per kind, each a sentence when it fails."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hospital_ops.ml import gate_groups, gate_staff, registry

Facts = Mapping[str, Any]
COVER = (0.75, 0.88)  # of ranges that promise 0.80
STRATUM_COVER, STRATUM_N = (0.70, 0.92), 300
LONGEST_SIGNED_ERROR = 0.25
WORST_ECE = 0.03


def failures(kind: str, facts: Facts) -> list[str]:
    """Why a release should not serve, a sentence per failed check; empty when it may."""
    found = []
    for check in CHECKS.get(kind, ()):
        try:
            found += check(facts)
        except registry.NOT_OURS:
            found.append("It does not say how it was measured, so nobody can tell whether it may serve.")
    return list(dict.fromkeys(found))


def verdict(kind: str, why_not: Sequence[str], facts: Facts | None = None) -> str:
    """`passed`, `failed`, `published` for strain's published table, or `no checks` for a kind that nothing is asked of."""
    if why_not:
        return "failed"
    if kind == "strain" and gate_staff.is_published(facts or {}):
        return "published"
    return "passed" if kind in CHECKS else "no checks"


def _beats_baseline(facts: Facts) -> list[str]:
    ours, base = facts["metrics"], facts["baseline_metrics"]
    names = {"mae_days": "mean absolute error", "crps_days": "CRPS"}
    return [
        f"Its {words} of {ours[name]:.2f} days is not below Kaplan–Meier's {base[name]:.2f}."
        for name, words in names.items()
        if not ours[name] < base[name]
    ]


def _never_past(facts: Facts) -> list[str]:
    past = facts["metrics"]["in_the_past"]
    return [f"It dated {past} discharges before the moment of forecasting."] if past else []


def _ranges_hold(facts: Facts) -> list[str]:
    metrics = facts["metrics"]
    found = _outside("Its 80 % ranges", metrics["coverage"], COVER)
    for row in metrics["strata"]:
        if row["n"] >= STRATUM_N:
            found += _outside(f"After {row['days_in']} days in, its 80 % ranges", row["covered"], STRATUM_COVER)
    return found


def _calibrated(facts: Facts) -> list[str]:
    ece, signed = facts["metrics"]["ece_24h"], facts["metrics"]["signed_error_days"]
    found = []
    if not ece <= WORST_ECE:
        found.append(f"Its chances for 24 hours are off by {ece:.3f} on average; at most {WORST_ECE} is allowed.")
    if not abs(signed) <= LONGEST_SIGNED_ERROR:
        found.append(f"It is {abs(signed):.2f} days off in one direction; at most {LONGEST_SIGNED_ERROR} is allowed.")
    return found


def _fair(facts: Facts) -> list[str]:
    """Groups of 1,000 and more, where the release was audited by group."""
    return gate_groups.failures(facts.get("groups", []))


def _beats_six_weeks(facts: Facts) -> list[str]:
    ours, base = facts["metrics"]["daily_mae"], facts["metrics"]["six_week_mean_daily_mae"]
    return [] if ours < base else [f"Its daily error of {ours:.2f} is not below the six-week mean's {base:.2f}."]


def _days_hold(facts: Facts) -> list[str]:
    return _outside("Its 80 % ranges by day", facts["metrics"]["coverage_24h"], COVER)


def _outside(what: str, covered: float, wanted: tuple[float, float]) -> list[str]:
    low, high = wanted
    if low <= covered <= high:
        return []
    # Rounded away from what is wanted: "75 % of the time, 75 % is wanted" tells nobody why.
    tenths = math.floor(1000 * covered) if covered < low else math.ceil(1000 * covered)
    return [f"{what} held {tenths / 10:g}% of the time; {low:.0%} to {high:.0%} is wanted."]


CHECKS: dict[str, tuple[Callable[[Facts], list[str]], ...]] = {
    "length_of_stay": (_beats_baseline, _never_past, _ranges_hold, _calibrated, _fair),
    "arrivals": (_beats_six_weeks, _days_hold),
    "shift_capacity": (
        gate_staff.asked_enough, gate_staff.beats_plain_share, gate_staff.not_behind_distribution,
        gate_staff.chances_hold, gate_staff.no_ward_far_off,
    ),
    "strain": (
        gate_staff.coefficients_are_numbers, gate_staff.answered_enough, gate_staff.beats_share_of_answers,
        gate_staff.no_group_far_off,
    ),
}  # fmt: skip
