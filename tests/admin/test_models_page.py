"""The models' page: what serves, since when and by whom; what speaks when nothing can; and who may look or act."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hospital_ops.domain.errors import ChangedMeanwhile, Conflict, NotAllowed
from hospital_ops.domain.shares import wilson
from hospital_ops.infra.embedded import Postgres, Valkey
from hospital_ops.infra.models_folder import models_folder
from hospital_ops.ml import registry, release_view
from hospital_ops.services import releases
from hospital_ops.services.model_page import models_value
from hospital_ops.state import models as state
from hospital_ops.state.topic_table import TOPICS
from hospital_ops.state.topics import channel_for
from tests.cast import PEOPLE, Cast
from tests.own_hospital import own_hospital, run
from tests.pointer import let_serve
from tests.services.test_releases import GOOD, KIND, folder, release
from tests.state.test_announced import newest_event, topics_announced

__all__ = ["folder"]


def kind(name: str = KIND) -> dict[str, Any]:
    return next(one for one in models_value()["kinds"] if one["kind"] == name)


def test_without_a_release_each_kind_says_which_baseline_speaks(cast: Cast, folder: Path) -> None:
    told = {one["kind"]: (one["serves"], one["speaks"], one["problem"]) for one in models_value()["kinds"]}
    assert set(told) == {"length_of_stay", "arrivals", "shift_capacity", "strain"}
    assert told["length_of_stay"] == (False, "Kaplan–Meier by unit", "No release was ever trained.")
    assert told["strain"][1] == "the published odds"
    release(folder)
    assert kind()["problem"] == "Releases were trained, and none serves."


def test_what_serves_since_when_and_by_whom(cast: Cast, folder: Path) -> None:
    old, new = release(folder), release(folder, 1)
    let_serve(folder, KIND, old)
    assert kind()["since"]["by"] == "its training, which passed the gate"
    releases.activate(cast.admin, KIND, new)
    told = kind()
    assert (told["serves"], told["of"], told["back"], told["problem"]) == (True, new, old, "")
    assert told["since"]["by"] == "Ada Admin"
    assert [(one["version"], one["active"], one["before"]) for one in told["releases"]] == [
        (new, True, False),
        (old, False, True),
    ]
    # A later training moved the pointer, with a line of its own.
    releases.serve_trained(cast.admin, KIND, old)
    assert kind()["since"]["by"] == "its training, which passed the gate"


def test_measures_stand_beside_the_baselines_with_n_and_interval(cast: Cast, folder: Path) -> None:
    release(folder, n=900, intervals={"mae_days": [1.2, 1.4]})
    told = {row["words"]: row for row in kind()["measures"]}
    mae = told["Error of the median (MAE)"]
    assert (mae["ours"], mae["interval"], mae["baseline"], mae["n"]) == ("1.30 d", "1.20 d to 1.40 d", "2.30 d", "900")
    assert told["80 % ranges hold"]["interval"] == "78.3% to 83.4%"
    assert told["Chance for 24 h is off by (ECE)"]["interval"] == ""
    assert kind()["strata"] == [{"x": "0", "share": 80.0, "range": [77.3, 82.5], "n": 900}]


LOOK = """
import json, sys
from hospital_ops.services.model_page import models_value

