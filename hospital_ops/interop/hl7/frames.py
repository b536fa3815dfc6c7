"""Where one message ends and the next begins: MLLP frames, or messages one after another in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

BEGIN, END = b"\x0b", b"\x1c"
_HEADER = re.compile(rb"(?:^|(?<=[\r\n\xbf]))MSH(?=[^\w\s])")


def messages(data: bytes) -> Iterator[bytes]:
    """Each message's bytes, segments ending in a carriage return. What stands between frames is not part of any."""
    framed = BEGIN in data
    for part in data.split(BEGIN)[1:] if framed else _by_header(data):
        body = part.split(END, 1)[0].strip(b"\r\n \t\x00\x1a")
        if body:
            yield re.sub(rb"\r\n|\n", b"\r", body) + b"\r"


def _by_header(data: bytes) -> Iterator[bytes]:
    starts = [found.start() for found in _HEADER.finditer(data)]
    ends = [*starts, len(data)]
    before = data[: ends[0]]
    if before.strip(b"\r\n \t\xef\xbb\xbf"):
        yield before  # no message, and whoever reads it says so
    for start, end in pairwise(ends):
        yield data[start:end]
