"""Accounts: made, changed, closed, opened again. Signing in and out stands in `sessions` and is offered here too."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlmodel import col, select

from hospital_ops.domain.access import Actor, Permission, Role
from hospital_ops.domain.accounts import KEEPS_FIRST_PASSWORD, ONE_TIME, check_person, check_username, wards_for
from hospital_ops.domain.errors import ChangedMeanwhile, Conflict, Unavailable
from hospital_ops.domain.tasks import StaffStatus
from hospital_ops.infra.crypto import blind_index
from hospital_ops.infra.db import read_session
from hospital_ops.infra.passwords import make_password
from hospital_ops.models import User, UserWard
from hospital_ops.queries.clock import real_now
from hospital_ops.queries.sessions import find_person
from hospital_ops.services.access import require
from hospital_ops.services.account_door import changed, checked_hash, keep_an_admin, lock_account, put_in_wards
from hospital_ops.services.credentials import new_hash, username_key
from hospital_ops.services.dispatch import dispatch
from hospital_ops.services.sessions import (
    SignedIn,
    actor_of_session,
    end_all_of,
    end_idle_sessions,
    patient_session,
    peek_actor,
    sign_in,
    sign_in_with_code,
    sign_out,
    why_over,
)
from hospital_ops.services.staff import let_go
from hospital_ops.services.tokens import end_families_of
from hospital_ops.services.unit_of_work import Work, unit_of_work

__all__ = [
    "DEMO_USERNAMES",
    "Access",
    "Handover",
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
    "reactivate",
    "reset_password",
    "set_access",
    "set_demo_passwords",
    "sign_in",
    "sign_in_with_code",
    "sign_out",
    "why_over",
]

DEMO_USERNAMES = ("admin", "manager", "staffing", "desk", "nurse", "doctor", "housekeeper", "porter")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Somebody who is to work here. Without a password nobody can sign in as them yet."""

    username: str
    display_name: str
    role: Role
    ward_ids: frozenset[int] = frozenset()
    password: str | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Handover:
    """A password made by us, to be told to its person once: it is kept nowhere."""

    user_id: int
    username: str
    password: str = field(repr=False)
    one_time: bool


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody is, and where."""

    role: Role
    ward_ids: frozenset[int] = frozenset()


def actor_of_user(user_id: int) -> Actor | None:
    """An open account as an actor; None for a closed one, or none."""
    with read_session() as session:
        return find_person(session, user_id)


def create_account(actor: Actor, new: NewAccount) -> Handover:
    """Make an account with a first password. Refuses a name that is taken and a ward that is not there."""
    with unit_of_work(actor) as work:
        require(actor, Permission.ACCOUNT_MANAGE)
        person = add_account(work, replace(new, password=None))
        return _hand_over(work, person)


def add_account(work: Work, new: NewAccount) -> User:
    """Inside a unit of work of the seed's or an administrator's."""
    name = check_username(username_key(new.username))
    shown = check_person(new.display_name, new.role)
    if work.session.exec(select(User.id).where(User.username == name)).first() is not None:
        raise Conflict(f"The user name {name} is taken.", code="username_taken")
    person = User(
        username=name,
        display_name=shown,
        role=new.role.value,
        hashed_password=None if new.password is None else checked_hash(new.password, name, shown),
        simulated=new.simulated,
        status_since=work.now,
    )
    work.session.add(person)
    work.session.flush()
    wards = wards_for(new.role, new.ward_ids)
    put_in_wards(work, person, wards)
    changed(work, person, "account.create", role=new.role.value, wards=sorted(wards))
    return person


def reset_password(actor: Actor, user_id: int) -> Handover:
    """Give somebody a new first password; whoever was signed in as them no longer is."""
    _not_oneself(actor, user_id, "Choose a new password for yourself on the page “Password”.")
    with unit_of_work(actor) as work:
        require(actor, Permission.ACCOUNT_MANAGE)
        person = lock_account(work, user_id)
        _sign_out(work, person)
        told = _hand_over(work, person)
        changed(work, person, "account.reset_password", one_time=told.one_time)
        return told


def set_access(actor: Actor, user_id: int, new: Access, *, seen: Access | None = None) -> None:
    """Say what somebody is and in which wards. `seen` is what the administrator saw: the loser of a race is told.

    Work in hand goes back when the role changes: the next role may not have the skill for it.
    """
    with unit_of_work(actor) as work:
        require(actor, Permission.ACCOUNT_MANAGE)
        person = lock_account(work, user_id)
        now = _access_of(work, person)
        wanted = Access(new.role, wards_for(new.role, new.ward_ids))
        if now == wanted:
            return
        if seen is not None and seen != now:
            raise ChangedMeanwhile
        if wanted.role != now.role:
            _change_role(work, person, wanted.role)
        put_in_wards(work, person, wanted.ward_ids)
        facts = {"old": now.role.value, "new": wanted.role.value, "wards": sorted(wanted.ward_ids)}
        changed(work, person, "account.set_access", **facts)


def deactivate(actor: Actor, user_id: int) -> None:
    """Close an account and end its sessions. Twice is once. Nobody closes their own, nor the last administrator's."""
    _not_oneself(actor, user_id, "Nobody closes their own account: ask a colleague.")
    with unit_of_work(actor) as work:
        require(actor, Permission.ACCOUNT_MANAGE)
        person = lock_account(work, user_id)
        if not person.active:
            return
        if person.role == Role.ADMIN:
            keep_an_admin(work, person)
        person.active = False
        _sign_out(work, person)
        _send_home(work, person)
        changed(work, person, "account.deactivate")


