"""The one write door of accounts: locked, changed, told; and the rules about who must remain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlmodel import col, select

from hospital_ops.domain.access import Role
from hospital_ops.domain.accounts import WEAK
from hospital_ops.domain.errors import Conflict, Invalid, NotFound
from hospital_ops.domain.events import account_changed
from hospital_ops.infra.passwords import why_weak
from hospital_ops.models import User, UserWard, Ward
from hospital_ops.services.credentials import new_hash
from hospital_ops.services.unit_of_work import Work


def lock_account(work: Work, user_id: int) -> User:
    """The row of an account, locked against other changes but not against what only refers to it."""
    found = select(User).where(User.id == user_id).with_for_update(key_share=True)
    person = work.session.exec(found).first()
    if person is None:
        raise NotFound("There is no such account.")
    return person


def keep_an_admin(work: Work, person: User) -> None:
    """Refuse what would leave nobody to manage accounts. Locks every administrator, so that two cannot remove each other."""
    admins = select(User).where(User.role == Role.ADMIN.value, col(User.active).is_(True)).order_by(col(User.id))
    rows = work.session.exec(admins.with_for_update(key_share=True).execution_options(populate_existing=True)).all()
    if not any(row.id != person.id and row.hashed_password and not row.simulated for row in rows):
        raise Conflict("This is the last account that can manage accounts. Make another one first.", code="last_admin")


def put_in_wards(work: Work, person: User, ward_ids: Iterable[int]) -> None:
    """Exactly these wards."""
    wanted = set(ward_ids)
    there = set(work.session.exec(select(Ward.id).where(col(Ward.id).in_(wanted))))
    if missing := wanted - there:
        raise NotFound(f"There is no ward {min(missing)}.")
    for row in work.session.exec(select(UserWard).where(UserWard.user_id == person.id)):
        work.session.delete(row)
    work.session.flush()
    work.session.add_all(UserWard(user_id=person.id or 0, ward_id=ward_id) for ward_id in sorted(wanted))


def checked_hash(password: str, *about: str) -> str:
    """A hash to store, or the reason why this password is refused."""
    near = [word for text in about for word in text.split()]
    if code := why_weak(password, about=(*near, "hospital")):
        raise Invalid(WEAK[code], code=code)
    return new_hash(password)


def changed(work: Work, person: User, action: str, **facts: Any) -> None:
    """Write down and tell what was done to an account. `facts` are ids and codes."""
    person.version += 1
    work.session.add(person)
    assert person.id is not None
    work.record(action, "user", person.id, **facts)
    work.announce(account_changed(person.id))
