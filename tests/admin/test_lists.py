"""What whoever manages accounts sees: the list, one account, the house; and that each change names its panel."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hospital_ops.config import Settings
from hospital_ops.domain.access import Role
from hospital_ops.domain.errors import Invalid
from hospital_ops.infra import models_folder
from hospital_ops.infra.db import new_session
from hospital_ops.models import SecondFactor
from hospital_ops.queries.accounts import accounts_value, managed_value
from hospital_ops.queries.clock import real_now
from hospital_ops.queries.house import DOES, house_value, settings_in_force
from hospital_ops.services import accounts, second_factor
from hospital_ops.services.accounts import Access, NewAccount
from hospital_ops.services.own_password import choose_password
from hospital_ops.state.admin import given_access, seen_access
from hospital_ops.state.topic_table import TOPICS
from hospital_ops.state.topics import channel_for
from tests.cast import PASSWORD, PEOPLE, Cast
from tests.state.test_announced import TIME, newest_event, topics_announced, without

HERE = "192.0.2.10"


def row(username: str) -> dict[str, object]:
    return next(one for one in accounts_value()["accounts"] if one["username"] == username)


def test_everybody_is_there_by_name_with_role_and_wards(cast: Cast) -> None:
    value = accounts_value()
    assert [one["name"] for one in value["accounts"]] == sorted((p[0] for p in PEOPLE.values()), key=str.casefold)
    assert row("nurse")["where"] == "east"
    assert row("hugo")["where"] == row("manager")["where"] == "all wards"
    assert value["counts"]["all"] == len(PEOPLE)


def test_a_list_of_wards_stays_short(cast: Cast) -> None:
    from hospital_ops.queries.accounts import _where

    assert _where(Role.NURSE, ["1A", "1B", "2A", "2B", "3A"], 12) == "5 wards: 1A, 1B, 2A…"
    assert _where(Role.NURSE, [], 12) == ""


def test_states_and_kinds(cast: Cast) -> None:
    accounts.create_account(cast.admin, NewAccount("nora.new", "Nora New", Role.NURSE))
    accounts.deactivate(cast.admin, cast.people["porter"])
    accounts.sign_in("doctor", PASSWORD, address=HERE)
    assert (row("nora.new")["state"], row("porter")["state"], row("nurse")["state"]) == ("first", "closed", "open")
    assert row("doctor")["kinds"] == ["open", "able", "signed_in"]
    assert row("doctor")["signed_in_at"]
    counts = accounts_value()["counts"]
    assert (counts["signed_in"], counts["first"], counts["closed"]) == (1, 1, 1)


def test_one_account_tells_its_story_and_no_password(cast: Cast) -> None:
    told = accounts.create_account(cast.admin, NewAccount("nora.new", "Nora New", Role.NURSE))
    accounts.sign_in("nora.new", told.password, address=HERE)
    value = managed_value(told.user_id)
    assert value is not None
    assert [change["what"] for change in value["changes"]] == ["Account made"]
    assert value["changes"][0]["who"] == "Ada Admin"
    assert len(value["open_in"]) == 1
    words = json.dumps([value, accounts_value()])
    assert told.password not in words
    assert "argon2" not in words
    assert managed_value(999_999) is None


def test_only_whoever_manages_accounts_may_watch(cast: Cast) -> None:
    for topic in ("accounts", f"managed:{cast.people['nurse']}"):
        allowed = [name for name in PEOPLE if channel_for(TOPICS, cast.as_actor(name), topic)]
        assert allowed == ["admin"]


# --- Each change names the panels that show it -------------------------------------------------------------------------

Act = Callable[[Cast], Callable[[], object]]


def create(cast: Cast) -> Callable[[], object]:
    return lambda: accounts.create_account(cast.admin, NewAccount("nora.new", "Nora New", Role.NURSE))


def access(cast: Cast) -> Callable[[], object]:
    return lambda: accounts.set_access(cast.admin, cast.people["nurse"], Access(Role.DOCTOR))


def deactivate(cast: Cast) -> Callable[[], object]:
    return lambda: accounts.deactivate(cast.admin, cast.people["nurse"])


def reactivate(cast: Cast) -> Callable[[], object]:
    accounts.deactivate(cast.admin, cast.people["nurse"])
    return lambda: accounts.reactivate(cast.admin, cast.people["nurse"])


def reset(cast: Cast) -> Callable[[], object]:
    return lambda: accounts.reset_password(cast.admin, cast.people["nurse"])


def sign_in(cast: Cast) -> Callable[[], object]:
    return lambda: accounts.sign_in("doctor", PASSWORD, address=HERE)


def sign_out(cast: Cast) -> Callable[[], object]:
    token = accounts.sign_in("doctor", PASSWORD, address=HERE).token
    return lambda: accounts.sign_out(token)


def sign_out_everywhere(cast: Cast) -> Callable[[], object]:
    accounts.sign_in("doctor", PASSWORD, address=HERE)
    return lambda: accounts.end_sessions_of(cast.admin, cast.people["doctor"])


def own_password(cast: Cast) -> Callable[[], object]:
    told = accounts.create_account(cast.admin, NewAccount("nora.new", "Nora New", Role.NURSE))
    signed_in = accounts.sign_in("nora.new", told.password, address=HERE)
    mine = "seven otters under the bridge"
    return lambda: choose_password(signed_in.actor, signed_in.token, told.password, mine, address=HERE)


def second_factor_off(cast: Cast) -> Callable[[], object]:
    with new_session() as session:
        session.add(SecondFactor(user_id=cast.people["doctor"], begun_at=real_now(), confirmed_at=real_now()))
        session.commit()
    assert row("doctor")["factor"]
    return lambda: second_factor.reset(cast.admin, cast.people["doctor"])


def panels(cast: Cast) -> dict[str, object]:
    everybody = [int(str(one["id"])) for one in accounts_value()["accounts"]]
    found = {f"managed:{user_id}": without(TIME, managed_value(user_id)) for user_id in everybody}
    return {"accounts": accounts_value(), **found}


@pytest.mark.parametrize(
    "act",
    [
        create,
        access,
        deactivate,
        reactivate,
        reset,
        sign_in,
        sign_out,
        sign_out_everywhere,
        own_password,
        second_factor_off,
    ],
    ids=lambda act: act.__name__,
)
def test_every_panel_that_changed_was_named(cast: Cast, act: Act) -> None:
    deed = act(cast)
    before, last = panels(cast), newest_event()
    deed()
    after = panels(cast)
    changed = {name for name in after if before.get(name) != after[name]}
    assert "accounts" in changed, "an act that changes no panel proves nothing"
    assert changed <= topics_announced(last)


# --- What a browser sends ------------------------------------------------------------------------------------------------


def test_a_form_says_role_and_wards() -> None:
    form = {"role": "nurse", "ward_3": "on", "ward_7": "on", "seen_role": "desk", "seen_wards": "3,4"}
    assert given_access(form) == Access(Role.NURSE, frozenset({3, 7}))
    assert seen_access(form) == Access(Role.DESK, frozenset({3, 4}))
    assert seen_access({"seen_role": "desk", "seen_wards": ""}).ward_ids == frozenset()


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"role": "patient"},
        {"role": "system"},
        {"role": ["nurse"]},
        {"role": None},
        {"role": "nurse", "ward_x": "on"},
        {"role": "nurse", "ward_-1": "on"},
        {"role": "nurse", "ward_99999999999": "on"},
    ],
)
def test_a_form_that_no_page_of_ours_sends(form: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        given_access(form)


# --- The house -----------------------------------------------------------------------------------------------------------


def test_no_secret_is_shown(cast: Cast) -> None:
    settings = Settings(
        database_url="postgresql://hospital:hunter2@db/hospital",
        redis_url="redis://:hunter2@redis/0",
        master_key="",
        jwt_key="hunter2" * 8,
        demo_password="hunter2 hunter2",
        payer_token="hunter2",
        speed=7,
    )
    shown = {one["name"]: one for one in settings_in_force(settings)}
    assert set(shown) == {f"HOSPITAL_{name.upper()}" for name in Settings.model_fields}
    assert "hunter2" not in json.dumps(list(shown.values()))
    secrets = {name for name, one in shown.items() if one["secret"]}
    assert {"HOSPITAL_DATABASE_URL", "HOSPITAL_REDIS_URL", "HOSPITAL_MASTER_KEY", "HOSPITAL_JWT_KEY"} <= secrets
    # Whatever is called a key, a token or a password is one, in settings to come too.
    assert {name for name in shown if name.endswith(("_KEY", "_TOKEN", "_PASSWORD"))} <= secrets
    assert shown["HOSPITAL_JWT_KEY"]["value"] == "set"
    assert (shown["HOSPITAL_SPEED"]["value"], shown["HOSPITAL_SPEED"]["usual"]) == ("7.0", False)
    assert shown["HOSPITAL_SESSION_HOURS"]["usual"]


def test_every_part_says_what_it_does_and_whether_it_answers(cast: Cast) -> None:
    parts = {one["name"]: one["state"] for one in house_value("ok")["parts"]}
    assert set(parts) == set(DOES)
    assert (parts["database"], parts["redis"], parts["push"]) == ("ok", "ok", "ok")
    assert parts["worker"] == "down"  # None runs here.


def test_the_models_that_serve_are_named_without_loading_them(tmp_path: Path) -> None:
    home = tmp_path / "models" / "arrivals"
    (home / "20261124-abc").mkdir(parents=True)
    (home / "active.json").write_text(json.dumps({"version": "20261124-abc"}))
    (home / "20261124-abc" / "release.json").write_text(json.dumps({"created_at": "2026-11-24T08:00:00+00:00"}))
    none, arrivals, *_ = models_folder.serving(tmp_path)
    assert (none["kind"], none["version"]) == ("discharge", "")
    assert arrivals == {"kind": "arrivals", "version": "20261124-abc", "created_at": "2026-11-24T08:00:00+00:00"}
    (home / "active.json").write_text(json.dumps({"version": "../../etc"}))
    assert models_folder.serving(tmp_path)[1]["created_at"] == ""
    (home / "active.json").write_text("nonsense")
    assert models_folder.serving(tmp_path)[1]["version"] == ""
