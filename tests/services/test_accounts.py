"""Accounts, action by action: it works; who may not; twice changes nothing more; the loser of a race is told; audit and event."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from hospital_ops.domain.access import Actor, Permission, Role
from hospital_ops.domain.accounts import ONE_TIME
from hospital_ops.domain.errors import (
    ChangedMeanwhile,
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    WrongCredentials,
)
from hospital_ops.domain.tasks import StaffStatus, TaskStatus
from hospital_ops.infra.embedded import Postgres, Valkey
from hospital_ops.models import User
from hospital_ops.services import accounts, credentials, stays, tokens
from hospital_ops.services.accounts import Access, NewAccount
from hospital_ops.services.unit_of_work import unit_of_work
from tests.cast import PASSWORD, Cast, fresh
from tests.own_hospital import own_hospital, run

HERE = "192.0.2.10"
NEW = NewAccount("nora.new", "Nora New", Role.NURSE)


def sign_in(name: str, password: str = PASSWORD) -> accounts.SignedIn:
    return accounts.sign_in(name, password, address=HERE)


def admin_two(cast: Cast) -> int:
    """A second administrator, who can sign in."""
    with unit_of_work(cast.admin) as work:
        new = NewAccount("second.admin", "Simone Second", Role.ADMIN, password="four plain ward words")
        return accounts.add_account(work, new).id or 0


ACTS: dict[str, Callable[[Actor, int], object]] = {
    "create": lambda actor, who: accounts.create_account(actor, NEW),
    "access": lambda actor, who: accounts.set_access(actor, who, Access(Role.ADMIN)),
    "reset": accounts.reset_password,
    "deactivate": accounts.deactivate,
    "reactivate": accounts.reactivate,
    "sign out": accounts.end_sessions_of,
}


@pytest.mark.parametrize("name", ["nurse", "manager", "desk", "feed"])
@pytest.mark.parametrize("act", ACTS)
def test_whoever_does_not_manage_accounts_may_not(cast: Cast, act: str, name: str) -> None:
    with pytest.raises(NotAllowed):
        ACTS[act](cast.as_actor(name), cast.people["doctor"])
    assert cast.announced() == []


@pytest.mark.parametrize("act", [act for act in ACTS if act != "create"])
def test_there_is_no_such_account(cast: Cast, act: str) -> None:
    with pytest.raises(NotFound):
        ACTS[act](cast.admin, 999_999)


# --- Made ------------------------------------------------------------------------------------------------------------


def test_a_new_account_has_a_first_password_that_opens_one_page_only(cast: Cast) -> None:
    told = accounts.create_account(cast.admin, NewAccount(" Nora.New ", "Nora New", Role.NURSE, _wards(cast, "east")))
    assert told.username == "nora.new"
    assert told.one_time
    assert told.password not in repr(told)
    actor = sign_in("nora.new", told.password).actor
    assert (actor.role, actor.ward_ids, actor.must_choose_password) == (Role.NURSE, _wards(cast, "east"), True)
    assert not any(actor.may(permission) for permission in Permission)
    with pytest.raises(NotAllowed, match="password of your own"):
        stays.leave(actor, cast.beds["E1"])
    [line] = cast.audited("account.create")
    assert (line.user_id, line.subject_type, line.subject_id) == (cast.people["admin"], "user", told.user_id)
    assert told.password not in json.dumps(line.facts)
    assert {f"managed:{told.user_id}", "accounts"} <= cast.topics("account.changed")


def test_it_is_on_shift_only_with_a_password_of_its_own(cast: Cast) -> None:
    told = accounts.create_account(cast.admin, NEW)
    sign_in("nora.new", told.password)
    assert fresh(User, told.user_id).current_status == StaffStatus.OFF_SHIFT


def test_programs_get_no_token_with_a_first_password(cast: Cast) -> None:
    told = accounts.create_account(cast.admin, NEW)
    with pytest.raises(NotAllowed) as refusal:
        tokens.log_in("nora.new", told.password, address=HERE)
    assert refusal.value.code == "password_first"


def test_a_programs_own_password_is_kept(cast: Cast) -> None:
    told = accounts.create_account(cast.admin, NewAccount("ehr", "EHR client", Role.INTEGRATION))
    assert not told.one_time
    assert tokens.log_in("ehr", told.password, address=HERE).access_token


def test_a_first_password_does_not_work_for_ever(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told = accounts.create_account(cast.admin, NEW)
    later = credentials.real_now() + ONE_TIME
    monkeypatch.setattr(credentials, "real_now", lambda: later)
    with pytest.raises(WrongCredentials):
        sign_in("nora.new", told.password)


def test_a_name_is_taken_once(cast: Cast) -> None:
    accounts.create_account(cast.admin, NEW)
    with pytest.raises(Conflict, match=r"nora\.new is taken"):
        accounts.create_account(cast.admin, NEW)
    assert len(cast.audited("account.create")) == 1


@pytest.mark.parametrize("name", ["n", "1nurse", "no ra", "nora\0", "x" * 41, "", "nörä", "../etc"])
def test_a_name_that_is_none(cast: Cast, name: str) -> None:
    with pytest.raises(Invalid):
        accounts.create_account(cast.admin, NewAccount(name, "Nora New", Role.NURSE))


@pytest.mark.parametrize("role", [Role.PATIENT, Role.SYSTEM])
def test_nobody_becomes_a_patient_or_the_house(cast: Cast, role: Role) -> None:
    with pytest.raises(Invalid):
        accounts.create_account(cast.admin, NewAccount("nora.new", "Nora New", role))
    with pytest.raises(Invalid):
        accounts.set_access(cast.admin, cast.people["nurse"], Access(role))


def test_a_ward_that_is_not_there(cast: Cast) -> None:
    with pytest.raises(NotFound):
        accounts.create_account(cast.admin, NewAccount("nora.new", "Nora New", Role.NURSE, frozenset({999})))
    assert cast.announced() == []


# --- Role and wards --------------------------------------------------------------------------------------------------


def test_another_role_in_other_wards(cast: Cast) -> None:
    session = sign_in("nurse").token
    before = Access(Role.NURSE, _wards(cast, "east"))
    accounts.set_access(cast.admin, cast.people["nurse"], Access(Role.DESK, _wards(cast, "west")), seen=before)
    actor = accounts.actor_of_session(session)
    assert actor is not None
    assert (actor.role, actor.ward_ids) == (Role.DESK, _wards(cast, "west"))
    [line] = cast.audited("account.set_access")
    assert line.facts == {"old": "nurse", "new": "desk", "wards": sorted(_wards(cast, "west"))}
    assert "staffing" in cast.topics("account.changed")


def test_the_same_again_changes_nothing(cast: Cast) -> None:
    same = Access(Role.NURSE, _wards(cast, "east"))
    accounts.set_access(cast.admin, cast.people["nurse"], same)
    assert cast.audited("account.set_access") == []
    assert cast.announced() == []


def test_whoever_saw_something_older_is_told(cast: Cast) -> None:
    seen = Access(Role.NURSE, _wards(cast, "east"))
    accounts.set_access(cast.admin, cast.people["nurse"], Access(Role.DOCTOR, _wards(cast, "east")), seen=seen)
    with pytest.raises(ChangedMeanwhile):
        accounts.set_access(cast.admin, cast.people["nurse"], Access(Role.DESK), seen=seen)


def test_whoever_works_for_the_whole_house_has_no_list_of_wards(cast: Cast) -> None:
    accounts.set_access(cast.admin, cast.people["nurse"], Access(Role.BED_MANAGER, _wards(cast, "east")))
    assert cast.as_actor("nurse").ward_ids == frozenset()


def test_work_in_hand_goes_back_when_the_role_changes(cast: Cast) -> None:
    task = _hannas_task(cast)
    accounts.set_access(cast.admin, cast.people["hanna"], Access(Role.DESK, _wards(cast, "east")))
    assert cast.task(task).user_id != cast.people["hanna"]
    assert cast.person("hanna").current_status == StaffStatus.OFF_SHIFT


def test_nobody_changes_their_own_role(cast: Cast) -> None:
    admin_two(cast)
    with pytest.raises(Conflict) as refusal:
        accounts.set_access(cast.admin, cast.people["admin"], Access(Role.NURSE))
    assert refusal.value.code == "own_account"


# --- Passwords -------------------------------------------------------------------------------------------------------


def test_a_new_first_password_ends_everything_the_old_one_opened(cast: Cast) -> None:
    session, pair = sign_in("doctor").token, tokens.log_in("doctor", PASSWORD, address=HERE)
    told = accounts.reset_password(cast.admin, cast.people["doctor"])
    assert accounts.actor_of_session(session) is None
    for call in (lambda: tokens.actor_of_token(pair.access_token), lambda: tokens.refresh(pair.refresh_token)):
        with pytest.raises(NotSignedIn):
            call()
    with pytest.raises(WrongCredentials):
        sign_in("doctor")
    assert sign_in("doctor", told.password).actor.must_choose_password
    [line] = cast.audited("account.reset_password")
    assert line.subject_id == cast.people["doctor"]
    assert told.password not in json.dumps(line.facts)
    assert "session.ended" in cast.announced()


def test_each_one_is_another(cast: Cast) -> None:
    first, second = (accounts.reset_password(cast.admin, cast.people["doctor"]).password for _ in range(2))
    assert first != second
    with pytest.raises(WrongCredentials):
        sign_in("doctor", first)


def test_ones_own_is_chosen_not_reset(cast: Cast) -> None:
    with pytest.raises(Conflict) as refusal:
        accounts.reset_password(cast.admin, cast.people["admin"])
    assert refusal.value.code == "own_account"


# --- Closed and opened again -----------------------------------------------------------------------------------------


def test_a_closed_account_is_out_everywhere_and_holds_nothing(cast: Cast) -> None:
    task, session = _hannas_task(cast), sign_in("hanna").token
    pair = tokens.log_in("hanna", PASSWORD, address=HERE)
    accounts.deactivate(cast.admin, cast.people["hanna"])
    assert accounts.actor_of_session(session) is None
    with pytest.raises(NotSignedIn):
        tokens.actor_of_token(pair.access_token)
    assert cast.task(task).user_id != cast.people["hanna"]
    assert cast.person("hanna").current_status == StaffStatus.OFF_SHIFT
    assert {"account.changed", "session.ended"} <= set(cast.announced())
    assert cast.audited("account.deactivate")[0].subject_id == cast.people["hanna"]


def test_work_goes_back_from_somebody_without_a_session_too(cast: Cast) -> None:
    task = _hannas_task(cast)
    accounts.deactivate(cast.admin, cast.people["hanna"])
    assert cast.task(task).user_id != cast.people["hanna"]


def test_closing_twice_is_once(cast: Cast) -> None:
    for _ in range(2):
        accounts.deactivate(cast.admin, cast.people["nurse"])
    assert len(cast.audited("account.deactivate")) == 1


def test_opened_again_it_is_as_it_was(cast: Cast) -> None:
    accounts.deactivate(cast.admin, cast.people["nurse"])
    for _ in range(2):
        accounts.reactivate(cast.admin, cast.people["nurse"])
    assert len(cast.audited("account.reactivate")) == 1
    assert sign_in("nurse").actor.ward_ids == _wards(cast, "east")


def test_nobody_closes_their_own(cast: Cast) -> None:
    admin_two(cast)
    with pytest.raises(Conflict) as refusal:
        accounts.deactivate(cast.admin, cast.people["admin"])
    assert refusal.value.code == "own_account"


def test_somebody_always_remains_to_manage_accounts(cast: Cast) -> None:
    second = admin_two(cast)
    first, other = cast.admin, accounts.actor_of_user(second)
    assert other is not None
    accounts.deactivate(other, cast.people["admin"])
    for act in (
        lambda: accounts.deactivate(first, second),
        lambda: accounts.set_access(first, second, Access(Role.NURSE)),
    ):
        with pytest.raises(Conflict) as refusal:
            act()
        assert refusal.value.code == "last_admin"


# --- Signed out everywhere -------------------------------------------------------------------------------------------


def test_every_browser_and_program_is_out(cast: Cast) -> None:
    sessions = [sign_in("doctor").token for _ in range(3)]
    pair = tokens.log_in("doctor", PASSWORD, address=HERE)
    assert accounts.end_sessions_of(cast.admin, cast.people["doctor"]) == 3
    assert not any(accounts.actor_of_session(token) for token in sessions)
    with pytest.raises(NotSignedIn):
        tokens.actor_of_token(pair.access_token)
    assert accounts.end_sessions_of(cast.admin, cast.people["doctor"]) == 0
    assert cast.announced().count("session.ended") == 3
    assert cast.audited("account.sign_out_everywhere")[0].facts == {"sessions": 3}
    assert sign_in("doctor")


# --- Races -----------------------------------------------------------------------------------------------------------

RACE = """
import json, sys, threading
from hospital_ops.domain.access import Role
from hospital_ops.domain.errors import Refused
from hospital_ops.infra.db import engine
from hospital_ops.services import accounts
from hospital_ops.services.accounts import NewAccount
from hospital_ops.services.unit_of_work import unit_of_work
from sqlalchemy import text

