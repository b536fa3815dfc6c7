"""Which release serves: a person's act, checked by the gate, in the audit, and taken back the same way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sklearn.linear_model import LinearRegression

from hospital_ops.config import get_settings
from hospital_ops.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from hospital_ops.infra.embedded import Postgres, Valkey
from hospital_ops.infra.models_folder import idle, models_folder
from hospital_ops.ml import card, gate, length_of_stay, registry, train
from hospital_ops.services import releases, serving
from tests.cast import Cast
from tests.own_hospital import own_hospital, run
from tests.pointer import let_serve

KIND = "length_of_stay"
MADE = datetime(2026, 3, 2, 15, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "stays": 900,
    "data_hash": "ab" * 32,
    "metrics": {
        "mae_days": 1.3, "crps_days": 0.9, "in_the_past": 0, "coverage": 0.81, "ece_24h": 0.01, "signed_error_days": 0.02,
        "strata": [{"days_in": 0, "n": 900, "covered": 0.8, "width": 4.0}],
    },
    "baseline_metrics": {"mae_days": 2.3, "crps_days": 1.6},
    "model": train.model_facts(length_of_stay.baseline_model()),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOSPITAL_DATA_DIR", str(tmp_path))
    settings = get_settings().model_copy(update={"data_dir": tmp_path})
    for module in (releases, serving):
        monkeypatch.setattr(module, "get_settings", lambda: settings)
    return models_folder(tmp_path)


def release(folder: Path, day: int = 0, **metrics: Any) -> str:
    """A small release with the measures given; it does not serve yet."""
    facts = {**GOOD, "metrics": {**GOOD["metrics"], **metrics}}
    estimator = LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0 + day])
    return registry.save(folder, KIND, estimator, facts, MADE + timedelta(days=day))


def test_a_release_serves_with_its_audit_line_and_a_new_scoring(cast: Cast, folder: Path) -> None:
    old, new = release(folder), release(folder, 1)
    releases.activate(cast.admin, KIND, old)
    now = releases.activate(cast.admin, KIND, new)
    assert now.active
    assert registry.active_version(folder, KIND) == new
    lines = cast.audited("model.activate")
    assert [(line.facts["before"], line.facts["version"]) for line in lines] == [("", old), (old, new)]
    assert "forecast.requested" in cast.announced()
    assert [one.version for one in releases.releases(cast.admin) if one.before] == [old]


def test_twice_changes_nothing_more(cast: Cast, folder: Path) -> None:
    version = release(folder)
    releases.activate(cast.admin, KIND, version)
    releases.activate(cast.admin, KIND, version)
    assert len(cast.audited("model.activate")) == 1


def test_who_may_not_manage_models_may_look_at_most(cast: Cast, folder: Path) -> None:
    version = release(folder)
    for actor in (cast.manager, cast.nurse, cast.porter):
        with pytest.raises(NotAllowed):
            releases.activate(actor, KIND, version)
    assert len(releases.releases(cast.manager)) == 1
    with pytest.raises(NotAllowed):
        releases.releases(cast.porter)
    assert registry.active_version(folder, KIND) is None


@pytest.mark.parametrize(
    ("metrics", "words"),
    [
        ({"mae_days": 2.5}, "not below Kaplan–Meier"),
        ({"in_the_past": 3}, "3 discharges before"),
        ({"coverage": 0.6}, "held 60%"),
        ({"ece_24h": 0.2}, "off by 0.200"),
        ({"ece_24h": float("nan")}, "off by nan"),
        ({"signed_error_days": -0.4}, "0.40 days off in one direction"),
        ({"strata": [{"days_in": 4, "n": 500, "covered": 0.5}]}, "After 4 days in"),
        ({"coverage": 0.7496}, "held 74.9% of the time; 75% to 88%"),
        ({"strata": None}, "does not say how it was measured"),
    ],
)
def test_the_gate_refuses_and_says_why(cast: Cast, folder: Path, metrics: dict[str, Any], words: str) -> None:
    good, bad = release(folder), release(folder, 1, **metrics)
    releases.activate(cast.admin, KIND, good)
    with pytest.raises(Conflict, match=words) as refusal:
        releases.activate(cast.admin, KIND, bad)
    assert refusal.value.code == "gate"
    assert registry.active_version(folder, KIND) == good
    assert len(cast.audited("model.activate")) == 1


def test_a_group_served_worse_is_a_reason() -> None:
    group = {"by": "race", "group": "A", "n": 2000, "signed_error": -0.3, "low": -0.4, "high": -0.2}
    assert "too short" in gate.failures(KIND, {**GOOD, "groups": [group]})[0]
    assert gate.failures(KIND, GOOD) == []


@pytest.mark.parametrize(("kind", "says"), [(KIND, "It passed every check."), ("another", "it has passed none")])
def test_nobody_passes_checks_that_do_not_exist(kind: str, says: str) -> None:
    assert says in card.card(kind, {**GOOD, "version": "1"}, True, [])


def test_an_override_needs_a_reason_and_stands_in_the_audit(cast: Cast, folder: Path) -> None:
    bad = release(folder, 1, coverage=0.6)
    with pytest.raises(Invalid):
        releases.activate(cast.admin, KIND, bad, override="because")
    releases.activate(cast.admin, KIND, bad, override="the old one knows no new ward")
    line = cast.audited("model.activate")[0]
    assert line.facts["reason"] == "the old one knows no new ward"
    assert line.facts["against_the_gate"] == 1


def test_going_back_serves_the_one_before(cast: Cast, folder: Path) -> None:
    with pytest.raises(Conflict, match="No other release"):
        releases.roll_back(cast.admin, KIND)
    old, new = release(folder), release(folder, 1)
    releases.activate(cast.admin, KIND, old)
    releases.activate(cast.admin, KIND, new)
    assert releases.roll_back(cast.admin, KIND).version == old
    assert registry.active_version(folder, KIND) == old


def test_what_is_not_there_or_broken_does_not_serve(cast: Cast, folder: Path) -> None:
    good, broken = release(folder), release(folder, 1)
    releases.activate(cast.admin, KIND, good)
    (folder / KIND / broken / "model.skops").write_bytes(b"harm")
    with pytest.raises(Conflict, match="not the one that was saved"):
        releases.activate(cast.admin, KIND, broken)
    for name in ("none", "../elsewhere", ""):
        with pytest.raises(NotFound):
            releases.activate(cast.admin, KIND, name)
    assert registry.active_version(folder, KIND) == good


def test_what_serves_in_name_only_is_refused_too(cast: Cast, folder: Path) -> None:
    version = release(folder)
    releases.activate(cast.admin, KIND, version)
    (folder / KIND / version / "model.skops").write_bytes(b"harm")
    with pytest.raises(Conflict, match="its baseline does") as refusal:
        releases.activate(cast.admin, KIND, version)
    assert refusal.value.code == "artefact"
    assert len(cast.audited("model.activate")) == 1


@pytest.mark.parametrize("model", [None, [], {"name": "half"}, {**GOOD["model"], "encoder": None}])
def test_a_release_without_a_part_of_its_model_does_not_serve(cast: Cast, folder: Path, model: Any) -> None:
    estimator = LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0])
    version = registry.save(folder, KIND, estimator, {**GOOD, "model": model}, MADE)
    with pytest.raises(Conflict, match="lacks a part of its description"):
        releases.activate(cast.admin, KIND, version)
    assert registry.active_version(folder, KIND) is None


def test_a_repaired_release_serves_again_without_another_act(cast: Cast, folder: Path) -> None:
    version = release(folder)
    releases.activate(cast.admin, KIND, version)
    artefact = folder / KIND / version / "model.skops"
    good = artefact.read_bytes()
    assert not serving.discharge_model().is_baseline
    artefact.write_bytes(b"harm")
    assert "not the one that was saved" in serving.discharge_model().name
    artefact.write_bytes(good)
    assert not serving.discharge_model().is_baseline


def test_a_death_before_the_commit_leaves_what_served(
    cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = release(folder), release(folder, 1)
    releases.activate(cast.admin, KIND, old)
    real = registry.intend

    def die(*given: Any) -> None:
        real(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(registry, "intend", die)
        with pytest.raises(KeyboardInterrupt):
            releases.activate(cast.admin, KIND, new)
    assert [wanted for _, wanted in registry.intentions(folder, KIND)] == [new]
    assert serving.discharge_model().version == old
    assert registry.intentions(folder, KIND) == []
    assert [line.facts["version"] for line in cast.audited("model.activate")] == [old]


def test_a_death_after_the_commit_is_made_good_at_the_next_look(
    cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = release(folder), release(folder, 1)
    releases.activate(cast.admin, KIND, old)

    def die(*given: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(registry, "finish", die)
        with pytest.raises(KeyboardInterrupt):
            releases.activate(cast.admin, KIND, new)
    assert registry.active_version(folder, KIND) == old
    assert serving.discharge_model().version == new
    assert registry.intentions(folder, KIND) == []
    assert registry.version_before(folder, KIND) == old
    # The same death once more, found by the next act instead: going back goes back from what was committed.
    assert releases.roll_back(cast.admin, KIND).version == old
    assert [line.facts["version"] for line in cast.audited("model.activate")] == [old, new, old]


def test_a_wish_is_finished_once(folder: Path) -> None:
    old, new = release(folder), release(folder, 1)
    registry.intend(folder, KIND, new, 7)
    registry.finish(folder, KIND, 7)
    let_serve(folder, KIND, old)
    # The note came back, as after a death between pointer and note; and a late one finds nothing to do.
    registry.intend(folder, KIND, new, 7)
    registry.finish(folder, KIND, 7)
    registry.finish(folder, KIND, 7)
    assert registry.active_version(folder, KIND) == old


# In a process of its own: two threads with two connections, one barrier.
RACE = """
import json, sys, threading
from pathlib import Path
from sqlmodel import col, select
from hospital_ops.domain.access import Actor, Role
from hospital_ops.infra.db import read_session
from hospital_ops.ml import registry
from hospital_ops.models import AuditEntry
from hospital_ops.services import releases

