"""What a release about staff must have shown: whether a shift will be overfull, and how strained four weeks were."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from hospital_ops.ml import strain

Facts = Mapping[str, Any]

# Shifts. A question is one shift of one ward with one staffing; how it ended is known of each.
LEAST_ASKED, LEAST_EACH_WAY = 200, 20
WORST_SHIFT_ECE = 0.06  # with 240 questions (two wards) a perfect answer is off by more in one of twenty trainings
LEAST_OF_A_WARD, WARD_LIMIT = 60, 0.10

# Strain. Roles of fewer than twenty people are not in a release at all (ml/strain.py).
GROUP_LIMIT = 0.15


def asked_enough(facts: Facts) -> list[str]:
    metrics = facts["metrics"]
    n, over = float(metrics["n"]), float(metrics["share_over"]) * float(metrics["n"])
    if not n >= LEAST_ASKED:
        return [f"It was asked about {n:,.0f} past shifts only; {LEAST_ASKED} are needed."]
    if not min(over, n - over) >= LEAST_EACH_WAY:
        return [
            f"Of {n:,.0f} past shifts that it was asked about {over:,.0f} were overfull; at least {LEAST_EACH_WAY} of each "
            "kind are needed."
        ]
    return []


def beats_plain_share(facts: Facts) -> list[str]:
    ours, base = facts["metrics"], facts["baseline_metrics"]
    names = {"brier": "Brier score", "log_loss": "log loss"}
    return [
        f"Its {words} of {ours[name]:.3f} is not below {base[name]:.3f}, that of the plain share of overfull shifts."
        for name, words in names.items()
        if not ours[name] < base[name]
    ]


def not_behind_distribution(facts: Facts) -> list[str]:
    """The winner was chosen on earlier weeks: on the last ones it may not be worse than what would speak without it."""
    apart = facts.get("against_distribution")
    if apart is None:
        return ["It was not compared with the census's own distribution, which would speak without it; train again."]
    names = {"brier": "Brier score", "log_loss": "log loss"}
    return [
        f"Its {words} is {apart[name]['apart']:.3f} above that of the census's own distribution on the last weeks, more "
        f"than chance explains (95 % {apart[name]['low']:+.3f} to {apart[name]['high']:+.3f})."
        for name, words in names.items()
        if not apart[name]["low"] <= 0
    ]


def chances_hold(facts: Facts) -> list[str]:
    ece = facts["metrics"]["ece"]
    if ece <= WORST_SHIFT_ECE:
        return []
    return [f"Its chances are off by {ece:.3f} on average; at most {WORST_SHIFT_ECE} is allowed."]


def no_ward_far_off(facts: Facts) -> list[str]:
    """A ward about which too few were asked is not judged."""
    return [
        f"In {row['unit']} (n {row['n']:,}) it foretells {_more(row['apart'])} overfull shifts than came (95 % "
        f"{100 * row['low']:+.0f} to {100 * row['high']:+.0f} in a hundred); surely more than {100 * WARD_LIMIT:.0f} is too much."
        for row in facts.get("by_unit", ())
        if row["n"] >= LEAST_OF_A_WARD and _surely_beyond(row, WARD_LIMIT)
    ]


def is_published(facts: Facts) -> bool:
    """A release that carries the published table and nothing else: there was nothing to fit, so nothing is to be shown."""
    told = facts.get("model")
    return isinstance(told, Mapping) and told.get("coefficients") == strain.PUBLISHED and not facts.get("answers")


def coefficients_are_numbers(facts: Facts) -> list[str]:
    strange = [
        name
        for name, value in sorted(facts["model"]["coefficients"].items())
        if name not in strain.FEATURES or not math.isfinite(float(value))
    ]
    return [f"Its odds for {', '.join(strange)} are no numbers that can be used."] if strange else []


def answered_enough(facts: Facts) -> list[str]:
    if is_published(facts):
        return []
    answers, yes, people = (int(facts[name]) for name in ("answers", "exhausted", "people"))
    return strain.too_few(answers, yes, people)


def beats_share_of_answers(facts: Facts) -> list[str]:
    if is_published(facts):
        return []
    ours, base = facts["metrics"]["log_loss"], facts["metrics"]["log_loss_of_the_share"]
    if ours < base:
        return []
    return [
        f"On people left out its log loss of {ours:.3f} is not below the plain share's {base:.3f}: the answers do not "
        "follow from hours, nights, rest and tasks."
    ]


def no_group_far_off(facts: Facts) -> list[str]:
    if is_published(facts):
        return []
    return [
        f"Of the answers of role {row['group']} (n {row['n']:,}) it foretells {_more(row['apart'])} exhausted than said so "
        f"(95 % {100 * row['low']:+.0f} to {100 * row['high']:+.0f} in a hundred); surely more than "
        f"{100 * GROUP_LIMIT:.0f} is too much."
        for row in facts.get("by_role", ())
        if _surely_beyond(row, GROUP_LIMIT)
    ]


def _more(apart: float) -> str:
    return f"{100 * abs(apart):.0f} in a hundred {'more' if apart > 0 else 'fewer'}"


def _surely_beyond(row: Mapping[str, Any], limit: float) -> bool:
    """The whole interval lies outside. A figure that is no number never passes."""
    return not (row["low"] <= limit and row["high"] >= -limit)
