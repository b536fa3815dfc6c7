"""One JSON call to another system, bounded: so many seconds, so many bytes, no redirects, no files."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any

MOST_BYTES = 256 * 1024


class CallFailed(Exception):
    """No answer in time, or none that is JSON. The words name the kind of failure and nothing that was sent."""


class _Stay(urllib.request.HTTPRedirectHandler):
    """A patient's data goes to the address that was configured and to no other."""

    def redirect_request(self, *_: object) -> None:
        return None


def post_json(url: str, body: Any, *, headers: Mapping[str, str], seconds: float) -> Any:
    """The JSON that `url` answers, whatever its status. Raises CallFailed."""
    if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
        raise CallFailed("not an address that can be called")
    request = urllib.request.Request(url, json.dumps(body).encode(), dict(headers), method="POST")  # noqa: S310 - above
    opener = urllib.request.build_opener(_Stay)
    try:
        with opener.open(request, timeout=seconds) as answer:
            return _json(answer.read(MOST_BYTES + 1))
    except urllib.error.HTTPError as refused:
        with refused:
            return _json(refused.read(MOST_BYTES + 1))
    except (OSError, http.client.HTTPException) as away:
        raise CallFailed(type(away).__name__) from away


def _json(content: bytes) -> Any:
    if len(content) > MOST_BYTES:
        raise CallFailed("too long an answer")
    try:
        return json.loads(content)
    except ValueError as broken:
        raise CallFailed("not JSON") from broken
