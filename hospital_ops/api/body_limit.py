"""No body is larger than its address allows: refused by its stated length, or while it comes in."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser

from hospital_ops.api.asgi import ASGIApp, Message, Receive, Scope, Send
from hospital_ops.api.problem import FRAMEWORK, body

KILOBYTE, MEGABYTE = 1024, 1024 * 1024
USUAL = 64 * KILOBYTE
PHOTO = 10 * MEGABYTE
# Address → bytes. Three photos and a form; one photo.
LARGER: tuple[tuple[str, int], ...] = (
    ("/api/patient/register", 3 * PHOTO + MEGABYTE),
    ("/api/intake/", PHOTO + MEGABYTE),
)
# A photo stays in memory: beyond this size Starlette would write it, unencrypted, into a folder for temporary files.
MultiPartParser.spool_max_size = PHOTO + MEGABYTE


def limit_for(path: str) -> int:
    """Bytes that a body sent to this address may have."""
    return next((limit for prefix, limit in LARGER if path.startswith(prefix)), USUAL)


class BodyLimit:
    """Wraps an ASGI app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = limit_for(scope["path"])
        if _stated_length(scope) > limit:
            await body(*FRAMEWORK[413], 413)(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)


def _stated_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
