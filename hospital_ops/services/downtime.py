"""What the hospital falls back on: sealed boards for the time when nothing runs, and who has opened one.

A board is opened without the database, so its opening is noted beside it (`note_opening`) and taken into the audit by
the next writing of the boards (`take_in_openings`): once each, also when a worker dies in between.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from hospital_ops.domain.access import WORKER, Actor, Permission
from hospital_ops.domain.downtime import Opening
from hospital_ops.infra import downtime_files
from hospital_ops.infra.crypto import Tampered
from hospital_ops.queries.downtime import ward_boards
from hospital_ops.services.access import require
from hospital_ops.services.inbox import first_time
from hospital_ops.services.unit_of_work import unit_of_work

_CONSUMER = "downtime.opening"
_NAMES = tuple(one.name for one in fields(Opening))


def keep_boards(actor: Actor = WORKER) -> dict[str, int]:
    """Write every ward's board anew, and take in who has opened one. Returns how many {"wards", "opened"}.

    That everybody was read is committed before a byte is written: no line in the audit, no board.
    """
    require(actor, Permission.DOWNTIME_KEEP)
    with unit_of_work(actor) as work:
        boards = ward_boards(work.session, work.clock)
        lying = sum(bed["patient"] is not None for board in boards for bed in board["beds"])
        work.record("downtime.keep", "ward", wards=len(boards), patients=lying)
    downtime_files.replace_all({board["code"]: _as_bytes(board) for board in boards})
    return {"wards": len(boards), "opened": take_in_openings(actor)}


def note_opening(opening: Opening) -> int:
    """Before anybody reads a board. Needs the data folder and the master key only. Returns the note's number."""
    return downtime_files.add_note(_as_bytes(opening.as_dict()))


def take_in_openings(actor: Actor = WORKER) -> int:
    """Write into the audit who has opened a board. Returns how many that were."""
    require(actor, Permission.DOWNTIME_KEEP)
    taken = [_take_in(actor, number) for number in downtime_files.notes()]
    return sum(taken)


def _take_in(actor: Actor, number: int) -> bool:
    try:
        told: dict[str, Any] | None = json.loads(downtime_files.note(number))
    except FileNotFoundError:  # Another worker was faster.
        return False
    except (Tampered, downtime_files.OtherKey):
        told = None
    with unit_of_work(actor) as work:
        new = first_time(work, _CONSUMER, number)
        if new and told is None:
            work.record("downtime.note_unreadable", "ward", note=f"{number:016x}")
        elif new and told is not None:
            facts = {name: told[name] for name in _NAMES if name != "ward_id"}
            work.record("downtime.open", "ward", told["ward_id"], ward_id=told["ward_id"], **facts)
    # Only now: a worker that dies before this line finds the note again, and the audit knows it already.
    if told is None:
        downtime_files.set_aside(number)
    else:
        downtime_files.drop_note(number)
    return new


def _as_bytes(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
