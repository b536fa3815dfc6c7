"""Starting and ending processes so that none is ever left over.

Each child leads its own process group: Ctrl-C in the terminal reaches the supervisor alone, and a group can be ended
whole. On Linux the kernel itself signals a child whose parent dies, even by kill -9.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def bind_to_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """What a child calls right after its fork, so that it ends when we do. Nothing where the kernel cannot."""
    parent = os.getpid()

    def in_child() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # The parent died between fork and prctl.
            os._exit(1)

    return in_child


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path | int | IO[Any],
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: str | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in its own group, its output appended to `log`.

    `account` is another user to run as (root only). Call from a thread that lives as long as the child should:
    the kernel sends `death_signal` when the starting *thread* ends.
    """
    out = open(log, "ab") if isinstance(log, Path) else log  # noqa: SIM115 - closed below
    try:
        # preexec_fn runs after the change of user: the kernel forgets the death signal at a change of user.
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=cwd,
            user=account,
            group=account and _group_of(account),
            extra_groups=[] if account else None,
            process_group=0,
            preexec_fn=bind_to_parent(death_signal),
        )
    finally:
        if isinstance(log, Path):
            out.close()  # type: ignore[union-attr]


def _group_of(account: str) -> int:
    import pwd

    return pwd.getpwnam(account).pw_gid


def end(process: subprocess.Popen[bytes], first: signal.Signals = signal.SIGTERM, patience_seconds: float = 10) -> int:
    """Ask a child to stop, wait, then kill what is left of its group. Returns its exit code."""
    if process.poll() is None:
        process.send_signal(first)
        try:
            process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    sweep(process)
    return process.wait()


def sweep(process: subprocess.Popen[bytes]) -> None:
    """Kill what a child left in its group: a pool's workers after their parent was killed."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