def reactivate(actor: Actor, user_id: int) -> None:
    """Open a closed account again, as it was. Twice is once."""
    with unit_of_work(actor) as work:
        require(actor, Permission.ACCOUNT_MANAGE)
        person = lock_account(work, user_id)
        if person.active:
            return
        person.active = True
        changed(work, person, "account.reactivate")


def end_sessions_of(actor: Actor, user_id: int) -> int:
    """Sign somebody out everywhere. Returns how many browsers that were."""
    with unit_of_work(actor) as work:
        require(actor, Permission.ACCOUNT_MANAGE)
        person = lock_account(work, user_id)
        ended = _sign_out(work, person)
        changed(work, person, "account.sign_out_everywhere", sessions=ended)
        return ended


def set_demo_passwords(actor: Actor, password: str) -> list[str]:
    """Give the demo accounts this password, unless it is the one they were last given. Returns whose changed.

    The password itself is not kept to compare: its blind index is.
    """
    mark = blind_index("user.demo_password", password)
    if mark is None:
        raise Unavailable("The demo accounts have no password: set HOSPITAL_DEMO_PASSWORD.")
    with unit_of_work(actor) as work:
        found = select(User).where(col(User.username).in_(DEMO_USERNAMES)).order_by(col(User.id))
        locked = work.session.exec(found.with_for_update(key_share=True))
        people = [person for person in locked if person.demo_mark != mark]
        for person in people:
            person.hashed_password, person.demo_mark, person.one_time_until = new_hash(password), mark, None
            _sign_out(work, person)
            changed(work, person, "account.set_demo_password")
        return [person.username for person in people]


def _not_oneself(actor: Actor, user_id: int, sentence: str) -> None:
    if actor.user_id == user_id:
        raise Conflict(sentence, code="own_account")


def _hand_over(work: Work, person: User) -> Handover:
    password, one_time = make_password(), Role(person.role) not in KEEPS_FIRST_PASSWORD
    person.hashed_password = new_hash(password)
    person.one_time_until = real_now() + ONE_TIME if one_time else None
    work.session.add(person)
    return Handover(person.id or 0, person.username, password, one_time)


def _sign_out(work: Work, person: User) -> int:
    assert person.id is not None
    end_families_of(work, person.id)
    return end_all_of(work, person.id)


def _send_home(work: Work, person: User) -> None:
    """Nobody is there any longer to do what they held."""
    if person.current_status != StaffStatus.OFF_SHIFT:
        let_go(work, person)
        dispatch(work)


def _access_of(work: Work, person: User) -> Access:
    wards = work.session.exec(select(UserWard.ward_id).where(UserWard.user_id == person.id))
    return Access(Role(person.role), wards_for(Role(person.role), wards))


def _change_role(work: Work, person: User, role: Role) -> None:
    check_person(person.display_name, role)
    if work.actor.user_id == person.id:
        raise Conflict("Nobody changes their own role: ask a colleague.", code="own_account")
    if person.role == Role.ADMIN:
        keep_an_admin(work, person)
    person.role = role.value
    _send_home(work, person)
