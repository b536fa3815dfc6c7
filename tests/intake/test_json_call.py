"""A call to another system is bounded: it follows nobody elsewhere, reads no endless answer, and fails in words without data."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hospital_ops.infra.json_call import MOST_BYTES, CallFailed, post_json

# path → (status, headers, body)
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/good": (200, {}, b'{"said": "yes"}'),
    "/refused": (422, {}, b'{"said": "no"}'),
    "/elsewhere": (307, {"Location": "/good"}, b""),
    "/endless": (200, {}, b'"' + b"x" * MOST_BYTES + b'"'),
    "/page": (200, {}, b"<html>busy</html>"),
}


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        status, headers, body = ANSWERS[self.path]
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("path", "said"), [("/good", "yes"), ("/refused", "no")])
def test_json_is_an_answer_whatever_its_status(url: str, path: str, said: str) -> None:
    assert post_json(url + path, {}, headers={}, seconds=5) == {"said": said}


@pytest.mark.parametrize("path", ["/elsewhere", "/endless", "/page"])
def test_anything_else_is_none(url: str, path: str) -> None:
    with pytest.raises(CallFailed) as failed:
        post_json(url + path, {"name": "Sandoval"}, headers={}, seconds=5)
    assert "Sandoval" not in str(failed.value)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/x", "127.0.0.1/x"])
def test_only_the_web_is_called(address: str) -> None:
    with pytest.raises(CallFailed):
        post_json(address, {}, headers={}, seconds=1)