first = accounts.actor_of_user(int(sys.argv[1]))
with unit_of_work(first) as work:
    new = NewAccount("second.admin", "Simone Second", Role.ADMIN, password="four plain ward words")
    second_id = accounts.add_account(work, new).id
second = accounts.actor_of_user(second_id)

def at_once(*acts):
    barrier, said = threading.Barrier(len(acts)), []
    def attempt(act):
        barrier.wait()
        try:
            act()
            said.append("won")
        except Refused as refusal:
            said.append(refusal.code)
    threads = [threading.Thread(target=attempt, args=(act,)) for act in acts]
    [t.start() for t in threads]
    [t.join() for t in threads]
    return sorted(said)

out = {"removed": [], "named": []}
for n in range(8):
    out["removed"].append(at_once(
        lambda: accounts.deactivate(first, second.user_id), lambda: accounts.deactivate(second, first.user_id)))
    with engine().begin() as connection:
        left = connection.execute(text('SELECT count(*) FROM "user" WHERE role = :r AND active'), {"r": "admin"})
        assert left.scalar_one() == 1
        connection.execute(text('UPDATE "user" SET active = true'))
    make = lambda: accounts.create_account(first, NewAccount(f"nora{n}", "Nora New", Role.NURSE))
    out["named"].append(at_once(make, make))
print(json.dumps(out))
"""


@pytest.mark.slow
def test_two_administrators_cannot_remove_each_other_and_a_name_is_given_once(
    servers: tuple[Postgres, Valkey],
) -> None:
    with own_hospital(servers[0]) as (environment, ids):
        out = json.loads(run(environment, RACE, str(ids["people"]["admin"])).splitlines()[-1])
    for lost, won in out["removed"]:
        assert (lost in {"last_admin", "changed_meanwhile"}, won) == (True, "won")
    for lost, won in out["named"]:
        assert (lost in {"username_taken", "changed_meanwhile"}, won) == (True, "won")


def _wards(cast: Cast, *names: str) -> frozenset[int]:
    return frozenset(cast.wards[name] for name in names)


def _hannas_task(cast: Cast) -> int:
    cast.occupy("E1")
    stays.leave(cast.nurse, cast.beds["E1"])
    task = cast.tasks_of("E1")[-1]
    assert (task.user_id, task.status) == (cast.people["hanna"], TaskStatus.OFFERED)
    return task.id or 0
