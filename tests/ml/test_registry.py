"""Only what we saved is loaded: every doubt is a sentence, and the stated baseline serves instead."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
import skops.io

from hospital_ops.ml import length_of_stay, registry, train
from hospital_ops.ml.length_of_stay import KIND, DischargeModel
from hospital_ops.ml.registry import ArtefactError
from tests.pointer import let_serve

from .conftest import END


@pytest.fixture
def release(model: DischargeModel, tmp_path: Path) -> Path:
    """The folder of one saved and active release."""
    return tmp_path / KIND / let_serve(tmp_path, KIND, train.save_length_of_stay(model, tmp_path, END))


def _refused(release: Path, words: str) -> None:
    folder = release.parent.parent
    with pytest.raises(ArtefactError, match=words):
        registry.load(folder, KIND)
    with pytest.raises(ArtefactError, match=words):
        registry.check(folder, KIND)
    served = length_of_stay.load(folder)
    assert served.is_baseline
    assert words in served.name


def test_a_changed_file_is_not_loaded(release: Path) -> None:
    artefact = release / "model.skops"
    artefact.write_bytes(artefact.read_bytes()[:-1] + b"x")
    _refused(release, "is not the one that was saved")
    # The tables of Kaplan–Meier are numbers in the description: they still serve.
    assert length_of_stay.load(release.parent.parent).baseline.hazard


def test_a_missing_file_is_said(release: Path) -> None:
    (release / "model.skops").unlink()
    _refused(release, "is missing")


def test_a_broken_description_is_said(release: Path) -> None:
    (release / "release.json").write_text("{")
    _refused(release, "missing or unreadable")


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("tails", []),
        ("sharpen", [["x"]]),
        ("shifts", None),
        ("typical", -1),
        ("encoder", {"overall": []}),
        ("ratios", 9),
    ],
)
def test_a_description_changed_by_hand_does_not_serve(release: Path, part: str, value: object) -> None:
    """It was read without a word, and the next scoring of everybody ended in an error."""
    facts = json.loads((release / "release.json").read_text())
    facts["model"][part] = value
    (release / "release.json").write_text(json.dumps(facts))
    _refused(release, "was changed after it was saved")


def test_measures_changed_by_hand_pass_no_gate(release: Path) -> None:
    facts = json.loads((release / "release.json").read_text())
    facts["metrics"]["mae_days"] = 0.1
    (release / "release.json").write_text(json.dumps(facts))
    _refused(release, "was changed after it was saved")


@pytest.mark.parametrize(
    "hazard", [None, [], {"Medicine": []}, {"Medicine": [2.0]}, {"Medicine": ["x"]}, {"Medicine": [[0.1]]}]
)
def test_a_baseline_changed_by_hand_is_not_fallen_back_on(release: Path, hazard: object) -> None:
    facts = json.loads((release / "release.json").read_text())
    facts["model"]["baseline"]["hazard"] = hazard
    (release / "release.json").write_text(json.dumps(facts))
    served = length_of_stay.load(release.parent.parent)
    assert served.is_baseline
    assert served.name.startswith(length_of_stay.GENERAL_NAME)


def test_a_release_older_than_its_seal_still_serves(release: Path) -> None:
    facts = json.loads((release / "release.json").read_text())
    del facts[registry.SEAL]
    (release / "release.json").write_text(json.dumps(facts))
    assert not length_of_stay.load(release.parent.parent).is_baseline


def test_a_foreign_type_is_never_built(release: Path, caplog: pytest.LogCaptureFixture) -> None:
    import hashlib

    bad = skops.io.dumps({"harm": Path("somewhere")})
    (release / "model.skops").write_bytes(bad)
    facts = json.loads((release / "release.json").read_text())
    facts["sha256"] = hashlib.sha256(bad).hexdigest()
    (release / "release.json").write_text(json.dumps(facts))
    _refused(release, "holds types that a model does not need; it is not loaded.")
    # What a foreign file calls its types is not repeated on every screen and in the API.
    assert "PosixPath" not in length_of_stay.load(release.parent.parent).name
    assert "PosixPath" in caplog.text


def test_another_librarys_trees_are_not_read(release: Path) -> None:
    facts = json.loads((release / "release.json").read_text())
    facts["libraries"]["scikit-learn"] = "0.1"
    (release / "release.json").write_text(json.dumps(facts))
    _refused(release, "another scikit-learn")


def test_a_model_of_another_kind_is_not_taken(release: Path) -> None:
    facts = json.loads((release / "release.json").read_text())
    facts["kind"] = "strain"
    (release / "release.json").write_text(json.dumps(facts))
    _refused(release, "is not a length-of-stay model")


def test_a_version_is_a_name_and_not_a_path(release: Path) -> None:
    with pytest.raises(ArtefactError, match="not the name of a release"):
        registry.load(release.parent.parent, KIND, "../elsewhere")


def test_what_is_saved_does_not_serve_by_itself_and_an_older_one_may_again(
    model: DischargeModel, release: Path
) -> None:
    folder = release.parent.parent
    newer = train.save_length_of_stay(model, folder, END + timedelta(days=1))
    assert registry.active_version(folder, KIND) == release.name
    let_serve(folder, KIND, newer)
    assert registry.version_before(folder, KIND) == release.name
    let_serve(folder, KIND, release.name)
    assert registry.active_version(folder, KIND) == release.name
    assert [one["active"] for one in registry.versions(folder, KIND)] == [False, True]


def test_a_release_says_what_it_rests_on(release: Path) -> None:
    facts = registry.load(release.parent.parent, KIND).metadata
    assert {"data_hash", "features", "metrics", "baseline_metrics", "created_at", "libraries", "method"} <= set(facts)
    assert {"scikit-learn", "numpy", "python"} <= set(facts["libraries"])
    for name in ("mae_days", "crps_days", "signed_error_days"):
        low, high = facts["metrics"]["intervals"][name]
        assert low < facts["metrics"][name] < high


def test_what_a_killed_training_left_half_written_goes_with_the_next(release: Path, model: DischargeModel) -> None:
    old, new = release.parent / ".new-killed", release.parent / ".new-writing"
    for folder in (old, new):
        folder.mkdir()
        (folder / "model.skops").write_bytes(b"half")
    day_before = old.stat().st_mtime - 2 * 86_400
    os.utime(old, (day_before, day_before))
    train.save_length_of_stay(model, release.parent.parent, END + timedelta(hours=1))
    assert [path.name for path in release.parent.glob(".new-*")] == [new.name]
