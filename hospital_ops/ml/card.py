"""The card of a release, after CHAI's applied model card: what it is for, what it rests on, how it did, for whom worse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hospital_ops.ml.gate import verdict
from hospital_ops.ml.gate_groups import never_read

USES: dict[str, str] = {
    "length_of_stay": "When each patient in a bed will probably leave. For planning beds; never a reason to discharge.",
    "arrivals": "How many people come to each unit by hour, up to 28 days ahead. For planning beds and staff.",
    "shift_capacity": "Whether a coming shift needs more nurses than are planned. For planning staff.",
    "strain": "How strained each person's last four weeks of work were. For that person; never for judging them.",
}
LIMITS = (
    "It knows what was recorded, not what the ward knows. People decide; it does not.",
    "Where it was trained on simulated patients, its figures say that the machinery works and nothing about real people.",
    "Groups under 100 stays are too small to be judged, and are named so.",
)
_GATE = {
    "passed": "It passed every check.",
    "published": "It carries the published odds and nothing else: nothing was fitted, so that nothing had to be shown.",
    "no checks": "No check exists for this kind of model yet; it has passed none.",
}


def card(kind: str, facts: dict[str, Any], active: bool, why_not: Sequence[str]) -> str:
    """The card as Markdown, ready for a file."""
    state = "serves" if active else "does not serve"
    lines = [
        f"# {kind.replace('_', ' ').capitalize()}, release {facts['version']}",
        "",
        f"This release **{state}**.",
        "",
    ]
    lines += ["## What it is for", "", USES.get(kind, "Not described."), "", "## What it rests on", ""]
    told = {
        "Trained": facts.get("created_at"),
        "On": _data(facts),
        "Data hash": facts.get("data_hash"),
        "Hash of the files (SHA-256)": (facts.get("data") or {}).get("digest"),
        "Notes": " ".join(facts.get("notes", [])),
        "Artefact hash (SHA-256)": facts.get("sha256"),
        "Method": facts.get("method"),
        "Split": facts.get("split"),
        "Features": ", ".join(map(str, facts.get("features", []))),
        "Libraries": ", ".join(f"{name} {version}" for name, version in facts.get("libraries", {}).items()),
        "Not read": never_read(facts.get("model", {}).get("shifts", {})),
    }
    lines += [f"- {name}: {value}" for name, value in told.items() if value]
    lines += ["", "## How it did, on what it had not learned from", ""]
    lines += _table(facts.get("metrics", {}), facts.get("baseline_metrics", {}))
    lines += _strata(facts.get("metrics", {}).get("strata", []))
    lines += _groups(facts.get("groups", []))
    lines += _mitigation(facts.get("mitigation") or {})
    lines += ["", "## The gate", "", *([f"- {why}" for why in why_not] or [_GATE[verdict(kind, why_not, facts)]])]
    lines += ["", "## Limits", "", *(f"- {limit}" for limit in LIMITS)]
    return "\n".join(lines) + "\n"


def _data(facts: dict[str, Any]) -> str:
    size = f"{facts['stays']:,} stays" if "stays" in facts else f"{facts['days']:,} days" if "days" in facts else ""
    data = facts.get("data") or {}
    refused = f", {data['refused']:,} rows refused" if data.get("refused") else ""
    whence = "simulated" if facts.get("simulated") else data.get("source", "") + refused
    return f"{size} ({whence})" if size and whence else size


def _table(metrics: dict[str, Any], baseline: dict[str, Any]) -> list[str]:
    rows = [(name, value) for name, value in metrics.items() if isinstance(value, float | int)]
    lines = ["| measure | this release | baseline |", "|---|---|---|"]
    return lines + [f"| {name} | {value:.3f} | {_number(baseline.get(name))} |" for name, value in rows]


def _strata(strata: list[dict[str, Any]]) -> list[str]:
    if not strata:
        return []
    head = ["", "| days in | n | 80 % ranges hold | width, days |", "|---|---|---|---|"]
    return head + [f"| {row['days_in']} | {row['n']:,} | {row['covered']:.2f} | {row['width']:.1f} |" for row in strata]


def _groups(groups: list[dict[str, Any]]) -> list[str]:
    if not groups:
        return [
            "",
            "It was not audited by group: the history that it learned from was not looked at by race, sex or payer.",
        ]
    head = ["", "| group | n | signed error, days | 95 % |", "|---|---|---|---|"]
    return head + [
        f"| {row['by']}: {row['group']} | {row['n']:,} | {row['signed_error']:+.2f} | {row['low']:+.2f} to {row['high']:+.2f} |"
        for row in groups
    ]


def _mitigation(told: dict[str, Any]) -> list[str]:
    if not told:
        return []
    head = [
        "",
        f"Against bias by group: **{told['words']}**. Each way was measured on {told['measured_on']:,} stays that taught neither "
        "the model nor that way, before the table above was made:",
        "",
        "| log-odds of leaving | groups outside the limit | their error, rms | farthest off | CRPS | MAE |",
        "|---|---|---|---|---|---|",
    ]
    return head + [
        f"| {row['words']}{'' if row['served'] else ' (never served)'} | {row['outside']} of {row['judged']} "
        f"| {row['bias']:.2f} d | {row['farthest']:.2f} d | {row['crps_days']:.3f} | {row['mae_days']:.3f} |"
        for row in told["rungs"]
    ]


def _number(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float | int) else "–"
