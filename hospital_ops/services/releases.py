"""Which release of a model serves: an act of a person, checked by the gate, written in the audit, and taken back the same way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import Conflict, Invalid, NotFound
from hospital_ops.domain.events import Event
from hospital_ops.infra.models_folder import models_folder
from hospital_ops.ml import gate, registry
from hospital_ops.services.access import require
from hospital_ops.services.unit_of_work import unit_of_work

SHORTEST_REASON, LONGEST_REASON = 10, 200


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """One release as people read it. `why_not`: what the gate says against it; `facts`: everything in its description."""

    kind: str
    version: str
    created_at: str
    active: bool
    before: bool
    why_not: tuple[str, ...]
    facts: dict[str, Any]


def releases(actor: Actor) -> list[ReleaseFacts]:
    """Every readable release of every kind, the newest of each kind first."""
    require(actor, Permission.FORECAST_VIEW)
    folder = _folder()
    kinds = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    return [_facts(folder, kind, facts) for kind in kinds for facts in registry.versions(folder, kind)]


def activate(actor: Actor, kind: str, version: str, override: str = "") -> ReleaseFacts:
    """Let a release serve. The gate refuses one that failed a check, unless `override` says why all the same.

    A second activation of what serves changes nothing. Raises Conflict (`gate`), NotFound, Invalid.
    """
    require(actor, Permission.MODEL_MANAGE)
    folder, reason = _folder(), override.strip()
    wanted = _find(actor, kind, version)
    if wanted.active:
        return wanted
    if wanted.why_not and not reason:
        raise Conflict(f"Release {version} does not serve: {' '.join(wanted.why_not)}", code="gate")
    if reason and not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise Invalid(f"A reason has {SHORTEST_REASON} to {LONGEST_REASON} letters.", code="bad_reason")
    _loadable(folder, kind, version)
    with unit_of_work(actor) as work:
        before = _serving(folder, kind)
        more: dict[str, Any] = {"against_the_gate": len(wanted.why_not), "reason": reason} if wanted.why_not else {}
        work.record("model.activate", "model", kind=kind, version=version, before=before, **more)
        work.announce(Event("forecast.requested"))
        # Last in the transaction: without its audit line no release comes to serve.
        work.session.flush()
        registry.activate(folder, kind, version)
    return _find(actor, kind, version)


def roll_back(actor: Actor, kind: str) -> ReleaseFacts:
    """The release that served before serves again. It served once, so the gate is not asked."""
    require(actor, Permission.MODEL_MANAGE)
    before = registry.version_before(_folder(), kind)
    if before is None:
        raise Conflict("No other release of this model has served before.", code="nothing_before")
    wanted = _find(actor, kind, before)
    back = "Going back to the release that served before." if wanted.why_not else ""
    return activate(actor, kind, before, override=back)


def _find(actor: Actor, kind: str, version: str) -> ReleaseFacts:
    for one in releases(actor):
        if (one.kind, one.version) == (kind, version):
            return one
    raise NotFound("There is no such release; `models` lists them.", code="no_release")


def _facts(folder: Path, kind: str, facts: dict[str, Any]) -> ReleaseFacts:
    version = str(facts["version"])
    before = registry.version_before(folder, kind) == version
    why_not = tuple(gate.failures(kind, facts))
    return ReleaseFacts(kind, version, str(facts.get("created_at", "")), bool(facts["active"]), before, why_not, facts)


def _loadable(folder: Path, kind: str, version: str) -> None:
    try:
        registry.load(folder, kind, version)
    except registry.ArtefactError as error:
        raise Conflict(str(error), code="artefact") from error


def _serving(folder: Path, kind: str) -> str:
    try:
        return registry.active_version(folder, kind) or ""
    except registry.ArtefactError:
        return ""


def _folder() -> Path:
    return models_folder(get_settings().data_dir)
