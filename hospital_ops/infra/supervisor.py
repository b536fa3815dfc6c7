"""One supervisor for everything that runs: start, restart with back-off, rotate logs, stop in order.

It runs in one thread on purpose: the kernel ties a child's death signal to the thread that started it.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from hospital_ops.infra.processes import end, spawn, sweep

TICK_SECONDS = 0.1
FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0
# After running this long, a crash counts as the first one again.
STEADY_SECONDS = 60.0
ROTATE_EVERY_SECONDS = 30.0
LARGEST_LOG_BYTES = 10 * 1024 * 1024
KEPT_LOGS = 3


class Managed(Protocol):
    """What can be supervised: our programs, and the embedded servers of infra/embedded.py."""

    log: Path
    process: subprocess.Popen[bytes] | None

    def begin(self) -> None: ...
    def stop(self) -> None: ...


@dataclass
class Program:
    """One of our own processes. It is asked to stop by `stop_signal` and has `patience_seconds` to finish."""

    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    log: Path
    folder: Path
    stop_signal: signal.Signals = signal.SIGTERM
    patience_seconds: float = 5
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def begin(self) -> None:
        self.process = spawn(
            self.command, log=self.log, env=self.environment, cwd=self.folder, death_signal=self.stop_signal
        )

    def stop(self) -> None:
        if self.process is not None:
            end(self.process, self.stop_signal, self.patience_seconds)
            self.process = None


@dataclass
class _Watch:
    """What the supervisor remembers about one process."""

    managed: Managed
    began_at: float
    stops_early: bool = False
    failures: int = 0
    again_at: float | None = None


class Supervisor:
    """Holds everything that was started, in the order of starting. As a context manager it stops all of it."""

    def __init__(self, say: Callable[[str], None], first_delay_seconds: float = FIRST_DELAY_SECONDS) -> None:
        self._say = say
        self._first_delay = first_delay_seconds
        self._watched: dict[str, _Watch] = {}
        self._rotated_at = time.monotonic()

    def __enter__(self) -> Supervisor:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_all()

    def start(self, name: str, managed: Managed, stops_early: bool = False) -> None:
        """Start and watch. Stopping goes in the opposite order of starting, those that stop early before all others."""
        watch = _Watch(managed, time.monotonic(), stops_early)
        self._watched[name] = watch
        managed.begin()

    def failures(self, name: str) -> int:
        """How often in a row it has ended by itself."""
        return self._watched[name].failures

    def pids(self) -> dict[str, int]:
        """Process ids of what runs now, by name."""
        running = {name: watch.managed.process for name, watch in self._watched.items()}
        return {name: process.pid for name, process in running.items() if process and process.poll() is None}

    def watch_for(self, seconds: float) -> None:
        """Watch for so long. A KeyboardInterrupt (Ctrl-C, or SIGTERM by the caller's handler) ends it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.look()
            time.sleep(TICK_SECONDS)

    def look(self) -> None:
        """One look: restart what is due, note what ended, rotate what has grown."""
        now = time.monotonic()
        for name, watch in self._watched.items():
            if watch.again_at is not None:
                self._restart_when_due(name, watch, now)
            elif watch.managed.process is not None and watch.managed.process.poll() is not None:
                self._note_end(name, watch, now)
        if now - self._rotated_at > ROTATE_EVERY_SECONDS:
            self._rotated_at = now
            for watch in self._watched.values():
                rotate(watch.managed.log)

    def _note_end(self, name: str, watch: _Watch, now: float) -> None:
        process = watch.managed.process
        assert process is not None
        sweep(process)
        watch.failures = 1 if now - watch.began_at > STEADY_SECONDS else watch.failures + 1
        delay = min(LONGEST_DELAY_SECONDS, self._first_delay * 2 ** (watch.failures - 1))
        watch.again_at = now + delay
        how, log = _manner(process.returncode), watch.managed.log
        self._say(f"{name} ended ({how}); it starts again in {delay:.1f} s. Its log: {log}")

    def _restart_when_due(self, name: str, watch: _Watch, now: float) -> None:
        if watch.again_at is not None and now >= watch.again_at:
            watch.began_at, watch.again_at = now, None
            watch.managed.begin()
            self._say(f"{name} was started again.")

    def stop_all(self) -> None:
        """Stop everything, last started first: web before worker, worker before the servers that it needs."""
        last_first = list(self._watched.items())[::-1]
        order = sorted(last_first, key=lambda named: not named[1].stops_early)
        self._watched = {}
        for _, watch in order:
            watch.managed.stop()


def _manner(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def rotate(log: Path, largest_bytes: int = LARGEST_LOG_BYTES) -> None:
    """Move a log aside when it has grown. The writer appends, so emptying the file under it is safe."""
    if not log.exists() or log.stat().st_size < largest_bytes:
        return
    for number in range(KEPT_LOGS - 1, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number + 1}"))
    shutil.copy2(log, log.with_name(f"{log.name}.1"))
    with open(log, "r+b") as emptied:
        emptied.truncate(0)


def last_line(log: Path) -> str:
    """What a process said last, for a sentence."""
    try:
        lines = [line.strip() for line in log.read_text(errors="replace").splitlines()]
    except OSError:
        return "it wrote no log"
    # Our own commands end with a sentence that only points to the lines above it.
    said = [line for line in lines if line and not line.startswith("hospital:")]
    return said[-1] if said else "it wrote no log"
