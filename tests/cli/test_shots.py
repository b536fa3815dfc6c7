"""`shots` knows every page of the server, and for each a demo account that may open it."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from hospital_ops.commands import shots
from hospital_ops.domain.access import PERMISSIONS, Role
from hospital_ops.exits import Exit, Refusal
from hospital_ops.infra import data_folder
from hospital_ops.sim.cast import DEMO_ACCOUNTS
from hospital_ops.state.routes import ROUTES

ROLES = {account.username: Role(account.role) for account in DEMO_ACCOUNTS}


def asked(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    shots.add_arguments(parser)
    return parser.parse_args(list(words))


def test_every_page_is_taken_by_somebody_who_may_open_it() -> None:
    taken = shots.pages()
    assert list(taken) == [route.path for route in ROUTES]
    for route in ROUTES:
        if route.permission is not None:
            assert route.permission in PERMISSIONS[ROLES[taken[route.path]]], route.path


def test_a_first_page_is_taken_by_those_whose_it_is() -> None:
    taken = shots.pages()
    assert {path: taken[path] for path in ("/board", "/tasks", "/desk", "/staffing")} == {
        "/board": "manager",
        "/tasks": "housekeeper",
        "/desk": "desk",
        "/staffing": "staffing",
    }
    assert taken["/intake"] == taken["/login"] == ""


def test_no_two_pages_have_the_same_picture() -> None:
    names = [shots._name(path) for path in shots.pages()]
    assert len(set(names)) == len(names)


def test_an_unknown_page_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="There is no page /nowhere") as refusal:
        shots.run(asked(str(tmp_path / "pictures"), "--page", "/nowhere"))
    assert refusal.value.code == Exit.FAILED


def test_without_a_running_hospital_it_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="start one with hospital up") as refusal:
        shots.run(asked(str(tmp_path / "pictures"), "--data", str(tmp_path)))
    assert refusal.value.code == Exit.SERVER_AWAY
    assert not (tmp_path / "pictures").exists()


def test_without_playwright_it_says_where_it_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_folder, "running", lambda _: {"reach": "http://127.0.0.1:1", "database_url": ""})
    monkeypatch.setattr(shots, "find_spec", lambda _: None)
    with pytest.raises(Refusal, match=r"pip install -r requirements-dev\.txt") as refusal:
        shots.run(asked(str(tmp_path / "pictures"), "--data", str(tmp_path)))
    assert refusal.value.code == Exit.NOT_HERE_YET
    assert not (tmp_path / "pictures").exists()
