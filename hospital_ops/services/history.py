"""A hospital's own past comes in: kept sealed, under keyed numbers, in the place of what was simulated. One use case an act."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from sqlmodel import col, select

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.history import History, Origin
from hospital_ops.infra import archive
from hospital_ops.infra.crypto import Tampered
from hospital_ops.infra.db import read_session
from hospital_ops.ml.csv_rows import FileRefused, Problems, Told
from hospital_ops.ml.history_csv import Reading, read_history
from hospital_ops.ml.past import history_of, joined, read_by_models
from hospital_ops.models import Ward
from hospital_ops.queries.clock import hospital_zone, read_clock, real_now
from hospital_ops.queries.past_stays import DATABASE, own_past
from hospital_ops.services import history_keep
from hospital_ops.services.access import require
from hospital_ops.services.unit_of_work import unit_of_work

IMPORTED, SIMULATED = "imported", "simulated"
BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file. `again`: the very same was imported before, and nothing changed. `before`: what it replaces."""

    origin: Origin
    again: bool = False
    before: Origin | None = None
    replaces_simulated: bool = False
    problems: Problems | None = None
    unknown_columns: tuple[str, ...] = ()
    unknown_units: tuple[str, ...] = ()
    unfinished: int = 0
    forgotten: int = 0
    grain: str = ""
    split: str = ""
    read_by_models: int = 0
    left_codes: tuple[tuple[str, int], ...] = ()
    without_dates: int = 0


def import_history(
    actor: Actor, path: Path, observations: Path | None = None, told: Told = lambda rows: None
) -> Imported:
    """Keep the stays (and observations) of a file for training, instead of what was imported before.

    The same files again change nothing. Raises Invalid with a sentence for a file that cannot be used at all.
    """
    require(actor, Permission.MODEL_MANAGE)
    folder = get_settings().data_dir
    # First of all: a database that is away is said before minutes are spent on reading.
    units = units_of_wards()
    history_keep.settle(folder)
    seen = archive.stamp(folder)
    try:
        digest = digest_of_files(path, observations)
        before = _before(folder)
        if before is not None and before.digest == digest:
            return Imported(before, again=True)
        reading = read_history(path, hospital_zone(), observations, told, keep=True)
    except FileRefused as refused:
        raise Invalid(str(refused), code="history_refused") from refused
    history = history_of(reading, archive.keyed_id, _origin(reading, digest))
    content = archive.sealed(history)
    origin = history.origin or Origin(IMPORTED)
    history_keep.keep(
        actor, folder, content, seen, "history.import",
        stays=origin.kept, refused=origin.refused, observations=origin.observations, grain=str(history.grain), digest=digest,
    )  # fmt: skip
    unknown = tuple(sorted({stay.unit for stay in history.stays} - units))
    return _told(reading, history, unknown, before, before is None and (folder / archive.FILE).exists())


def forget_imported(actor: Actor) -> Origin | None:
    """Remove what was imported; releases that learned from it stay. Returns what it was, None where there was nothing."""
    require(actor, Permission.MODEL_MANAGE)
    folder = get_settings().data_dir
    history_keep.settle(folder)
    before = _before(folder)
    if before is None and not (folder / archive.IMPORTED).exists():
        return None
    with unit_of_work(actor) as work:
        work.record("history.forget", "history", stays=before.kept if before else 0)
        work.session.flush()
        archive.forget_imported(folder)
    return before or Origin(IMPORTED)


def for_training(actor: Actor, source: str = "") -> History | None:
    """What the models learn from; None where there is nothing. Reading real patients' stays is audited.

    Unless `source` names one of SOURCES: the imported history, and what ended in this house after it; else the simulated
    one of a demo; else this house's own stays.
    """
    require(actor, Permission.MODEL_MANAGE)
    folder = get_settings().data_dir
    history = _SOURCES[source](folder)
    if history is not None and not history.simulated:
        with unit_of_work(actor) as work:
            work.record("history.read", "history", source=_source(history), stays=len(history.stays))
    return history


def _whatever_there_is(folder: Path) -> History | None:
    demo = (folder / archive.FILE).exists()
    imported = imported_history(folder)
    if imported is None:
        return archive.read(folder) if demo else _own(folder)
    # What people tried in a demo, beside simulated patients, is no hospital's past.
    own = None if demo else _own(folder)
    return joined(imported, own) if own else imported


def imported_history(folder: Path) -> History | None:
    """What was imported, None where nothing was. Raises Invalid where it does not open."""
    history_keep.settle(folder)
    try:
        return archive.read_imported(folder)
    except Tampered as error:
        raise Invalid(
            "The imported history does not open: it was sealed with another master key, or changed. Import it again.",
            code="history_sealed",
        ) from error


def _own(_folder: Path) -> History | None:
    with read_session() as session:
        found = own_past(session, read_clock(session).now)
    return found if found.stays else None


def _source(history: History) -> str:
    return history.origin.source if history.origin else ""


_SOURCES: dict[str, Callable[[Path], History | None]] = {
    "": _whatever_there_is,
    IMPORTED: imported_history,
    DATABASE: _own,
    SIMULATED: archive.read,
}
SOURCES = tuple(name for name in _SOURCES if name)


def _before(folder: Path) -> Origin | None:
    """What is there now. One that does not open any more is as good as none: it is replaced."""
    try:
        return archive.origin_of_imported(folder)
    except Tampered:
        return None


def digest_of_files(path: Path, observations: Path | None) -> str:
    """Equal for the same rows read on the same clock."""
    found = hashlib.sha256(hospital_zone().key.encode())
    for file in (path, observations):
        found.update(_digest_of(file) if file else b"no observations")
    return found.hexdigest()


def _digest_of(file: Path) -> bytes:
    found = hashlib.sha256()
    try:
        with file.open("rb") as opened:
            while block := opened.read(BLOCK):
                found.update(block)
    except OSError as error:
        raise FileRefused(f"{file} cannot be opened: {(error.strerror or 'it is no file').lower()}.") from error
    return found.digest()


def _origin(reading: Reading, digest: str) -> Origin:
    return Origin(
        source=IMPORTED,
        digest=digest,
        at=real_now().astimezone(UTC).isoformat(timespec="seconds"),
        read=reading.rows,
        kept=len(reading.table),
        refused=reading.problems.total,
        clock=hospital_zone().key,
    )


def _told(
    reading: Reading, history: History, unknown_units: tuple[str, ...], before: Origin | None, replaces_simulated: bool
) -> Imported:
    return Imported(
        origin=history.origin or Origin(IMPORTED),
        before=before,
        replaces_simulated=replaces_simulated,
        problems=reading.problems,
        unknown_columns=tuple(name for name in reading.unknown_columns if name),
        unknown_units=unknown_units,
        forgotten=len(reading.table) - len(history.stays),
        unfinished=sum(stay.discharged_at is None for stay in history.stays),
        grain=str(history.grain),
        split=reading.split,
        read_by_models=read_by_models(history),
        left_codes=tuple(sorted(reading.left.items(), key=lambda one: -one[1])),
        without_dates=len(reading.seen.row) if reading.seen is not None and not reading.table.dated else 0,
    )


def units_of_wards() -> set[str]:
    """What the wards of this house are called by models; what is learned of other units serves nobody here."""
    with read_session() as session:
        return set(session.exec(select(col(Ward.unit))))
