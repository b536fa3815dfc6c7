"""`models`: every release of every model: what it rests on, how it did, what the gate says, which serves."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

SIZES = {"stays": "stays", "days": "days", "shifts": "past shifts", "answers": "answers"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for machines: one list")
    parser.add_argument("--card", type=Path, metavar="DIR", help="write the model card of each release there")


def run(args: argparse.Namespace) -> int:
    from hospital_ops.domain.access import Actor, Role
    from hospital_ops.services.releases import releases

    found = releases(Actor(role=Role.ADMIN, name="command line"))
    if args.card:
        _write_cards(found, args.card)
    if args.json:
        from hospital_ops.ml.plain import plain

        print(json.dumps(plain([_row(one) for one in found]), indent=1, allow_nan=False))
    else:
        print("\n".join(_words(one) for one in found) or "No model has been trained yet; the stated baselines serve.")
    return 0


def _row(one: Any) -> dict[str, Any]:
    from hospital_ops.ml.gate import verdict

    kept = (
        "data_hash",
        "stays",
        "days",
        "simulated",
        "data",
        "grain",
        "method",
        "metrics",
        "baseline_metrics",
        "groups",
        "libraries",
    )
    facts = {name: one.facts[name] for name in kept if name in one.facts}
    return {
        "name": one.kind,
        "release": one.version,
        "trained_at": one.created_at,
        "active": one.active,
        "served_before": one.before,
        "unreadable": one.unreadable,
        "gate": {
            "passed": not one.why_not,
            "verdict": verdict(one.kind, one.why_not, one.facts),
            "why": list(one.why_not),
        },
        **facts,
    }


def _words(one: Any) -> str:
    from hospital_ops.ml.gate import verdict

    facts = one.facts
    if one.unreadable:
        return f"{one.kind:16} {one.version:26} {one.unreadable}"
    size = next((f"{facts[key]:,} {word}" for key, word in SIZES.items() if key in facts), "–")
    shown = ("mae_days", "crps_days", "coverage", "daily_mae", "coverage_24h", "brier", "log_loss")
    metrics = [f"{name} {facts['metrics'][name]:.3f}" for name in shown if name in facts.get("metrics", {})]
    mark = "serves" if one.active else "before" if one.before else ""
    lines = [
        f"{one.kind:16} {one.version:26} {mark:7} trained {one.created_at[:16]} on {size} (data {facts.get('data_hash', '–')[:8]})",
        f"{'':17}{', '.join(metrics) or 'no measures'}; gate: {verdict(one.kind, one.why_not, one.facts)}",
        *(f"{'':17}{why}" for why in one.why_not),
    ]
    return "\n".join(lines)


def _write_cards(found: Any, folder: Path) -> None:
    from hospital_ops.ml.card import card

    folder.mkdir(parents=True, exist_ok=True)
    for one in (one for one in found if not one.unreadable):
        path = folder / f"{one.kind}-{one.version}.md"
        path.write_text(card(one.kind, one.facts, one.active, one.why_not), encoding="utf-8")