versions, folder = json.loads(sys.argv[1]), Path(sys.argv[2])
admin, failed = Actor(role=Role.ADMIN, name="race"), []

def act(barrier, version):
    barrier.wait()
    try:
        releases.activate(admin, "length_of_stay", version)
    except Exception as error:
        failed.append(repr(error))

for _ in range(10):
    barrier = threading.Barrier(len(versions))
    threads = [threading.Thread(target=act, args=(barrier, version)) for version in versions]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
with read_session() as session:
    wanted = select(AuditEntry).where(AuditEntry.action == "model.activate").order_by(col(AuditEntry.id))
    lines = [[line.facts["before"], line.facts["version"]] for line in session.exec(wanted)]
print(json.dumps({"failed": failed, "lines": lines, "serves": registry.active_version(folder, "length_of_stay"),
                  "left": registry.intentions(folder, "length_of_stay")}))
"""


def test_two_at_once_wait_for_each_other(servers: tuple[Postgres, Valkey], tmp_path: Path) -> None:
    folder = models_folder(tmp_path)
    versions = [release(folder), release(folder, 1), release(folder, 2)]
    with own_hospital(servers[0], HOSPITAL_DATA_DIR=str(tmp_path)) as (environment, _):
        came = json.loads(run(environment, RACE, json.dumps(versions), str(folder)).splitlines()[-1])
    assert came["failed"] == []
    assert came["left"] == []
    # Each act begins where the one before ended, and the last is the one that serves: nobody overtook anybody.
    assert len(came["lines"]) >= 21
    assert [before for before, _ in came["lines"]] == ["", *(version for _, version in came["lines"][:-1])]
    assert came["serves"] == came["lines"][-1][1]


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ("{", "missing or unreadable"),
        (None, "missing or unreadable"),
        ("[1]", "not one of ours"),
        ('{"version": "another"}', "that of another release"),
    ],
)
def test_what_cannot_be_read_is_listed_and_does_not_serve(
    cast: Cast, folder: Path, description: str | None, words: str
) -> None:
    good, bad = release(folder), release(folder, 1)
    releases.activate(cast.admin, KIND, good)
    file = folder / KIND / bad / "release.json"
    file.unlink() if description is None else file.write_text(description)
    found = releases.releases(cast.admin)
    assert [(one.version, one.active, bool(one.unreadable)) for one in found] == [
        (bad, False, True),
        (good, True, False),
    ]
    assert words in found[0].unreadable
    with pytest.raises(Conflict, match=words):
        releases.activate(cast.admin, KIND, bad)
    assert registry.active_version(folder, KIND) == good
    # Nor does it hide the numbers of the others: without an artefact their Kaplan–Meier would serve.
    assert length_of_stay._saved_baseline(folder) is not None


KILLED = """
import sys, time
from pathlib import Path
from collections.abc import Callable
from datetime import UTC, datetime
from hospital_ops.ml import registry
real = Path.write_text
def slow(self, text, *args, **more):
    real(self, text, *args, **more)
    if self.name == "release.json":
        print("half way", flush=True)
        time.sleep(60)
