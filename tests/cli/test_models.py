"""`models` and `activate` at the command line: files only to look, one sentence to refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hospital_ops import cli
from hospital_ops.exits import Exit
from hospital_ops.services import releases
from tests.cast import Cast
from tests.services.test_releases import KIND, folder, release

__all__ = ["folder"]


def test_models_lists_and_writes_cards(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    version = release(folder, coverage=0.6)
    assert cli.main(["models", "--json", "--card", str(tmp_path / "cards")]) == Exit.OK
    row = json.loads(capsys.readouterr().out)[0]
    assert (row["name"], row["release"], row["active"], row["stays"]) == (KIND, version, False, 900)
    assert row["gate"]["passed"] is False
    assert (tmp_path / "cards" / f"{KIND}-{version}.md").read_text().startswith("# Length of stay")
    assert cli.main(["models"]) == Exit.OK
    assert "gate: failed" in capsys.readouterr().out
    (folder / KIND / version / "release.json").write_text("{")
    assert cli.main(["models", "--card", str(tmp_path / "more")]) == Exit.OK
    assert f"The description of release {version} is missing or unreadable." in capsys.readouterr().out
    assert not list((tmp_path / "more").iterdir())


def test_activate_serves_refuses_and_goes_back(cast: Cast, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, better, bad = release(folder), release(folder, 1), release(folder, 2, coverage=0.6)
    assert cli.main(["activate", "length-of-stay", good]) == Exit.OK
    assert cli.main(["activate", KIND, bad]) == Exit.RELEASE_REFUSED
    assert "held 60%" in capsys.readouterr().err
    assert cli.main(["activate", KIND, "none"]) == Exit.RELEASE_REFUSED
    assert cli.main(["activate", KIND]) == Exit.USAGE
    assert cli.main(["activate", KIND, better]) == Exit.OK
    assert cli.main(["activate", KIND, "--back"]) == Exit.OK
    assert [one.version for one in releases.releases(cast.admin) if one.active] == [good]
