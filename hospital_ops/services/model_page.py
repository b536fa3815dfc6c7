"""The models as whoever manages them sees them: what serves and since when, how it did, and what could serve instead."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from hospital_ops.infra.db import read_session
from hospital_ops.ml import release_view as view
from hospital_ops.ml.card import LIMITS, USES
from hospital_ops.ml.gate import verdict
from hospital_ops.ml.registry import ArtefactError, check, version_before
from hospital_ops.models import AuditEntry, User
from hospital_ops.queries.clock import read_clock, real_now
from hospital_ops.queries.forecast_checks import held_value, inputs_value
from hospital_ops.services.release_pointer import ACTION, stamp
from hospital_ops.services.releases import ReleaseFacts, releases_of, the_folder

# Older ones stand in `./hospital models`; more than so many nobody compares on a page.
SHOWN = 12
TRAINING = "its training, which passed the gate"
LINES = 200
VERDICTS: dict[str, str] = {
    "passed": "Passed every check",
    "failed": "Failed a check",
    "published": "The published odds: nothing was fitted, nothing had to be shown",
    "no checks": "No check exists for this kind of model yet",
}


def models_value() -> dict[str, Any]:
    """The topic `models`: {"at", "kinds"}, the four kinds of model in a fixed order."""
    folder = the_folder()
    with read_session() as session:
        acts, now = _acts(session), read_clock(session).now
        watched = {kind: _watched(session, kind, now) for kind in view.NAMES}
    kinds = [_kind(folder, kind, acts) for kind in view.NAMES]
    return {"at": real_now().isoformat(), "kinds": [kind | watched[kind["kind"]] for kind in kinds]}


def _watched(session: Session, kind: str, now: datetime) -> dict[str, Any]:
    """What was promised and what came; whether today's inputs are like the training's."""
    return {"held": held_value(session, kind, now), "inputs": inputs_value(session, kind)}


def _kind(folder: Path, kind: str, acts: list[dict[str, str]]) -> dict[str, Any]:
    found = releases_of(folder, kind)
    serving = next((one for one in found if one.active), None)
    problem = _problem(folder, kind, found, serving)
    serves = serving if not problem else None
    shown = serving or next((one for one in found if not one.unreadable), None)
    facts = shown.facts if shown else {}
    return {
        "kind": kind,
        "name": view.NAMES[kind],
        "what": USES[kind],
        "serves": serves is not None,
        "speaks": str(facts.get("model", {}).get("name", "")) if serves else view.STANDS_IN[kind],
        "problem": problem,
        "since": _since(folder, kind, serving.version, acts) if serves and serving else {"at": "", "by": ""},
        "baseline": view.BASELINES[kind],
        "of": shown.version if shown else "",
        "trained_at": shown.created_at if shown else "",
        "verdict": VERDICTS[verdict(kind, shown.why_not, facts)] if shown else "",
        "passed": bool(shown) and verdict(kind, shown.why_not if shown else (), facts) in ("passed", "published"),
        "why_not": list(shown.why_not) if shown else [],
        "in_words": view.in_words(kind, facts),
        "measures": view.measures(kind, facts),
        "measured_on": view.measured_on(kind, facts),
        "strata": view.strata(facts),
        "groups": view.groups(facts),
        "mitigation": view.mitigation(facts),
        "rests_on": view.rests_on(facts),
        "limits": list(LIMITS),
        "no_inputs": _no_inputs(kind, facts),
        "releases": [_row(one) for one in found[:SHOWN]],
        "more": max(0, len(found) - SHOWN),
        "back": version_before(folder, kind) or "",
    }


def _no_inputs(kind: str, facts: dict[str, Any]) -> str:
    """What is said where no drift of inputs can be shown."""
    if facts and "inputs" not in facts:
        return (
            "This release kept no summary of what it learned from, so that its inputs cannot be compared. Train again."
        )
    if kind != "length_of_stay":
        return "Nothing was compared yet: the first forecasting of a day does it, from the fifth week of this house on."
    return "Nothing was compared yet: the first scoring of a day with thirty patients or more does it."


def _row(one: ReleaseFacts) -> dict[str, Any]:
    return {
        "version": one.version,
        "trained_at": one.created_at,
        "active": one.active,
        "before": one.before,
        "unreadable": one.unreadable,
        "verdict": "" if one.unreadable else VERDICTS[verdict(one.kind, one.why_not, one.facts)],
        "why_not": list(one.why_not),
        "headline": "" if one.unreadable else view.headline(one.kind, one.facts),
    }


def _problem(folder: Path, kind: str, found: list[ReleaseFacts], serving: ReleaseFacts | None) -> str:
    """Why no release speaks, "" when one does."""
    if serving is not None:
        return _why_not_loaded(folder, kind, serving.version, stamp(folder, kind))
    if stamp(folder, kind):
        return "The release that is named as serving is not there any more."
    return "Releases were trained, and none serves." if found else "No release was ever trained."


@lru_cache(maxsize=16)
def _why_not_loaded(folder: Path, kind: str, version: str, _stamp: bytes) -> str:
    """Checked once for each state of its files. That it can be built was proved when it was let to serve."""
    try:
        check(folder, kind, version)
    except ArtefactError as error:
        return str(error)
    return ""


def _acts(session: Session) -> list[dict[str, str]]:
    """The newest activations with who did them."""
    wanted = (
        select(AuditEntry, User.display_name)
        .join(User, col(User.id) == col(AuditEntry.user_id), isouter=True)
        .where(AuditEntry.action == ACTION)
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
        .limit(LINES)
    )
    return [
        {
            "kind": str(line.facts.get("kind")),
            "version": str(line.facts.get("version")),
            "at": line.at.isoformat(),
            "by": TRAINING if line.facts.get("trained") else name or "the command line",
        }
        for line, name in session.exec(wanted)
    ]


def _since(folder: Path, kind: str, version: str, acts: list[dict[str, str]]) -> dict[str, str]:
    """When it came to serve, and by whom. A pointer that an older version moved has no line of its own."""
    newest = next((act for act in acts if act["kind"] == kind), None)
    if newest is not None and newest["version"] == version:
        return {"at": newest["at"], "by": newest["by"]}
    moved = datetime.fromtimestamp((folder / kind / "active.json").stat().st_mtime, UTC)
    return {"at": moved.isoformat(), "by": TRAINING}
