"""The pages: stale exactly when a source changed, and talking to the address they came from."""

from __future__ import annotations

from pathlib import Path

import pytest
from reflex_base.constants import Templates

from hospital_ops.infra import frontend
from hospital_ops.infra.same_origin import MARK, STATE_JS, talk_to_own_origin

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in (
        "rxconfig.py",
        "hospital_ops/hospital_ops.py",
        "hospital_ops/pages/board.py",
        "hospital_ops/ml/train.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "theme.css").write_text("a {}")
    return tmp_path


@pytest.mark.parametrize("name", ["rxconfig.py", "hospital_ops/pages/board.py", "assets/theme.css"])
def test_a_changed_source_makes_the_pages_stale(project: Path, name: str) -> None:
    before = frontend.fingerprint(project)
    (project / name).write_text("two")
    assert frontend.fingerprint(project) != before


def test_a_new_page_makes_them_stale(project: Path) -> None:
    before = frontend.fingerprint(project)
    (project / "hospital_ops" / "pages" / "wall.py").write_text("one")
    assert frontend.fingerprint(project) != before


def test_a_model_does_not(project: Path) -> None:
    before = frontend.fingerprint(project)
    (project / "hospital_ops" / "ml" / "train.py").write_text("two")
    assert frontend.fingerprint(project) == before


def test_every_source_named_exists() -> None:
    missing = [name for name in frontend.SOURCES if not (ROOT / "hospital_ops" / name).exists()]
    assert missing == [], "a folder that moved would no longer make the pages stale"


def reflexs_state_js() -> str:
    return (Path(str(Templates.Dirs.WEB_TEMPLATE)) / STATE_JS).read_text()


def test_reflexs_own_file_is_changed_in_the_one_place() -> None:
    changed = talk_to_own_origin(reflexs_state_js())
    assert changed.count("export const getBackendURL") == 1
    assert "window.location.port" in changed
    assert "Assume websocket is on https port" not in changed


def test_changing_it_twice_changes_nothing_more() -> None:
    once = talk_to_own_origin(reflexs_state_js())
    assert talk_to_own_origin(once) == once
    assert once.count(MARK) == 1


def test_a_reflex_that_moved_it_is_refused() -> None:
    with pytest.raises(RuntimeError, match="same_origin"):
        talk_to_own_origin("export const somethingElse = 1;\n")
