"""What a process has loaded stays for as long as it runs."""

from __future__ import annotations

import gc


def settle() -> None:
    """Spare the collector what is loaded by now: it would walk some 200,000 objects again and again, and stop everybody
    for a tenth of a second each time. For a process that serves, once, when all is imported."""
    gc.collect()
    gc.freeze()
