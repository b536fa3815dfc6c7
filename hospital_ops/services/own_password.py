"""A person chooses their own password: after the first one that was made for them, or whenever they like."""

from __future__ import annotations

from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.accounts import WEAK
from hospital_ops.domain.errors import Invalid, NotAllowed, WrongCredentials
from hospital_ops.infra.db import read_session
from hospital_ops.infra.passwords import verify_password
from hospital_ops.models import User
from hospital_ops.services.access import require
from hospital_ops.services.account_door import changed, checked_hash, lock_account
from hospital_ops.services.attempts import count_attempt, count_failure, count_success
from hospital_ops.services.credentials import fits
from hospital_ops.services.sessions import come_on_shift, end_all_of, renew_token
from hospital_ops.services.tokens import end_families_of
from hospital_ops.services.unit_of_work import unit_of_work

WRONG = "The password you have now is not right. Please try again."


def choose_password(actor: Actor, token: str, current: str, new: str, *, address: str) -> str:
    """Replace one's own password. Returns the session's new token; every other session and API login ends.

    `token` is this session's. Raises WrongCredentials, TooMany, or Invalid with a code of domain.accounts.WEAK.
    """
    if actor.user_id is None:
        raise NotAllowed("Only a person of the staff has a password.")
    if not actor.must_choose_password:  # Whoever must is allowed nothing else.
        require(actor, Permission.ACCOUNT_OWN)
    with read_session() as session:
        person = session.get_one(User, actor.user_id)
    seen = person.hashed_password
    _prove_again(actor, person, current, address)
    if new == current:
        raise Invalid(WEAK["password_same"], code="password_same")
    hashed = checked_hash(new, person.username, person.display_name)
    with unit_of_work(actor) as work:
        person = lock_account(work, actor.user_id)
        if person.hashed_password != seen or not person.active:
            raise WrongCredentials(WRONG)  # Somebody gave them another one while this one was being checked.
        session_id, newer = renew_token(work, token)
        was_first = person.one_time_until is not None
        person.hashed_password, person.one_time_until = hashed, None
        end_all_of(work, actor.user_id, but=session_id)
        end_families_of(work, actor.user_id)
        changed(work, person, "account.choose_password", first=was_first)
        if was_first:
            come_on_shift(work, person)
        return newer


def _prove_again(actor: Actor, person: User, current: str, address: str) -> None:
    count_attempt(person.username, address)
    right, _ = verify_password(current if fits(current) else "", person.hashed_password)
    if not right:
        count_failure(address)
        with unit_of_work(actor) as work:
            work.record("account.choose_password", "user", person.id, allowed=False, address=address)
        raise WrongCredentials(WRONG)
    count_success(person.username, address)
