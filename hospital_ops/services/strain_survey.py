"""A survey of the staff becomes the strain model's coefficients. The answers themselves are read and not kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.events import MODELS, Event
from hospital_ops.infra.db import read_session
from hospital_ops.infra.models_folder import models_folder
from hospital_ops.ml import gate, registry, strain_fit
from hospital_ops.ml import strain as model_of
from hospital_ops.ml.strain_labels import Label, read_labels
from hospital_ops.models import User
from hospital_ops.queries.clock import hospital_zone, real_now
from hospital_ops.services import release_pointer
from hospital_ops.services.access import require
from hospital_ops.services.strain import people_at
from hospital_ops.services.unit_of_work import unit_of_work


@dataclass(frozen=True, slots=True)
class Fitted:
    """What came of it; `why_not`: why the gate keeps it from serving; `bad` names lines by number, never by what stood there."""

    name: str
    version: str
    log_loss: float
    log_loss_of_the_share: float
    why_not: tuple[str, ...]
    bad: tuple[str, ...]


def fit_survey(actor: Actor, text: str) -> Fitted:
    """Fit, and let it serve if it passes its gate; what failed is kept and says why.

    Refuses, in a sentence, what nothing can be learned from. What served before serves on in both cases.
    """
    require(actor, Permission.MODEL_MANAGE)
    try:
        with read_session() as session:
            users = {name: user_id for name, user_id in session.exec(select(User.username, User.id)) if user_id}
            labels = read_labels(text, users)
            answers, bad = _with_their_weeks(session, labels.good)
        model = strain_fit.fit(answers)
    except ValueError as error:
        raise Invalid(str(error), code="survey_refused") from error
    measures = model.metadata["metrics"]
    folder = models_folder(get_settings().data_dir)
    version = model_of.save(model, folder, real_now())
    why_not = gate.failures(model_of.KIND, model_of.facts_of(model))
    # Counts alone: who answered, and what, stands nowhere.
    counts = {"answers": model.metadata["answers"], "left": len(labels.bad) + len(bad), "serves": not why_not}
    if act := _commit(actor, folder, version, counts):
        registry.finish(folder, model_of.KIND, act)
    left = (*labels.bad, *bad)
    return Fitted(model.name, version, measures["log_loss"], measures["log_loss_of_the_share"], tuple(why_not), left)


def _commit(actor: Actor, folder: Path, version: str, counts: dict[str, Any]) -> int | None:
    """The number of the act that lets it serve, to be finished; None for what did not pass."""
    with unit_of_work(actor) as work, release_pointer.alone(work, folder, model_of.KIND) as before:
        work.record("strain.fit", "model", **counts)
        if not counts["serves"]:
            return None
        work.announce(Event("model.activated", {"kind": model_of.KIND}, (MODELS,)))
        return release_pointer.intend(work, folder, model_of.KIND, version, before)


def _with_their_weeks(session: Session, labels: list[Label]) -> tuple[list[strain_fit.Answer], list[str]]:
    """Each answer beside the four weeks before its day; those of people with too few shifts then are left."""
    by_day: dict[date, list[Label]] = defaultdict(list)
    for label in labels:
        by_day[label.surveyed_on].append(label)
    answers, left = [], 0
    for day, asked in by_day.items():
        until = datetime.combine(day, time(), hospital_zone()).astimezone(UTC)
        loads = {one.user_id: one for one in people_at(session, until)}
        for label in asked:
            if label.user_id in loads:
                person = loads[label.user_id]
                answers.append(strain_fit.Answer(label.user_id, person.work, label.exhausted, person.role))
            else:
                left += 1
    words = f"{left} answers are of people with fewer than four shifts in the four weeks before; they are left."
    return answers, [words] if left else []
