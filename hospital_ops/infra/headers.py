"""Security headers on every answer, by a plain ASGI wrapper that sees pages, API and socket alike.

The content security policy allows our own scripts by hash: the built pages carry a few inline ones, which are hashed
from the files that are served. Styles may be inline: the component library writes them at run time.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import lru_cache
from pathlib import Path
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
# Built files carry a hash in their name; everything else may show or lead to a patient's data.
_KEPT_PREFIX = "/assets/"
FOREVER = b"public, max-age=31536000, immutable"


def inline_hashes(folder: Path) -> list[str]:
    """`'sha256-…'` of each inline script in the folder's pages, sorted."""
    found: set[str] = set()
    for page in folder.rglob("*.html"):
        for script in _INLINE.findall(page.read_text(encoding="utf-8")):
            digest = hashlib.sha256(script.encode()).digest()
            found.add(f"'sha256-{base64.b64encode(digest).decode()}'")
    return sorted(found)


def content_security_policy(script_hashes: Iterable[str]) -> str:
    """One policy for the whole site. `connect-src 'self'` covers the socket in today's browsers."""
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *script_hashes]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "media-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


@lru_cache(maxsize=2)
def fixed_headers(folder: Path, https: bool) -> tuple[tuple[bytes, bytes], ...]:
    """What every answer carries. Read once: pages do not change under a running process."""
    headers = {
        "content-security-policy": content_security_policy(inline_hashes(folder)),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "x-frame-options": "DENY",
    }
    if https:
        headers["strict-transport-security"] = "max-age=63072000; includeSubDomains"
    return tuple((name.encode(), value.encode()) for name, value in headers.items())


class SecurityHeaders:
    """Wraps an ASGI app."""

    def __init__(self, app: ASGIApp, folder: Path, https: bool) -> None:
        self._app, self._folder, self._https = app, folder, https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._completed(scope["path"], message["status"], list(message.get("headers", [])))
            await send(message)

        await self._app(scope, receive, with_headers)

    def _completed(self, path: str, status: int, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        ours = dict(fixed_headers(self._folder, self._https))
        kept = path.startswith(_KEPT_PREFIX) and status == 200
        ours[b"cache-control"] = FOREVER if kept else b"no-store"
        return [(name, value) for name, value in headers if name.lower() not in ours] + list(ours.items())
