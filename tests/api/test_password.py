"""The form of one's own password: a cookie with a new id, or a code that the page has a sentence for."""

from __future__ import annotations

import pytest

from hospital_ops.domain.access import Role
from hospital_ops.domain.accounts import WEAK
from hospital_ops.pages.password import PROBLEMS
from hospital_ops.services import accounts
from hospital_ops.services.accounts import NewAccount
from tests.cast import PASSWORD, Cast
from tests.page_client import PageClient, signed_in

MINE = "seven otters under the bridge"


PATH = "/api/session/password"


def test_a_first_password_leads_to_the_page_and_a_new_one_home(cast: Cast) -> None:
    told = accounts.create_account(cast.admin, NewAccount("nora.new", "Nora Newman", Role.NURSE))
    opened, went_to = signed_in("nora.new", told.password)
    assert went_to == "/password"  # Wherever they wanted to go.
    answer = opened.send(PATH, current=told.password, new=MINE, again=MINE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/board")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert accounts.actor_of_session(opened.cookie)


@pytest.mark.parametrize(
    ("current", "new", "again", "problem"),
    [
        (PASSWORD, MINE, MINE + "x", "differ"),
        ("not the one", MINE, MINE, "wrong"),
        (PASSWORD, "short", "short", "password_short"),
        (PASSWORD, PASSWORD, PASSWORD, "password_same"),
        (PASSWORD, "daria likes rivers", "daria likes rivers", "password_near"),
        (PASSWORD, "x y " * 200, "x y " * 200, "password_common"),
    ],
)
def test_what_is_wrong_is_said_on_the_page(cast: Cast, current: str, new: str, again: str, problem: str) -> None:
    opened, _ = signed_in("doctor", PASSWORD)
    answer = opened.send(PATH, current=current, new=new, again=again)
    assert answer.headers["location"] == f"/password?problem={problem}"
    assert problem in PROBLEMS
    assert set(WEAK) <= set(PROBLEMS)


def test_without_a_session_or_from_another_site_nothing_changes(cast: Cast) -> None:
    fields = {"current": PASSWORD, "new": MINE, "again": MINE}
    assert PageClient().send(PATH, **fields).headers["location"] == "/login?problem=signed_out"
    opened, _ = signed_in("doctor", PASSWORD)
    opened.origin = "https://evil.example"
    assert opened.send(PATH, **fields).headers["location"] == "/login?problem=origin"
    assert accounts.sign_in("doctor", PASSWORD, address="192.0.2.1")
