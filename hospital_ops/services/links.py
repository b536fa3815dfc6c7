"""A patient's link: signed, expiring, for one registration. Made from what is kept, so it can be shown again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from datetime import datetime

from hospital_ops.config import get_settings
from hospital_ops.infra.keyring import derived_key

PATH = "/api/intake/open/"


def link_token(row_key: uuid.UUID, expires_at: datetime) -> str:
    """43 characters. Whoever reads the database alone cannot make it; another expiry is another link."""
    said = f"{row_key}|{int(expires_at.timestamp())}".encode()
    signature = hmac.new(derived_key("intake-link"), said, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(signature).decode().rstrip("=")


def link_of(token: str) -> str:
    """The whole address."""
    return f"{get_settings().base_url}{PATH}{token}"
