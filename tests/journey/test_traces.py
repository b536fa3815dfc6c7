"""The canary's search finds what it should: a search that finds nothing proves nothing by itself."""

from __future__ import annotations

import base64
import json
import pickle
from pathlib import Path

import pytest

from tests.journey.traces import files_under, found

WORD = "Quillonia"
LEFT_BEHIND = {
    "as written": b"first_name=Quillonia;",
    "in capitals": b"QUILLONIA VEXMOOR",
    "in a pickle": pickle.dumps({"who": WORD}),
    "in UTF-16": "to Quillonia".encode("utf-16-le"),
    **{f"in base64 after {n}": base64.b64encode(b"x" * n + WORD.encode() + b" and more") for n in range(6)},
    "in a Celery body": base64.b64encode(json.dumps([[{"who": WORD}], {}, {}]).encode()),
}


@pytest.mark.parametrize("how", LEFT_BEHIND)
def test_a_word_left_behind_is_found(how: str, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"\0" * 5000 + LEFT_BEHIND[how] + b"\0" * 50)
    assert found(files_under(tmp_path), {"name": WORD}) == ["name in deep/file"]


def test_an_escaped_word_is_found() -> None:
    places = [("json", json.dumps("Núñez Íñigo").encode()), ("url", b"/x?who=N%C3%BA%C3%B1ez%20%C3%8D%C3%B1igo")]
    assert found(places, {"name": "Núñez Íñigo"}) == ["name in json", "name in url"]


def test_other_words_are_not(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"Quill and Ink, Quilonia")
    assert found(files_under(tmp_path), {"name": WORD}) == []
