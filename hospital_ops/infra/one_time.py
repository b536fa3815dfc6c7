"""One-time codes of authenticator apps (RFC 6238, by pyotp), and the picture from which a phone takes the secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import pyotp
import segno
from pyotp.exceptions import OTPVerificationError

ISSUER = "Hospital"
# White modules that a reader needs round the code.
_QUIET = 4


@dataclass(frozen=True, slots=True)
class QrPicture:
    """`path` for an SVG's path element, in a view box of `side` × `side` modules."""

    side: int
    path: str


def new_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, at: datetime, steps_off: int) -> int | None:
    """The time step that this code belongs to, within so many steps of `at`; None for a wrong one.

    Whoever calls keeps the step: the code itself would be right a second time.
    """
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(code, for_time=at, valid_window=steps_off)
    except OTPVerificationError:
        return None


def setup_address(secret: str, username: str) -> str:
    """The `otpauth://` address that an authenticator app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def qr_picture(text: str) -> QrPicture:
    """A QR code, drawn here: the secret in it goes to no other host."""
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=_QUIET)]
    parts = []
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            width = len(list(run))
            parts += [f"M{x} {y}h{width}v1h-{width}z"] if dark else []
            x += width
    return QrPicture(len(rows), "".join(parts))
