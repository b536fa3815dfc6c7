"""Looking at the audit is itself written down: which question was asked, by whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.audit import Question
from hospital_ops.queries.clock import real_now
from hospital_ops.services.access import require
from hospital_ops.services.unit_of_work import unit_of_work


def look_into(actor: Actor, question: Question) -> None:
    """Before a question's first page is shown. Fails closed: no line, no look. Going on to older pages adds none."""
    require(actor, Permission.AUDIT_READ)
    if question.before is None:
        _write_down(actor, "audit.read", question)


def begin_export(actor: Actor, question: Question) -> datetime:
    """Before a file is sent. Returns up to which moment it reaches: what is written while it is sent is not in it."""
    require(actor, Permission.AUDIT_READ)
    until = real_now()
    _write_down(actor, "audit.export", question)
    return until


def _write_down(actor: Actor, action: str, question: Question) -> None:
    with unit_of_work(actor) as work:
        asked: dict[str, Any] = {f"asked_{name}": value for name, value in question.words().items()}
        work.record(action, "audit", **asked)
