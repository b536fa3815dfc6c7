"""A simulated payer: an HTTP server that answers eligibility in FHIR, as a clearing house would. Nobody real is behind it.

What it says depends on the member number's end alone, so that a newcomer can see each answer (docs/intake.md).
"""

from __future__ import annotations

import json
import logging
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from hospital_ops.config import LOOPBACK, get_settings
from hospital_ops.domain.eligibility import Coverage, Inquiry, PayerAway, Reply, payer_key
from hospital_ops.interop.eligibility import CONTENT_TYPE, inquiry_of, response_of

log = logging.getLogger("hospital_ops.sim.payer")
MOST_BYTES = 64 * 1024
# It stands for a clearing house that knows every insurance but these.
UNSUPPORTED = frozenset(payer_key(name) for name in ("Out of Network Mutual", "Cash", "None"))
# End of the member number → what is said.
ENDS: dict[str, Reply] = {
    "00": Reply(Coverage.INACTIVE, plan="PPO Gold", until="2026-06-30"),
    "44": Reply(Coverage.NOT_RECOGNISED),
    "55": Reply(Coverage.INFORMATION_MISSING),
}
SILENT = "99"
SILENT_SECONDS = 60.0
_SHORTEST_NUMBER = 5


def decide(inquiry: Inquiry) -> Reply:
    """The answer to a question; the same one for the same question."""
    number = "".join(c for c in inquiry.member_id if c.isalnum())
    if payer_key(inquiry.payer) in UNSUPPORTED:
        return Reply(Coverage.PAYER_UNSUPPORTED)
    if len(number) < _SHORTEST_NUMBER:
        return Reply(Coverage.NOT_RECOGNISED)
    return ENDS.get(
        number[-2:], Reply(Coverage.VERIFIED, plan="PPO Gold", until="2027-12-31", reference=f"E{len(number)}-1")
    )


class _Handler(BaseHTTPRequestHandler):
    server_version = "simulated-payer"

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        if not self.path.endswith("$submit") or size > MOST_BYTES:
            return self._answer(404, {"resourceType": "OperationOutcome"})
        try:
            inquiry = inquiry_of(json.loads(self.rfile.read(size)))
        except (PayerAway, ValueError):
            return self._answer(400, {"resourceType": "OperationOutcome"})
        if inquiry.member_id.endswith(SILENT):
            self.server.stopped.wait(SILENT_SECONDS)  # type: ignore[attr-defined]
        return self._answer(200, response_of(decide(inquiry), day=time.strftime("%Y-%m-%d")))

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", CONTENT_TYPE)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the library would write a line for each call."""


class SimulatedPayer(ThreadingHTTPServer):
    """Listens on the loopback alone. `url` is its address; `close()` ends it, silent answers included."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.stopped = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def close(self) -> None:
        self.stopped.set()
        self.shutdown()
        self.server_close()


def main() -> None:
    """Serve at HOSPITAL_PAYER_URL until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    address = urlsplit(get_settings().payer_url)
    if address.hostname not in LOOPBACK or address.port is None:
        raise SystemExit("The simulated payer needs HOSPITAL_PAYER_URL on this machine's loopback, with a port.")
    log.info("a simulated payer answers")
    SimulatedPayer(address.port).serve_forever()


if __name__ == "__main__":
    main()
