"""Between the login page's two questions: a sealed note that this browser has just given the right password.

It goes into a cookie for five minutes and grants nothing but the second question. Nobody can make or read one without
the hospital's key, and a new password makes it worthless.
"""

from __future__ import annotations

import base64
import hashlib

from hospital_ops.domain.errors import NotSignedIn
from hospital_ops.infra.crypto import Tampered, open_bytes, seal_bytes
from hospital_ops.queries.clock import real_now

STEP_SECONDS = 300
STEP_OVER = "That took too long. Please sign in again."
_WHERE = "login_step|cookie|0"


def new_step(user_id: int, hashed_password: str) -> str:
    """The note as text for a cookie."""
    ends_at = int(real_now().timestamp()) + STEP_SECONDS
    note = f"{user_id}|{ends_at}|{mark_of(hashed_password)}"
    return base64.urlsafe_b64encode(seal_bytes(note.encode(), _WHERE)).decode()


def read_step(step: str) -> tuple[int, str]:
    """(user id, mark of the password that was right). Raises NotSignedIn for one that is over, or not ours."""
    try:
        note = open_bytes(base64.b64decode(step, altchars=b"-_", validate=True), _WHERE).decode()
        user_id, ends_at, mark = note.split("|")
    except (ValueError, Tampered) as wrong:
        raise NotSignedIn(STEP_OVER) from wrong
    if real_now().timestamp() > int(ends_at):
        raise NotSignedIn(STEP_OVER)
    return int(user_id), mark


def mark_of(hashed_password: str) -> str:
    """Tells one password of an account from the next, without saying anything of either."""
    return hashlib.sha256(hashed_password.encode()).hexdigest()[:16]
