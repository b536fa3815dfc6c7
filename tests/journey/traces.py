"""The canary's search: where a planted word can be read, in the bytes that a house leaves behind.

    assert found({"data": folder}, Word("name", "Quillonia")) == []

A word is looked for as people write it, in any case, as JSON and URLs escape it, as UTF-16, and inside base64 at each of
its three alignments, which is how Celery's messages and many cookies carry text.
"""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path


def shapes(word: str) -> list[bytes]:
    """What the word looks like in bytes, in lower case."""
    plain = {word, json.dumps(word)[1:-1], urllib.parse.quote(word), urllib.parse.quote_plus(word)}
    return [form.encode().lower() for form in sorted(plain)] + [word.lower().encode("utf-16-le")]


def encoded(word: str) -> list[bytes]:
    """What it looks like inside base64, where case counts."""
    return [inner for form in (word, word.upper(), word.lower()) for inner in _inside_base64(form.encode())]


def _inside_base64(word: bytes) -> Iterator[bytes]:
    """The part of the encoded word that does not depend on its neighbours, for each alignment."""
    for lead in range(3):
        whole = base64.b64encode(b"\0" * lead + word)
        start = (0, 2, 3)[lead]
        # The last group may hold padding or half of the next byte.
        yield whole[start : (len(whole) // 4 - 1) * 4]


def files_under(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every regular file below a folder, with its bytes. One that goes while we look is gone."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            try:
                yield str(path.relative_to(folder)), path.read_bytes()
            except FileNotFoundError:
                continue


def found(places: Iterable[tuple[str, bytes]], words: Mapping[str, str]) -> list[str]:
    """ "word in place" for each word that can be read somewhere. `words`: what it is → the word itself."""
    forms = {name: (shapes(word), encoded(word)) for name, word in words.items()}
    hits = []
    for place, content in places:
        lowered = content.lower()
        for name, (plain, inside) in forms.items():
            if any(form in lowered for form in plain) or any(form in content for form in inside):
                hits.append(f"{name} in {place}")
    return sorted(hits)
