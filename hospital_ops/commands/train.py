"""`train`: learn from this hospital's history, measure, and let what passed its gate serve."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hospital_ops.infra.models_folder import KINDS, idle, missing, models_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--missing", action="store_true", help="only those without any release")
    parser.add_argument(
        "--from", dest="source", default="", choices=["imported", "database", "simulated"],
        help="what to learn from; unless said, the imported history and what followed it, or what there is",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    from hospital_ops.config import get_settings

    folder = get_settings().data_dir
    kinds = missing(folder) if args.missing else list(KINDS)
    forgotten = idle(folder) if args.missing else []
    if not kinds and not forgotten:
        return 0
    _prepare(forgotten)
    return _train(folder, kinds, args.missing, args.source) if kinds else 0


def _prepare(forgotten: list[str]) -> None:
    """Finish what earlier acts and trainings left half way. Raises Refusal where the database is away: nothing could serve."""
    from hospital_ops.domain.errors import Unavailable
    from hospital_ops.exits import Exit, Refusal
    from hospital_ops.services.releases import serve_forgotten, settle_all

    try:
        settle_all(_actor())
        for kind in serve_forgotten(_actor(), forgotten):
            print(f"  The {KINDS[kind]} model of a training that did not end serves now.")
    except Unavailable as away:
        raise Refusal(Exit.SERVER_AWAY, away.sentence) from away


def _actor() -> Any:
    from hospital_ops.domain.access import Actor, Role

    return Actor(role=Role.ADMIN, name="command line")


def _train(folder: Path, kinds: list[str], missing_only: bool, source: str) -> int:
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from hospital_ops.commands.progress import bar
    from hospital_ops.config import get_settings
    from hospital_ops.exits import Exit

    history = _history(folder, source)
    zone = ZoneInfo(get_settings().timezone)
    trained = 0
    for kind in kinds:
        try:
            with bar(f"The {KINDS[kind]} model is trained") as progress:
                version = TRAINERS[kind](history, zone, progress, models_folder(folder), datetime.now(UTC))
        except ValueError as error:
            print(f"  The {KINDS[kind]} model was not trained; what served before serves on. {error}")
            continue
        trained += 1
        _let_serve(kind, version)
    # A start must not fail for a model that this history cannot teach.
    return Exit.OK if trained or missing_only else Exit.DATA_REFUSED


def _history(folder: Path, source: str) -> Any:
    """What there is to learn from, and a line that says what it is."""
    from hospital_ops.domain.errors import Refused, Unavailable
    from hospital_ops.exits import Exit, Refusal
    from hospital_ops.services.history import for_training

    try:
        history = for_training(_actor(), source)
    except Unavailable as away:
        raise Refusal(Exit.SERVER_AWAY, away.sentence) from away
    except Refused as refusal:
        raise Refusal(Exit.DATA_REFUSED, refusal.sentence) from refusal
    if history is None:
        raise Refusal(
            Exit.NOT_HERE_YET,
            f"There is no {source + ' ' if source else ''}history in {folder} to learn from; "
            "`./hospital import history FILE.csv` brings one in.",
        )
    what = "simulated" if history.simulated else history.origin.source if history.origin else "real"
    print(f"Learning from {len(history.stays):,} {what} stays.", flush=True)
    return history


def _let_serve(kind: str, version: str) -> None:
    """A release that failed a check is kept and does not serve: say why, and that what served before serves on."""
    from hospital_ops.domain.errors import Refused, Unavailable
    from hospital_ops.exits import Exit, Refusal
    from hospital_ops.services.releases import serve_trained

    kept = f"Release {version} is kept and does not serve; what served before serves on."
    try:
        why_not = serve_trained(_actor(), kind, version)
    except Unavailable as away:
        raise Refusal(Exit.SERVER_AWAY, f"{away.sentence} {kept} `activate {kind} {version}` lets it serve.") from away
    except Refused as refusal:
        raise Refusal(Exit.RELEASE_REFUSED, f"{refusal.sentence} {kept}") from refusal
    for why in why_not:
        print(f"  {why}")
    if why_not:
        print(f"  {kept} `activate` may override, with a reason.")


def _length_of_stay(history: Any, zone: Any, progress: Any, folder: Path, now: Any) -> str:
    from hospital_ops.ml.train import save_length_of_stay, train_length_of_stay

    return save_length_of_stay(train_length_of_stay(history, zone, progress), folder, now)


def _arrivals(history: Any, zone: Any, progress: Any, folder: Path, now: Any) -> str:
    from hospital_ops.ml.train_arrivals import save_arrivals, train_arrivals

    return save_arrivals(train_arrivals(history, zone, progress), folder, now)


def _shifts(history: Any, zone: Any, progress: Any, folder: Path, now: Any) -> str:
    from hospital_ops.ml.train_shifts import save_shifts, train_shifts

    return save_shifts(train_shifts(history, zone, progress), folder, now)


TRAINERS: dict[str, Callable[[Any, Any, Any, Path, Any], str]] = {
    "length_of_stay": _length_of_stay,
    "arrivals": _arrivals,
    "shift_capacity": _shifts,
}