Path.write_text = slow
from sklearn.linear_model import LinearRegression
registry.save(Path(sys.argv[1]), "length_of_stay", LinearRegression().fit([[0.0], [1.0]], [0.0, 9.0]), {}, datetime.now(UTC))
"""


def test_a_training_killed_while_it_writes_leaves_the_release_that_served(cast: Cast, folder: Path) -> None:
    good = release(folder)
    releases.activate(cast.admin, KIND, good)
    with subprocess.Popen([sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE, text=True) as training:
        assert training.stdout is not None
        assert training.stdout.readline() == "half way\n"
        os.kill(training.pid, signal.SIGKILL)
    assert list((folder / KIND).glob(".new-*"))
    assert [one.version for one in releases.releases(cast.admin)] == [good]
    assert registry.load(folder, KIND).version == good


def test_a_card_says_what_it_rests_on_and_what_the_gate_says(folder: Path, cast: Cast) -> None:
    version = release(folder, coverage=0.6)
    one = releases.releases(cast.admin)[0]
    told = card.card(one.kind, one.facts, one.active, one.why_not)
    for words in (
        version,
        "does not serve",
        "900 stays",
        "ab" * 32,
        "held 60%",
        "never a reason to discharge",
        "| mae_days | 1.300 | 2.300 |",
    ):
        assert words in told
    assert json.dumps(told)


def test_a_training_leaves_its_line_and_one_for_the_pointer(cast: Cast, folder: Path) -> None:
    good, bad, better = release(folder), release(folder, 1, coverage=0.6), release(folder, 2)
    moves: list[str] = []

    def after(act: Callable[[], object]) -> None:
        act()
        now = registry.active_version(folder, KIND) or ""
        if not moves or moves[-1] != now:
            moves.append(now)

    assert releases.serve_trained(cast.admin, KIND, good) == ()
    moves.append(registry.active_version(folder, KIND) or "")
    after(lambda: releases.serve_trained(cast.admin, KIND, bad))
    after(lambda: releases.serve_trained(cast.admin, KIND, better))
    after(lambda: releases.activate(cast.admin, KIND, bad, override="the new wards are in it alone"))
    after(lambda: releases.roll_back(cast.admin, KIND))
    after(lambda: releases.serve_trained(cast.admin, KIND, better))
    assert moves == [good, better, bad, better]
    lines = cast.audited("model.activate")
    assert [line.facts["version"] for line in lines] == moves
    assert [bool(line.facts.get("trained")) for line in lines] == [True, True, False, False]
    trainings = [(line.facts["version"], line.facts["failed_checks"]) for line in cast.audited("model.train")]
    assert trainings == [(good, 0), (bad, 1), (better, 0), (better, 0)]
    assert "forecast.requested" in cast.announced()


def test_what_a_training_made_is_refused_by_its_gate_in_sentences(cast: Cast, folder: Path) -> None:
    bad = release(folder, coverage=0.6)
    (why,) = releases.serve_trained(cast.admin, KIND, bad)
    assert "held 60%" in why
    assert registry.active_version(folder, KIND) is None
    assert cast.audited("model.activate") == []
    with pytest.raises(NotAllowed):
        releases.serve_trained(cast.manager, KIND, bad)
    (folder / KIND / (broken := release(folder, 1)) / "model.skops").write_bytes(b"harm")
    with pytest.raises(Conflict, match="not the one that was saved"):
        releases.serve_trained(cast.admin, KIND, broken)
    assert registry.active_version(folder, KIND) is None


@pytest.mark.parametrize("dies", ["intend", "finish"])
def test_a_training_that_dies_leaves_audit_and_pointer_agreed(
    cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    """Before the commit: neither line nor release. After it: both, the release at the next look."""
    old, new = release(folder), release(folder, 1)
    releases.serve_trained(cast.admin, KIND, old)
    real = getattr(registry, dies)

    def die(*given: Any) -> None:
        if dies == "intend":
            real(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(registry, dies, die)
        with pytest.raises(KeyboardInterrupt):
            releases.serve_trained(cast.admin, KIND, new)
    expected = [old] if dies == "intend" else [old, new]
    assert serving.discharge_model().version == expected[-1]
    assert registry.intentions(folder, KIND) == []
    for action in ("model.train", "model.activate"):
        assert [line.facts["version"] for line in cast.audited(action)] == expected


def test_a_first_training_that_died_at_its_end_serves_at_the_next_start(cast: Cast, folder: Path) -> None:
    release(folder, 3, coverage=0.6)
    good = release(folder, 1)
    assert idle(folder.parent) == [KIND]
    assert releases.serve_forgotten(cast.admin, idle(folder.parent)) == [KIND]
    assert registry.active_version(folder, KIND) == good
    assert idle(folder.parent) == []
    # Once is enough, and what its gate refused is not asked again and again.
    assert releases.serve_forgotten(cast.admin, [KIND]) == []
    assert len(cast.audited("model.train")) == 1


def test_before_a_training_what_was_left_half_way_is_settled(
    cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = release(folder)
    with monkeypatch.context() as dying:
        dying.setattr(registry, "finish", lambda *given: None)
        releases.activate(cast.admin, KIND, version)
    assert registry.active_version(folder, KIND) is None
    releases.settle_all(cast.admin)
    assert registry.active_version(folder, KIND) == version
    with pytest.raises(NotAllowed):
        releases.settle_all(cast.nurse)
