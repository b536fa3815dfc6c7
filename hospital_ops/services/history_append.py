"""A later export goes on where the kept history stops: one use case, all of it or nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import Conflict, Invalid
from hospital_ops.domain.history import Grain, History, Origin
from hospital_ops.infra import archive
from hospital_ops.ml import past_append
from hospital_ops.ml.csv_rows import FileRefused, Problems, Told
from hospital_ops.ml.history_csv import Reading, read_history
from hospital_ops.ml.past import placed
from hospital_ops.queries.clock import hospital_zone, real_now
from hospital_ops.services import history_keep
from hospital_ops.services.access import require
from hospital_ops.services.history import IMPORTED, digest_of_files, imported_history, units_of_wards


@dataclass(frozen=True, slots=True)
class Appended:
    """What came of a file. Counts are of stays; `observations` were added. Nothing is written where nothing changed."""

    origin: Origin
    changed: bool
    added: int
    ended: int
    unchanged: int
    refused: int
    observations: int
    forgotten: int
    problems: Problems
    unknown_columns: tuple[str, ...] = ()
    unknown_units: tuple[str, ...] = ()


def append_history(
    actor: Actor, path: Path, observations: Path | None = None, told: Told = lambda rows: None
) -> Appended:
    """Add to the imported history what a file tells beyond it: new stays, ends of stays that had none, observations.

    What contradicts the kept history is refused row by row. Raises Conflict where nothing was imported, Invalid with a sentence for
    a file that cannot be used at all or knows another kind of time, ChangedMeanwhile where somebody else was faster.
    """
    require(actor, Permission.MODEL_MANAGE)
    folder = get_settings().data_dir
    # First of all: a database that is away is said before minutes are spent on reading.
    units = units_of_wards()
    history_keep.settle(folder)
    seen = archive.stamp(folder)
    kept = imported_history(folder)
    if kept is None:
        raise Conflict("Nothing was imported yet: import the first file without --append.", code="nothing_imported")
    reading, digest = _read(path, observations, told)
    _refuse_another_clock(kept, reading)
    found, left = _append(kept, reading, path.name, observations.name if observations else "")
    origin = _origin(kept, found.history, reading, digest)
    if found.changed:
        content = archive.sealed(replace(found.history, origin=origin))
        counts = {
            "added": found.added, "ended": found.ended, "unchanged": found.unchanged, "refused": reading.problems.total,
            "observations": found.observations, "forgotten": found.forgotten,
        }  # fmt: skip
        history_keep.keep(
            actor, folder, content, seen, "history.append",
            **counts, stays=origin.kept, grain=str(kept.grain), digest=origin.digest,
        )  # fmt: skip
    return Appended(
        origin if found.changed else kept.origin or origin,
        found.changed, found.added, found.ended, found.unchanged, reading.problems.total, found.observations,
        found.forgotten + left, reading.problems,
        tuple(name for name in reading.unknown_columns if name),
        tuple(sorted({str(unit) for unit in reading.table.stays["unit"]} - units)),
    )  # fmt: skip


def _read(path: Path, observations: Path | None, told: Told) -> tuple[Reading, str]:
    try:
        return read_history(path, hospital_zone(), observations, told, keep=True), digest_of_files(path, observations)
    except FileRefused as refused:
        raise Invalid(str(refused), code="history_refused") from refused


def _refuse_another_clock(kept: History, reading: Reading) -> None:
    clock = kept.origin.clock if kept.origin else ""
    if clock not in ("", hospital_zone().key):
        raise Invalid(
            f"The kept history was read on the clock of {clock}, and this house is on {hospital_zone().key} now. Put both "
            "into one file and import that without --append.",
            code="another_clock",
        )
    if why := past_append.not_one_past(kept, reading):
        raise Invalid(why, code="another_grain")


def _append(kept: History, reading: Reading, stays_file: str, seen_file: str) -> tuple[past_append.Appended, int]:
    """Both together, and how many stays of the file itself were forgotten discharges."""
    grain = kept.grain if kept.grain is Grain.HOURS else None
    new = placed(reading, archive.keyed_id, Origin(IMPORTED), grain=grain)

    def refuse_stay(line: int, why: str) -> None:
        reading.problems.add(stays_file, line, why)

    def refuse_seen(line: int, why: str) -> None:
        reading.problems.add(seen_file, line, why)

    found = past_append.append(kept, new, reading.table.zone, refuse_stay, refuse_seen)
    return found, len(reading.table) - len(new.history.stays)


def _origin(kept: History, both: History, reading: Reading, digest: str) -> Origin:
    """The digest tells which files, in which order; the counts are of all of them."""
    before = kept.origin or Origin(IMPORTED)
    return replace(
        before,
        digest=hashlib.sha256(f"{before.digest}+{digest}".encode()).hexdigest(),
        at=real_now().astimezone(UTC).isoformat(timespec="seconds"),
        read=before.read + reading.rows,
        kept=len(both.stays),
        refused=before.refused + reading.problems.total,
        observations=len(both.observations),
        clock=hospital_zone().key,
    )
