"""Reflex's Socket.IO server as the hub sees it. No other module touches it: a newer Reflex may bring another socket."""

from __future__ import annotations

from typing import Any

from hospital_ops.infra.cookies import session_token
from hospital_ops.state.feed import Delta


def keep_cookies_out_of_state(app: Any) -> None:
    """Reflex copies the handshake's headers into each tab's state, which is pickled into Redis: without the cookie."""
    namespace = app.event_namespace
    build = namespace._build_static_router_data

    def without_cookie(sid: str, environ: dict[str, Any]) -> dict[str, Any]:
        data: dict[str, Any] = build(sid, environ)
        data["headers"].pop("cookie", None)
        return data

    namespace._build_static_router_data = without_cookie


def token_of_socket(app: Any, sid: str) -> str:
    """The session id in the cookie with which this socket was opened; "" when there is none, or no such socket."""
    try:
        environ = app.sio.get_environ(sid, app.event_namespace.namespace) or {}
    except KeyError:
        return ""
    headers = environ.get("asgi.scope", {}).get("headers", [])
    return session_token("; ".join(value.decode("latin-1") for name, value in headers if name == b"cookie"))


class SocketWire:
    """Rooms and raw state updates over `app.sio`. An update for a room is encoded once, however many hear it."""

    def __init__(self, app: Any) -> None:
        self._sio = app.sio
        self._namespace: str = app.event_namespace.namespace

    async def send(self, to: str, delta: Delta) -> None:
        await self._sio.emit("event", {"delta": delta}, room=to, namespace=self._namespace)

    async def enter(self, sid: str, room: str) -> None:
        if self.connected(sid):
            await self._sio.enter_room(sid, room, namespace=self._namespace)

    async def leave(self, sid: str, room: str) -> None:
        if self.connected(sid):
            await self._sio.leave_room(sid, room, namespace=self._namespace)

    async def close(self, sid: str) -> None:
        await self._sio.disconnect(sid, namespace=self._namespace)

    def connected(self, sid: str) -> bool:
        return bool(self._sio.manager.is_connected(sid, self._namespace))

    def watched(self, room: str) -> bool:
        return any(True for _ in self._sio.manager.get_participants(self._namespace, room))
