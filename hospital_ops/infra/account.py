"""Whom a server runs as. PostgreSQL refuses root, so under root it gets an account without login or rights."""

from __future__ import annotations

import os
import stat
import subprocess
from functools import lru_cache
from pathlib import Path

NAME = "hospital-ops"


@lru_cache(maxsize=1)
def for_servers() -> str | None:
    """The account to run PostgreSQL as: None (ourselves) except under root, where one is made if need be."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd

    for name in (NAME, "nobody"):
        try:
            pwd.getpwnam(name)
            return name
        except KeyError:
            made = _make(name)
            if made:
                return name
    raise LookupError("PostgreSQL must not run as root, and no other account could be made.")


def _make(name: str) -> bool:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def open_the_way(*paths: Path) -> None:
    """Let that account pass through (not read) the folders above `paths`: +x for others where it is missing."""
    for path in paths:
        for folder in path.resolve().parents:
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH:
                folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
