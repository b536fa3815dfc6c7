"""Decoding a stranger's file in a process of its own: little memory, little time, no keys, no files, then gone.

A decoder is the largest piece of foreign code that an upload can reach. `clean_picture` runs `images.sanitise` in a
child that cannot write a file and has nothing of ours in its environment; whatever kills it is one damaged photo.
"""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
from dataclasses import dataclass

from PIL import Image

from hospital_ops.config import ROOT
from hospital_ops.infra.images import SENTENCES, BadImage, sanitise

MEMORY_BYTES = 1536 * 1024 * 1024  # 25 megapixels in three copies, and the libraries
CPU_SECONDS = 20
PATIENCE_SECONDS = 40.0
REFUSED = 3
# What Python and its libraries need to start. Keys and addresses of ours stay behind.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT")


@dataclass(frozen=True, slots=True)
class Clean:
    """A JPEG of our own making; width and height in pixels."""

    content: bytes
    width: int
    height: int


def clean_picture(raw: bytes) -> Clean:
    """The upload as a clean JPEG. Raises BadImage, whatever its bytes do to the decoder."""
    env = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    command = [sys.executable, "-m", "hospital_ops.infra.contained"]
    try:
        child = subprocess.run(
            command, input=raw, capture_output=True, env=env, cwd=ROOT, timeout=PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as slow:
        raise BadImage("damaged") from slow
    if child.returncode != 0:
        code = child.stderr.decode(errors="replace").strip() if child.returncode == REFUSED else ""
        raise BadImage(code if code in SENTENCES else "damaged")
    with Image.open(io.BytesIO(child.stdout), formats=["JPEG"]) as picture:
        return Clean(child.stdout, *picture.size)


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> int:
    """In the child: bytes in, JPEG out; the code of a refusal on stderr."""
    _limit()
    try:
        sys.stdout.buffer.write(sanitise(sys.stdin.buffer.read()))
    except BadImage as bad:
        print(bad.code, file=sys.stderr)
        return REFUSED
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
