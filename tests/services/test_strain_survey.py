"""A survey becomes coefficients: by who manages models alone, refused in words, with no answer kept anywhere."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from hospital_ops.cli import main
from hospital_ops.domain.access import CLOCK
from hospital_ops.domain.errors import Invalid, NotAllowed
from hospital_ops.exits import Exit
from hospital_ops.infra.db import new_session
from hospital_ops.ml import registry
from hospital_ops.models import Shift, ShiftAssignment, User
from hospital_ops.queries.strain import own_strain
from hospital_ops.services import serving, strain, strain_survey
from hospital_ops.services.strain_survey import fit_survey
from tests.cast import Cast


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (serving, strain_survey):
        monkeypatch.setattr(module, "models_folder", lambda folder: tmp_path / "models")
    return tmp_path / "models"


@pytest.fixture
def answers(cast: Cast) -> str:
    """Two hundred nurses with a month each; the more often they came back too soon, the likelier they say yes."""
    rng = np.random.default_rng(1)
    lines = ["user,surveyed_on,exhausted"]
    with new_session() as session:
        shifts = {}
        for day in range(1, 28):
            for hour in (0, 13):
                starts = cast.now - timedelta(days=day) + timedelta(hours=hour)
                shifts[day, hour] = Shift(
                    ward_id=cast.wards["east"], role="nurse", starts_at=starts, ends_at=starts + timedelta(hours=4)
                )
        people = [User(username=f"n{n}", display_name=f"N {n}", role="nurse") for n in range(200)]
        session.add_all([*shifts.values(), *people])
        session.flush()
        for n, person in enumerate(people):
            often = n % 10
            kept = [one for (day, hour), one in shifts.items() if hour == 0 or day <= often]
            session.add_all(ShiftAssignment(shift_id=one.id or 0, user_id=person.id or 0) for one in kept)
            yes = rng.random() < 0.1 + 0.08 * often
            lines.append(f"n{n},{cast.now.date()},{'yes' if yes else 'no'}")
        session.commit()
    return "\n".join([*lines, "nobody,2026-03-02,yes"])


def test_it_is_fitted_serves_and_keeps_no_answer(cast: Cast, answers: str, models: Path) -> None:
    fitted = fit_survey(cast.admin, answers)
    assert fitted.bad == ("Line 202: nobody has that username.",)
    assert fitted.log_loss < fitted.log_loss_of_the_share
    strain.score(CLOCK)
    told = own_strain(cast.people["feed"] + 10)
    assert told["model"] == "Fitted on 200 answers of this hospital's survey"
    (line,) = cast.audited("strain.fit")
    assert line.facts == {"answers": 200, "left": 1, "serves": True}
    kept = "".join(file.read_text() for file in models.rglob("*.json"))
    assert "n17" not in kept + json.dumps([row.facts for row in cast.audited()])


def test_only_who_manages_models_may(cast: Cast, answers: str, models: Path) -> None:
    for name in ("staffing", "manager", "nurse"):
        with pytest.raises(NotAllowed):
            fit_survey(cast.as_actor(name), answers)
    assert not models.exists()


def test_too_few_answers_are_refused_and_the_published_odds_stay(cast: Cast, answers: str, models: Path) -> None:
    with pytest.raises(Invalid, match="are too few to learn from"):
        fit_survey(cast.admin, "\n".join(answers.splitlines()[:50]))
    with pytest.raises(Invalid, match="surveyed_on"):
        fit_survey(cast.admin, "user,exhausted\nn1,yes\n")
    strain.score(CLOCK)
    assert "no survey" in own_strain(cast.people["feed"] + 10)["model"]
    assert cast.audited("strain.fit") == []


def test_what_fails_its_gate_is_kept_and_does_not_serve(
    cast: Cast, answers: str, models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Answers that alternate follow from no roster."""
    lines = answers.splitlines()
    file = tmp_path / "survey.csv"
    mixed = [f"{line.rsplit(',', 1)[0]},{'yes' if n % 20 < 10 else 'no'}" for n, line in enumerate(lines[1:-1])]
    file.write_text("\n".join([lines[0], *mixed]))
    assert main(["survey", str(file)]) == Exit.RELEASE_REFUSED
    said = capsys.readouterr().err
    assert "do not follow from hours, nights, rest and tasks." in said
    assert "is kept and does not serve" in said
    assert registry.active_version(models, "strain") is None
    assert len(registry.versions(models, "strain")) == 1
    assert [line.facts["serves"] for line in cast.audited("strain.fit")] == [False]
    assert cast.audited("model.activate") == []
    strain.score(CLOCK)
    told = own_strain(cast.people["feed"] + 10)["model"]
    assert told == "Published odds: no survey of this hospital has been read"


def test_the_command_says_what_came_of_it(
    cast: Cast, answers: str, models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "survey.csv"
    file.write_text(answers)
    assert main(["survey", str(file)]) == Exit.OK
    said = capsys.readouterr().out
    assert "Fitted on 200 answers" in said
    assert "Line 202" in said
    file.write_text("user\n")
    assert main(["survey", str(file)]) == Exit.DATA_REFUSED
    assert main(["survey", str(tmp_path / "none.csv")]) == Exit.DATA_REFUSED
