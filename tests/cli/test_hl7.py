"""`./hospital hl7 FILE …`: a hospital tries its own feed, without a database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hospital_ops.cli import main
from hospital_ops.exits import Exit
from tests.interop import flow
from tests.interop.test_hl7_feed import framed

PROFILE = 'authority = "NORTH"\n'


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    told = flow.Flow(1).run(80)
    (tmp_path / "feed.mllp").write_bytes(framed([*told.messages, told.messages[0], b"hello"]))
    (tmp_path / "site.toml").write_text(PROFILE)
    return tmp_path


def test_one_document_says_who_lies_where_and_names_nobody(feed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = flow.Flow(1).run(80)
    assert main(["hl7", str(feed / "feed.mllp"), "--profile", str(feed / "site.toml"), "--json"]) == Exit.OK
    text = capsys.readouterr().out
    found = json.loads(text)
    wards = [bed[0] for bed in told.lying.values()]
    assert found["occupied_beds"] == {ward: wards.count(ward) for ward in sorted(set(wards))}
    assert sum(found["messages"].values()) == len(told.messages)
    assert (found["came_twice"], [one["code"] for one in found["refused"]]) == (1, [100])
    assert found["visits"]["told_of"] >= len(told.lying)
    assert "Ana" not in text
    assert "Söhne" not in text


def test_without_json_a_person_reads_it(feed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hl7", str(feed / "feed.mllp"), "--profile", str(feed / "site.toml")]) == Exit.OK
    text = capsys.readouterr().out
    assert "1 came twice, 1 refused" in text
    assert "feed.mllp, message" in text


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (["absent.hl7"], "cannot be read: No such file"),
        (["empty.hl7"], "There is no message in empty.hl7"),
        (["feed.mllp", "--profile", "feed.mllp"], "is no profile of a feed"),
        (["feed.mllp", "--profile", "wrong.toml"], "wrong.toml is no profile of a feed. zone should be"),
    ],
)
def test_what_cannot_be_used_ends_with_a_sentence(
    feed: Path, capsys: pytest.CaptureFixture[str], files: list[str], words: str
) -> None:
    (feed / "empty.hl7").write_bytes(b"\r\n")
    (feed / "wrong.toml").write_text('zone = "Mars"')
    given = [one if one.startswith("-") else str(feed / one) for one in files]
    assert main(["hl7", *given]) == Exit.DATA_REFUSED
    assert words in capsys.readouterr().err
