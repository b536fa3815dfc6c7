"""The door in front of every use case: may this actor do this here, and a line in the audit when not."""

from __future__ import annotations

from typing import Any

from hospital_ops.domain.access import Actor, Permission, Role, require
from hospital_ops.services.unit_of_work import unit_of_work

__all__ = ["NOBODY", "audit_denial", "audit_view", "require"]

# Who acts before anybody has signed in; the role has no permission that opens anything.
NOBODY = Actor(role=Role.PATIENT, name="nobody")


def audit_denial(actor: Actor | None, what: str, **facts: Any) -> None:
    """Record that somebody was turned away. `what` names the handler, route or topic."""
    with unit_of_work(actor or NOBODY) as work:
        work.record("access.deny", allowed=False, what=what, **facts)


def audit_view(actor: Actor, what: str, permission: Permission, *, ward_id: int | None = None, **facts: Any) -> None:
    """Require, then record that patient data was looked at. Fails closed: no audit line, no view."""
    require(actor, permission, ward_id)
    with unit_of_work(actor) as work:
        work.record("view", what, ward_id=ward_id, **facts)
