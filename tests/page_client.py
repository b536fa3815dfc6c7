"""A browser without a screen: calls the API in this process, keeps its cookies, follows no redirect."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from hospital_ops.api import create_api
from hospital_ops.infra.cookies import cookie_name

HERE = "http://127.0.0.1:3000"


class PageClient:
    """One caller, whose pages come from `origin`. `cookies` is what the answers have set."""

    def __init__(self, origin: str = HERE) -> None:
        self.cookies, self.origin = httpx.Cookies(), origin
        self._transport = httpx.ASGITransport(create_api(), client=("192.0.2.10", 50_000))

    @property
    def cookie(self) -> str:
        """The session's; "" is nobody's."""
        return self.cookies.get(cookie_name(), "")

    def get(self, path: str, **more: Any) -> httpx.Response:
        return asyncio.run(self._send("GET", path, more))

    def post(self, path: str, **more: Any) -> httpx.Response:
        """`json=` for the API, `data=` for a page's form."""
        return asyncio.run(self._send("POST", path, more))

    def send(self, path: str, **fields: str) -> httpx.Response:
        """Post a page's plain form."""
        return self.post(path, data=fields)

    async def _send(self, method: str, path: str, more: dict[str, Any]) -> httpx.Response:
        async with httpx.AsyncClient(
            transport=self._transport, base_url=HERE, headers={"Origin": self.origin}, cookies=self.cookies
        ) as client:
            answer = await client.request(method, path, **more)
            self.cookies = client.cookies
            return answer


def signed_in(username: str, password: str, next_page: str = "/board") -> tuple[PageClient, str]:
    """(the client, where the login led)."""
    opened = PageClient()
    answer = opened.send("/api/session", username=username, password=password, next=next_page)
    return opened, answer.headers["location"]
