"""Asking our own web process over HTTP, with its own certificate that nobody else has heard of."""

from __future__ import annotations

import ssl
import urllib.request

TIMEOUT_SECONDS = 3


def own_address(host: str, port: int, https: bool) -> str:
    """Where this machine itself reaches the web process."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"{'https' if https else 'http'}://{f'[{name}]' if ':' in name else name}:{port}"


def answer_of(url: str) -> bytes:
    """The body of a GET. Raises OSError (HTTPError for a status of 400 or more)."""
    unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
    context = unverified if url.startswith("https") else None
    with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS, context=context) as answer:  # noqa: S310 - our own URL
        return bytes(answer.read())


def answers(url: str) -> bool:
    """Whether a GET succeeds."""
    try:
        answer_of(url)
    except OSError:
        return False
    return True
