"""Speaks to the API in this process, as one of the cast: `api.get("/api/beds/dashboard", who="nurse")`."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any

import httpx
from fastapi import FastAPI

from hospital_ops.api import create_api
from hospital_ops.infra.cookies import cookie_name
from hospital_ops.services import accounts, tokens
from tests.cast import PASSWORD

HERE = "http://127.0.0.1:3000"
ADDRESS = "192.0.2.1"


@lru_cache(maxsize=1)
def app() -> FastAPI:
    """The API alone: neither pages nor push."""
    return create_api()


class Api:
    """A program. `who` sends a person's access token, `page` the cookie of a person who signed in on the pages."""

    def __init__(self) -> None:
        self._tokens: dict[str, str] = {}
        self._cookies: dict[str, str] = {}

    def token(self, name: str) -> str:
        """An access token of somebody of the cast."""
        if name not in self._tokens:
            self._tokens[name] = tokens.log_in(name, PASSWORD, address=ADDRESS).access_token
        return self._tokens[name]

    def cookie(self, name: str) -> str:
        """The session's cookie of somebody of the cast."""
        if name not in self._cookies:
            self._cookies[name] = accounts.sign_in(name, PASSWORD, address=ADDRESS).token
        return self._cookies[name]

    def call(self, method: str, path: str, *, who: str = "", page: str = "", **sent: Any) -> httpx.Response:
        headers: dict[Any, Any] = dict(sent.pop("headers", {}))
        if who:
            headers["authorization"] = f"Bearer {self.token(who)}"
        if page:
            headers |= {"cookie": f"{cookie_name()}={self.cookie(page)}", "origin": HERE}
        return asyncio.run(_once(method, path, headers=headers, **sent))

    def get(self, path: str, **sent: Any) -> httpx.Response:
        return self.call("GET", path, **sent)

    def post(self, path: str, **sent: Any) -> httpx.Response:
        return self.call("POST", path, **sent)

    def put(self, path: str, **sent: Any) -> httpx.Response:
        return self.call("PUT", path, **sent)


async def _once(method: str, path: str, **sent: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app(), client=(ADDRESS, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
        return await client.request(method, path, **sent)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """(status, code) of an error, whose shape is checked on the way: a code, a sentence, and nothing else."""
    told = answer.json()
    assert set(told) == {"code", "message"}, told
    assert told["code"].replace("_", "").isalnum(), told
    assert told["message"][-1] in ".…", told
    return answer.status_code, told["code"]
