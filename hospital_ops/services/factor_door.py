"""The write door of the second factor: codes are taken here and nowhere else, each of them once."""

from __future__ import annotations

import secrets
from typing import Any

from sqlmodel import col, select

from hospital_ops.domain.errors import SecondFactorRequired, SecondFactorWrong
from hospital_ops.domain.events import account_changed
from hospital_ops.domain.second_factor import RECOVERY_CODES, STEPS_OFF, is_from_app, recovery_code, typed
from hospital_ops.infra.crypto import blind_index
from hospital_ops.infra.db import read_session
from hospital_ops.infra.one_time import step_of
from hospital_ops.models import RecoveryCode, SecondFactor
from hospital_ops.queries.clock import real_now
from hospital_ops.services.access import NOBODY
from hospital_ops.services.attempts import count_code, count_failure, count_right_code, count_wrong_code
from hospital_ops.services.unit_of_work import Work, unit_of_work


def pass_second_factor(user_id: int, otp: str, *, address: str) -> None:
    """For somebody whose password was right. Nothing is asked of an account that has not enrolled.

    Raises SecondFactorRequired without a code, SecondFactorWrong or TooMany; all of it is audited.
    """
    if not has_second_factor(user_id):
        return
    if not typed(otp):
        # Each sign-in passes here; but it is also how a stolen password looks, so it is written down.
        _record(user_id, "session.ask_code", address, allowed=True)
        raise SecondFactorRequired
    count_code(user_id)
    with unit_of_work(NOBODY) as work:
        factor = lock_factor(work, user_id)
        right = factor is None or spend(work, factor, otp)
    if not right:
        count_failure(address)
        count_wrong_code(user_id)
        _record(user_id, "session.refuse", address, allowed=False, why="wrong_code")
        raise SecondFactorWrong
    count_right_code(user_id)


def has_second_factor(user_id: int) -> bool:
    """Whether this account is asked for a code."""
    with read_session() as session:
        factor = session.get(SecondFactor, user_id)
        return factor is not None and factor.confirmed_at is not None


def lock_factor(work: Work, user_id: int) -> SecondFactor | None:
    """The row, locked, so that of two who bring one code only the first is let in."""
    return work.session.exec(select(SecondFactor).where(SecondFactor.user_id == user_id).with_for_update()).first()


def spend(work: Work, factor: SecondFactor, code: str) -> bool:
    """Take a code of the app or a recovery code, if it is right and was not taken before. The row must be locked."""
    plain = typed(code)
    return _spend_step(work, factor, plain) if is_from_app(plain) else _spend_recovery(work, factor, plain)


def new_recovery_codes(work: Work, user_id: int) -> tuple[str, ...]:
    """Ten new codes in place of any old ones. Only here they are in the clear."""
    forget_recovery_codes(work, user_id)
    codes = tuple(recovery_code(secrets.choice) for _ in range(RECOVERY_CODES))
    work.session.add_all(RecoveryCode(user_id=user_id, code_hash=_hash(user_id, typed(code))) for code in codes)
    return codes


def forget_recovery_codes(work: Work, user_id: int) -> None:
    """No recovery code of this person works any longer."""
    for row in work.session.exec(select(RecoveryCode).where(RecoveryCode.user_id == user_id)):
        work.session.delete(row)
    work.session.flush()


def _spend_step(work: Work, factor: SecondFactor, code: str) -> bool:
    step = step_of(factor.secret or "", code, real_now(), STEPS_OFF)
    # Seen over a shoulder, a code is still good for a minute: so not the same step again, nor an older one.
    if step is None or step <= factor.last_step:
        return False
    factor.last_step = step
    work.session.add(factor)
    return True


def _spend_recovery(work: Work, factor: SecondFactor, code: str) -> bool:
    mine = RecoveryCode.user_id == factor.user_id, col(RecoveryCode.used_at).is_(None)
    row = work.session.exec(select(RecoveryCode).where(*mine, RecoveryCode.code_hash == _hash(factor.user_id, code)))
    found = row.first()
    if found is None:
        return False
    found.used_at = real_now()
    work.session.add(found)
    work.record("second_factor.use_recovery_code", "user", factor.user_id)
    work.announce(account_changed(factor.user_id))
    return True


def _hash(user_id: int, code: str) -> bytes:
    # Nearly fifty random bits under a key that is not in the database: a slow hash would add nothing.
    return blind_index("recovery_code", f"{user_id}|{code}") or b""


def _record(user_id: int, action: str, address: str, *, allowed: bool, **facts: Any) -> None:
    with unit_of_work(NOBODY) as work:
        work.record(action, "user", user_id, allowed=allowed, address=address, **facts)
