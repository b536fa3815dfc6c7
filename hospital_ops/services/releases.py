"""Which release of a model serves: an act of a person, checked by the gate, written in the audit, and taken back the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import ChangedMeanwhile, Conflict, Invalid, NotFound
from hospital_ops.domain.events import MODELS, Event
from hospital_ops.domain.releases import LONGEST_REASON, SHORTEST_REASON
from hospital_ops.infra.models_folder import models_folder
from hospital_ops.ml import gate, registry, release_view
from hospital_ops.services import release_pointer
from hospital_ops.services.access import require
from hospital_ops.services.unit_of_work import Work, unit_of_work


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """One release as people read it. `why_not`: what the gate says against it; `facts`: everything in its description.

    `unreadable`: why its description cannot be read; it has no facts then and cannot serve.
    """

    kind: str
    version: str
    created_at: str
    active: bool
    before: bool
    why_not: tuple[str, ...]
    facts: dict[str, Any]
    unreadable: str = ""


def releases(actor: Actor) -> list[ReleaseFacts]:
    """Every release of every kind, the newest of each kind first; those that cannot be read are named too."""
    require(actor, Permission.FORECAST_VIEW)
    folder = the_folder()
    kinds = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    return [one for kind in kinds for one in releases_of(folder, kind)]


def activate(actor: Actor, kind: str, version: str, override: str = "") -> ReleaseFacts:
    """Let a release serve. The gate refuses one that failed a check, unless `override` says why all the same.

    A second activation of what serves, and can be loaded, changes nothing. Raises Conflict (`gate`, `artefact`), NotFound,
    Invalid.
    """
    require(actor, Permission.MODEL_MANAGE)
    folder, reason = the_folder(), override.strip()
    wanted = _find(folder, kind, version)
    _loadable(folder, wanted)
    if wanted.why_not and not reason and not wanted.active:
        raise Conflict(f"Release {version} does not serve: {' '.join(wanted.why_not)}", code="gate")
    if reason and not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise Invalid(f"A reason has {SHORTEST_REASON} to {LONGEST_REASON} letters.", code="bad_reason")
    more: dict[str, Any] = {"against_the_gate": len(wanted.why_not), "reason": reason} if wanted.why_not else {}
    if act := _commit(actor, folder, kind, version, more):
        registry.finish(folder, kind, act)
    return _find(folder, kind, version)


def _commit(actor: Actor, folder: Path, kind: str, version: str, more: dict[str, Any]) -> int | None:
    """The number of the act that is to be finished; None when the release serves already."""
    with unit_of_work(actor) as work, release_pointer.alone(work, folder, kind) as before:
        return _serve(work, folder, kind, version, before, more)


def _serve(work: Work, folder: Path, kind: str, version: str, before: str, more: dict[str, Any]) -> int | None:
    if before == version:
        return None
    work.announce(Event("forecast.requested"))
    work.announce(Event("model.activated", {"kind": kind}, (MODELS,)))
    return release_pointer.intend(work, folder, kind, version, before, **more)


def settle_all(actor: Actor) -> None:
    """Before a training: what somebody left half way is settled, and a database that is away says so now, not after minutes."""
    require(actor, Permission.MODEL_MANAGE)
    with unit_of_work(actor) as work:
        for kind in release_view.NAMES:
            with release_pointer.alone(work, the_folder(), kind):
                pass


def serve_trained(actor: Actor, kind: str, version: str) -> tuple[str, ...]:
    """A training has written this release: let it serve if it passes its gate. Returns why not; what served then serves on.

    The training has its own audit line, and the move of the pointer another, as every move has.
    """
    require(actor, Permission.MODEL_MANAGE)
    folder = the_folder()
    wanted = _find(folder, kind, version)
    if not wanted.why_not:
        _loadable(folder, wanted)
    with unit_of_work(actor) as work, release_pointer.alone(work, folder, kind) as before:
        work.record("model.train", "model", kind=kind, version=version, failed_checks=len(wanted.why_not))
        act = None if wanted.why_not else _serve(work, folder, kind, version, before, {"trained": True})
    if act:
        registry.finish(folder, kind, act)
    return wanted.why_not


def serve_forgotten(actor: Actor, kinds: Sequence[str]) -> list[str]:
    """Trainings that died between writing their release and letting it serve: of each kind, the newest that passes serves.

    A kind of which something serves is left. Returns the kinds that serve now.
    """
    folder = the_folder()
    found = []
    for kind in kinds:
        newest = next((one for one in releases_of(folder, kind) if not one.why_not), None)
        if newest is not None and not release_pointer.serving(folder, kind):
            serve_trained(actor, kind, newest.version)
            found.append(kind)
    return found


def roll_back(actor: Actor, kind: str, expected: str = "") -> ReleaseFacts:
    """The release that served before serves again. It served once, so the gate is not asked.

    `expected`: the release that was shown as the one before; raises ChangedMeanwhile when it is another by now.
    """
    require(actor, Permission.MODEL_MANAGE)
    folder = the_folder()
    release_pointer.settle(folder, kind)
    before = registry.version_before(folder, kind)
    if before is None:
        raise Conflict("No other release of this model has served before.", code="nothing_before")
    if expected not in ("", before):
        raise ChangedMeanwhile
    wanted = _find(folder, kind, before)
    back = "Going back to the release that served before." if wanted.why_not else ""
    return activate(actor, kind, before, override=back)


def releases_of(folder: Path, kind: str) -> list[ReleaseFacts]:
    """Every release of one kind, the newest first."""
    release_pointer.settle(folder, kind)
    now, before = release_pointer.serving(folder, kind), registry.version_before(folder, kind)
    found = [
        ReleaseFacts(
            kind, version := str(facts["version"]), str(facts.get("created_at", "")), version == now, version == before,
            tuple(gate.failures(kind, facts)), facts,
        )
        for facts in registry.versions(folder, kind)
    ] + [
        ReleaseFacts(kind, version, "", version == now, version == before, (why,), {}, unreadable=why)
        for version, why in registry.unreadable(folder, kind).items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.version, reverse=True)


def _find(folder: Path, kind: str, version: str) -> ReleaseFacts:
    # A kind is a folder's name, never a path.
    there = bool(kind) and Path(kind).name == kind and (folder / kind).is_dir()
    for one in releases_of(folder, kind) if there else ():
        if one.version == version:
            return one
    raise NotFound("There is no such release; `models` lists them.", code="no_release")


def prove(folder: Path, kind: str, version: str) -> None:
    """Raises ArtefactError with the reason when this release cannot be loaded whole."""
    release, restore = registry.load(folder, kind, version), _restore()
    if kind in restore:
        restore[kind](release)


def _restore() -> dict[str, Callable[[registry.Release], object]]:
    """Loading is the proof: a release whose parts are not all there is not let to serve. Who only looks needs no scikit-learn."""
    from hospital_ops.ml import capacity, length_of_stay, strain, train_arrivals, train_shifts

    return {
        length_of_stay.KIND: length_of_stay.restore,
        train_arrivals.KIND: train_arrivals.restore,
        capacity.KIND: train_shifts.restore,
        strain.KIND: strain.restore,
    }


def _loadable(folder: Path, wanted: ReleaseFacts) -> None:
    """Raises Conflict with the reason when this release could not serve, or serves in name only."""
    try:
        prove(folder, wanted.kind, wanted.version)
    except registry.ArtefactError as error:
        instead = " It is named as the one that serves; its baseline does." if wanted.active else ""
        raise Conflict(f"{error}{instead}", code="artefact") from error


def the_folder() -> Path:
    """Where this house keeps its releases."""
    return models_folder(get_settings().data_dir)
