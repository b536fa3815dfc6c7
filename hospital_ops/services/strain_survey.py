"""A survey of the staff becomes the strain model's coefficients. The answers themselves are read and not kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlmodel import Session, select

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.events import MODELS, Event
from hospital_ops.infra.db import read_session
from hospital_ops.infra.models_folder import models_folder
from hospital_ops.ml import registry
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
    """What came of it; `bad` names lines by number, never by what stood there."""

    name: str
    version: str
    log_loss: float
    log_loss_of_the_share: float
    bad: tuple[str, ...]


def fit_survey(actor: Actor, text: str) -> Fitted:
    """Fit and activate. Refuses, in a sentence, what nothing can be learned from; the model that served serves on."""
    require(actor, Permission.MODEL_MANAGE)
    try:
        with read_session() as session:
            users = {name: user_id for name, user_id in session.exec(select(User.username, User.id)) if user_id}
            labels = read_labels(text, users)
            answers, bad = _with_their_weeks(session, labels.good)
        model = model_of.fit(answers)
    except ValueError as error:
        raise Invalid(str(error), code="survey_refused") from error
    measures = model.metadata["metrics"]
    folder = models_folder(get_settings().data_dir)
    version = model_of.save(model, folder, real_now())
    with unit_of_work(actor) as work, release_pointer.alone(work, folder, model_of.KIND) as before:
        # Counts alone: who answered, and what, stands nowhere.
        work.record("strain.fit", "model", answers=len(answers), left=len(labels.bad) + len(bad))
        work.announce(Event("model.activated", {"kind": model_of.KIND}, (MODELS,)))
        act = release_pointer.intend(work, folder, model_of.KIND, version, before)
    registry.finish(folder, model_of.KIND, act)
    return Fitted(model.name, version, measures["log_loss"], measures["log_loss_of_the_share"], (*labels.bad, *bad))


def _with_their_weeks(session: Session, labels: list[Label]) -> tuple[list[model_of.Answer], list[str]]:
    """Each answer beside the four weeks before its day; those of people with too few shifts then are left."""
    by_day: dict[date, list[Label]] = defaultdict(list)
    for label in labels:
        by_day[label.surveyed_on].append(label)
    answers, left = [], 0
    for day, asked in by_day.items():
        until = datetime.combine(day, time(), hospital_zone()).astimezone(UTC)
        loads = {one.user_id: one.work for one in people_at(session, until)}
        for label in asked:
            if label.user_id in loads:
                answers.append(model_of.Answer(label.user_id, loads[label.user_id], label.exhausted))
            else:
                left += 1
    words = f"{left} answers are of people with fewer than four shifts in the four weeks before; they are left."
    return answers, [words] if left else []