told = {one["kind"]: [one["serves"], one["problem"], one["verdict"]] for one in models_value()["kinds"]}
print(json.dumps([told, sorted({"sklearn", "skops", "scipy", "pandas"} & set(sys.modules))]))
"""


def test_looking_loads_no_model(servers: tuple[Postgres, Valkey], tmp_path: Path) -> None:
    """scikit-learn took the first look 5 s on a quiet machine and 20 s on a busy one, and 150 MB of that web process."""
    home = models_folder(tmp_path)
    whole = let_serve(home, KIND, release(home))
    with own_hospital(servers[0], HOSPITAL_DATA_DIR=str(tmp_path)) as (environment, _):
        told, heavy = json.loads(run(environment, LOOK).splitlines()[-1])
        (home / KIND / whole / "model.skops").write_bytes(b"harm")
        harmed, _ = json.loads(run(environment, LOOK).splitlines()[-1])
    assert told[KIND] == [True, "", "Passed every check"]
    assert heavy == []
    assert harmed[KIND][:2] == [
        False,
        f"The file of release {whole} is not the one that was saved; it is not loaded.",
    ]


@pytest.mark.parametrize("harm", [b"harm", None])
def test_a_corrupt_release_that_serves_in_name_only_is_said(cast: Cast, folder: Path, harm: bytes | None) -> None:
    version = release(folder)
    releases.activate(cast.admin, KIND, version)
    file = folder / KIND / version / "model.skops"
    file.unlink() if harm is None else file.write_bytes(harm)
    told = kind()
    assert (told["serves"], told["speaks"]) == (False, "Kaplan–Meier by unit")
    assert "The file of release" in told["problem"]


def test_an_unreadable_one_stays_in_the_list(cast: Cast, folder: Path) -> None:
    good, bad = release(folder), release(folder, 1)
    releases.activate(cast.admin, KIND, good)
    (folder / KIND / bad / "release.json").write_text("{")
    assert kind()["releases"][0]["unreadable"].endswith("missing or unreadable.")
    assert kind()["of"] == good
    (folder / KIND / good / "release.json").write_text("{")
    assert kind()["serves"] is False
    assert kind()["problem"].endswith("missing or unreadable.")


def test_the_measures_are_said_in_a_sentence_too(cast: Cast, folder: Path) -> None:
    release(folder, n=900)
    told = kind()
    assert told["measured_on"] == "900 forecasts"
    assert told["in_words"] == (
        "The day it gives is 1.3 days off on average; the usual stay in the unit (Kaplan–Meier) is 2.3 off. "
        "81 of 100 people left within its range, which is to hold 80."
    )
    # A sentence that lacks a figure is left out, not filled with one that is not there.
    said = release_view.in_words("arrivals", {"metrics": {"daily_mae": 1.6, "poisson_floor_daily_mae": 1.5}})
    assert said == "As people come one by one, no forecast could be less than 1.5 off."


def test_a_group_is_drawn_along_a_day_and_named_where_the_gate_stops_it() -> None:
    row = {"by": "payer", "n": 1_200, "signed_error": -0.25, "low": -0.7, "high": 0.0}
    rows = [{**row, "group": "a"}, {**row, "group": "b", "low": -0.25}, {**row, "group": "c", "n": 999}]
    shown = release_view.groups({"groups": rows})
    assert [one["outside"] for one in shown] == [True, False, False]
    assert (shown[0]["from"], shown[0]["at"], shown[0]["to"]) == ("0.0%", "25.0%", "50.0%")


def test_the_gate_and_its_reasons(cast: Cast, folder: Path) -> None:
    release(folder, coverage=0.6)
    told = kind()
    assert (told["passed"], told["verdict"]) == (False, "Failed a check")
    assert "held 60%" in told["why_not"][0]


@pytest.mark.parametrize(
    "facts", [{}, {"metrics": None}, {"metrics": {"mae_days": "x", "strata": [1, {}], "n": None}, "groups": [{"n": 1}]}]
)
def test_a_description_that_lacks_things_is_shown_without_them(facts: dict[str, Any]) -> None:
    for name in release_view.NAMES:
        assert release_view.measures(name, facts) == []
        assert release_view.headline(name, facts) == "no measures"
        assert release_view.in_words(name, facts) == release_view.measured_on(name, facts) == ""
    assert release_view.strata(facts) == release_view.groups(facts) == []
    assert [row["name"] for row in release_view.rests_on(facts)] == ["Never reads"]


def test_what_a_release_rests_on(cast: Cast) -> None:
    told = {
        row["name"]: row["value"] for row in release_view.rests_on({**GOOD, "simulated": True, "features": ["days_in"]})
    }
    assert told["Learned from"] == "900 stays (simulated patients)"
    imported = {**GOOD, "data": {"source": "stays.csv", "refused": 3, "digest": "cd"}, "notes": ["It has no dates."]}
    found = {row["name"]: row["value"] for row in release_view.rests_on(imported)}
    assert found["Learned from"] == "900 stays (stays.csv, 3 rows refused)"
    assert (found["Notes"], found["Hash of the files (SHA-256)"]) == ("It has no dates.", "cd")
    assert told["Reads"] == "days in"
    assert told["Data hash"] == "ab" * 32


def test_where_no_drift_can_be_shown_it_says_why(cast: Cast, folder: Path) -> None:
    assert kind()["no_inputs"].startswith("Nothing was compared yet")
    release(folder)
    assert "Train again" in kind()["no_inputs"]
    assert "fifth week of this house" in kind("arrivals")["no_inputs"]
    assert (kind()["held"]["verdict"], kind()["inputs"]) == ("none", {})


def test_only_whoever_manages_models_may_watch(cast: Cast) -> None:
    assert [name for name in PEOPLE if channel_for(TOPICS, cast.as_actor(name), "models")] == ["admin"]


@pytest.mark.parametrize("act", [releases.activate, releases.serve_trained])
def test_a_second_administrator_sees_it_at_once(cast: Cast, folder: Path, act: Any) -> None:
    version, before = release(folder), newest_event()
    act(cast.admin, KIND, version)
    assert "models" in topics_announced(before)


def test_going_back_to_what_is_not_the_one_before_any_more_is_refused(cast: Cast, folder: Path) -> None:
    one, two, three = release(folder), release(folder, 1), release(folder, 2)
    for version in (one, two, three):
        releases.activate(cast.admin, KIND, version)
    with pytest.raises(ChangedMeanwhile):
        releases.roll_back(cast.admin, KIND, expected=one)
    assert releases.roll_back(cast.admin, KIND, expected=two).version == two


def test_the_handlers_acts(cast: Cast, folder: Path) -> None:
    good, bad = release(folder), release(folder, 1, coverage=0.6)
    state._act(cast.admin, state.SERVE, KIND, good, "")
    with pytest.raises(Conflict, match="held 60%"):
        state._act(cast.admin, state.SERVE, KIND, bad, "")
    state._act(cast.admin, state.SERVE, KIND, bad, "the new wards are in it alone")
    state._act(cast.admin, state.BACK, KIND, good, "")
    assert registry.active_version(folder, KIND) == good
    with pytest.raises(NotAllowed):
        state._act(cast.manager, state.SERVE, KIND, bad, "because I say so, really")


@pytest.mark.parametrize(
    ("held", "n", "low", "high"), [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (80, 100, 0.711, 0.867)]
)
def test_how_sure_a_share_is(held: int, n: int, low: float, high: float) -> None:
    assert wilson(held, n) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))
