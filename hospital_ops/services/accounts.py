"""Accounts: made, listed, changed, closed. Signing in and out stands in `sessions` and is offered here too."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Permission, Role
from hospital_ops.domain.errors import Conflict, Invalid, NotFound, Unavailable
from hospital_ops.domain.events import STAFFING, Event, user
from hospital_ops.infra.crypto import blind_index
from hospital_ops.infra.db import read_session
from hospital_ops.infra.passwords import why_weak
from hospital_ops.models import User, UserWard, Ward
from hospital_ops.queries.sessions import find_person
from hospital_ops.services.access import require
from hospital_ops.services.credentials import new_hash, username_key
from hospital_ops.services.sessions import (
    SignedIn,
    actor_of_session,
    end_all_of,
    end_idle_sessions,
    patient_session,
    peek_actor,
    sign_in,
    sign_out,
)
from hospital_ops.services.tokens import end_families_of
from hospital_ops.services.unit_of_work import Work, unit_of_work

__all__ = [
    "DEMO_USERNAMES",
    "NewAccount",
    "SignedIn",
    "actor_of_session",
    "actor_of_user",
    "add_account",
    "create_account",
    "deactivate",
    "end_idle_sessions",
    "end_sessions_of",
    "patient_session",
    "peek_actor",
    "set_demo_passwords",
    "set_password",
    "set_wards",
    "sign_in",
    "sign_out",
]

DEMO_USERNAMES = ("admin", "manager", "staffing", "desk", "nurse", "doctor", "housekeeper", "porter")
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
# Nobody signs in as these: a patient has a link, the house's own processes have no password.
_NO_LOGIN = frozenset({Role.PATIENT, Role.SYSTEM})


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Somebody who is to work here. Without a password nobody can sign in as them yet."""

    username: str
    display_name: str
    role: Role
    ward_ids: frozenset[int] = frozenset()
    password: str | None = None
    simulated: bool = False


def actor_of_user(user_id: int) -> Actor | None:
    """An open account as an actor; None for a closed one, or none."""
    with read_session() as session:
        return find_person(session, user_id)


def create_account(actor: Actor, new: NewAccount) -> int:
    """Make an account. Returns its id. Refuses a name that is taken, a weak password, a ward that is not there."""
    with unit_of_work(actor) as work:
        require(actor, Permission.ACCOUNT_MANAGE)
        return add_account(work, new).id or 0


def add_account(work: Work, new: NewAccount) -> User:
    """Inside a unit of work of the seed's or an administrator's."""
    name = username_key(new.username)
    if not _USERNAME.fullmatch(name):
        raise Invalid("A user name has 2 to 40 letters, digits, dots or dashes.", code="bad_username")
    if not new.display_name.strip() or new.role in _NO_LOGIN:
        raise Invalid("An account needs a person's name and a role of the staff's.", code="bad_account")
    if work.session.exec(select(User.id).where(User.username == name)).first() is not None:
        raise Conflict(f"The user name {name} is taken.", code="username_taken")
    person = User(
        username=name,
        display_name=new.display_name.strip()[:80],
        role=new.role.value,
        hashed_password=None if new.password is None else _checked_hash(new.password, name, new.display_name),
        simulated=new.simulated,
        status_since=work.now,
    )
    work.session.add(person)
    work.session.flush()
    _put_in_wards(work, person, new.ward_ids)
    _changed(work, person, "account.create", role=new.role.value)
    return person


def set_password(actor: Actor, user_id: int, password: str) -> None:
    """Give somebody a new password; whoever was signed in as them no longer is."""
    with unit_of_work(actor) as work:
        require(actor, Permission.ACCOUNT_MANAGE)
        person = _lock(work, user_id)
        person.hashed_password = _checked_hash(password, person.username, person.display_name)
        end_all_of(work, user_id)
        end_families_of(work, user_id)
        _changed(work, person, "account.set_password")


def set_wards(actor: Actor, user_id: int, ward_ids: Iterable[int]) -> None:
    """Say in which wards somebody works."""
    with unit_of_work(actor) as work:
        require(actor, Permission.ACCOUNT_MANAGE)
        person = _lock(work, user_id)
        for row in work.session.exec(select(UserWard).where(UserWard.user_id == user_id)):
            work.session.delete(row)
        work.session.flush()
        _put_in_wards(work, person, ward_ids)
        _changed(work, person, "account.set_wards")


def deactivate(actor: Actor, user_id: int) -> None:
    """Close an account and end its sessions. Twice is once. Nobody closes their own."""
    if actor.user_id == user_id:
        raise Conflict("Nobody closes their own account: ask a colleague.", code="own_account")
    with unit_of_work(actor) as work:
        require(actor, Permission.ACCOUNT_MANAGE)
        person = _lock(work, user_id)
        if not person.active:
            return
        person.active = False
        end_all_of(work, user_id)
        end_families_of(work, user_id)
        _changed(work, person, "account.deactivate")


def end_sessions_of(actor: Actor, user_id: int) -> int:
    """Sign somebody out everywhere. Returns how many sessions that ended."""
    with unit_of_work(actor) as work:
        require(actor, Permission.ACCOUNT_MANAGE)
        person = _lock(work, user_id)
        ended = end_all_of(work, user_id)
        end_families_of(work, user_id)
        _changed(work, person, "account.sign_out_everywhere", sessions=ended)
        return ended


def set_demo_passwords(actor: Actor, password: str) -> list[str]:
    """Give the demo accounts this password, unless it is the one they were last given. Returns whose changed.

    The password itself is not kept to compare: its blind index is.
    """
    mark = blind_index("user.demo_password", password)
    if mark is None:
        raise Unavailable("The demo accounts have no password: set HOSPITAL_DEMO_PASSWORD.")
    with unit_of_work(actor) as work:
        found = select(User).where(col(User.username).in_(DEMO_USERNAMES)).order_by(col(User.id)).with_for_update()
        people = [person for person in work.session.exec(found) if person.demo_mark != mark]
        for person in people:
            person.hashed_password, person.demo_mark = new_hash(password), mark
            end_all_of(work, person.id or 0)
            end_families_of(work, person.id or 0)
            _changed(work, person, "account.set_demo_password")
        return [person.username for person in people]


def _checked_hash(password: str, *about: str) -> str:
    near = [word for text in about for word in text.split()]
    if weak := why_weak(password, about=(*near, "hospital")):
        raise Invalid(weak, code="weak_password")
    return new_hash(password)


def _lock(work: Work, user_id: int) -> User:
    person = work.session.exec(select(User).where(User.id == user_id).with_for_update()).first()
    if person is None:
        raise NotFound("There is no such account.")
    return person


def _put_in_wards(work: Work, person: User, ward_ids: Iterable[int]) -> None:
    wanted = set(ward_ids)
    there = set(work.session.exec(select(Ward.id).where(col(Ward.id).in_(wanted))))
    if missing := wanted - there:
        raise NotFound(f"There is no ward {min(missing)}.")
    work.session.add_all(UserWard(user_id=person.id or 0, ward_id=ward_id) for ward_id in sorted(wanted))


def _changed(work: Work, person: User, action: str, **facts: Any) -> None:
    person.version += 1
    work.session.add(person)
    assert person.id is not None
    work.record(action, "user", person.id, **facts)
    work.announce(Event("account.changed", {"user_id": person.id}, (user(person.id), STAFFING)))
