"""`web`: the web process alone. Granian serves pages, API and socket of the built app on one port."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from typing import Any

APP = "hospital_ops.hospital_ops:app"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="default: HOSPITAL_PORT or 3000")
    parser.add_argument("--host", help="default: HOSPITAL_HOST or 127.0.0.1")


def run(args: argparse.Namespace) -> int:
    for name in ("port", "host"):
        if getattr(args, name):
            os.environ[f"HOSPITAL_{name.upper()}"] = str(getattr(args, name))
    from hospital_ops.config import ROOT, get_settings
    from hospital_ops.infra.frontend import QUIET, SERVE_BUILT

    os.environ |= SERVE_BUILT | QUIET
    os.chdir(ROOT)  # Reflex looks for rxconfig.py and .web where it is started.
    sys.path.insert(0, str(ROOT))
    _serve(get_settings())
    return 0


def _serve(settings: Any) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    _bind_forks_to_us()
    Server(
        target=APP,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=1,
        workers_kill_timeout=3,
        # More than one would need states in Redis only; a second *process* on another port is how we add one.
        **_tls(settings),
    ).serve()


def _tls(settings: Any) -> dict[str, Any]:
    if not settings.https:
        return {}
    import datetime

    from hospital_ops.infra import certificate

    names = certificate.names_of_this_host(settings.host)
    cert, key = certificate.ensure(settings.data_dir, names, datetime.datetime.now(datetime.UTC))
    return {"ssl_cert": cert, "ssl_key": key}


def _bind_forks_to_us() -> None:
    """Granian's worker outlives a killed Granian otherwise, and keeps the port."""
    if sys.platform != "linux":
        return
    from hospital_ops.infra.processes import bind_to_parent

    os.register_at_fork(after_in_child=bind_to_parent(signal.SIGKILL))
