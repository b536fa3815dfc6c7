"""Something broke: the caller gets a number to quote, the log gets the same number and where it was, nothing else.

A handler for `Exception` would not do: Starlette raises it again after answering, and the web server then writes the
exception's words, which may be a patient's, into its log.
"""

from __future__ import annotations

import logging
import secrets
from pathlib import Path

from hospital_ops.api.asgi import ASGIApp, Message, Receive, Scope, Send
from hospital_ops.api.errors import route_of
from hospital_ops.api.problem import body

log = logging.getLogger(__name__)
BROKEN = "Something went wrong here. Please tell whoever runs this system the number {number}."


class BrokeOff(Exception):
    """The answer had begun when its maker failed: the connection is cut, so that half is not taken for the whole."""


class LastResort:
    """Wraps an ASGI app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            await self._app(scope, receive, watched)
        except Exception as broken:
            number = secrets.token_hex(4)
            log.error("%s failed, number %s: %s at %s", route_of(scope), number, type(broken).__name__, _place(broken))
            if begun:
                raise BrokeOff(number) from None
            await body("broken", BROKEN.format(number=number), 500)(scope, receive, send)


def _place(broken: Exception) -> str:
    """`tasks.py:71`, where it broke: the innermost frame."""
    frame = broken.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return "?" if frame is None else f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}"
