"""What a person sees while `up` works: steps with a spinner and a time on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Steps:
    """Says what is being done, and how long each step took. `seconds` keeps the times by step."""

    def __init__(self) -> None:
        from rich.console import Console

        self.console = Console(highlight=False)
        self.started = time.monotonic()
        self.seconds: dict[str, float] = {}

    @property
    def terminal(self) -> bool:
        return bool(self.console.is_terminal)

    def say(self, text: str) -> None:
        self.console.print(text, soft_wrap=True)

    def warn(self, text: str) -> None:
        """A line for what went wrong by itself while running."""
        self.console.print(f"{time.strftime('%H:%M:%S')} {text}", markup=False, soft_wrap=True)

    @contextmanager
    def step(self, what: str, done: str = "") -> Iterator[None]:
        """One step of unknown length."""
        began = time.monotonic()
        if self.terminal:
            with self.console.status(what):
                yield
        else:
            self.say(f"… {what}")
            yield
        self._finish(what, done, began)

    def wait(self, what: str, usual_seconds: float, finished: Callable[[], bool], done: str = "") -> None:
        """One step with a bar that moves at its usual speed and stays short of the end until it is there."""
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        began = time.monotonic()
        if not self.terminal:
            self.say(f"… {what} (about {usual_seconds:.0f} s)")
        columns: tuple[Any, ...] = (SpinnerColumn(), TextColumn(what), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console, transient=True, disable=not self.terminal) as bar:
            task = bar.add_task(what, total=1.0)
            while not finished():
                share = (time.monotonic() - began) / usual_seconds
                bar.update(task, completed=share / (1 + share) if share > 0.7 else share * 0.59)
                time.sleep(0.1)
        self._finish(what, done, began)

    def _finish(self, what: str, done: str, began: float) -> None:
        took = self.seconds[what] = time.monotonic() - began
        self.console.print(f"[green]✓[/] {done or what} [dim]{took:.1f} s[/]", soft_wrap=True)

    def total(self) -> float:
        return time.monotonic() - self.started


@contextmanager
def bar(what: str, stderr: bool = False) -> Iterator[Callable[[float, str], None]]:
    """A bar for work that says how far it is: call what comes back with (fraction, words). `stderr` keeps stdout clean."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console, began = Console(highlight=False, stderr=stderr), time.monotonic()
    columns: tuple[Any, ...] = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as drawn:
        task = drawn.add_task(what, total=1.0)

        def show(fraction: float, words: str) -> None:
            drawn.update(task, completed=fraction, description=words)
            if not console.is_terminal:
                console.print(f"  {fraction * 100:3.0f} %  {words}", soft_wrap=True)

        yield show
    console.print(f"[green]✓[/] {what} [dim]{time.monotonic() - began:.1f} s[/]", soft_wrap=True)


def flush() -> None:
    """Before a child writes to the same terminal."""
    sys.stdout.flush()
    sys.stderr.flush()
