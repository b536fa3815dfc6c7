"""Contesting one's own strain index: said, taken back, answered; the words sealed and in no log."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from hospital_ops.domain.errors import Conflict, Invalid, NotFound
from hospital_ops.infra.db import read_session
from hospital_ops.models import StrainContest
from hospital_ops.queries.strain import contests_value, own_strain
from hospital_ops.services import strain_contests
from tests.cast import Cast, fresh
from tests.services.six import Action, Given, SixQuestions, Written
from tests.services.strain_scenes import scored

WORDS = "Maria says I was on leave that week."


def with_an_index(cast: Cast) -> Given:
    scored(cast)
    return {"words": WORDS}


def contested(cast: Cast) -> Given:
    scored(cast)
    cast.__dict__["contest"] = strain_contests.contest(cast.nurse, WORDS)
    return {}


def to_answer(cast: Cast) -> Given:
    contested(cast)
    return {"contest_id": cast.__dict__["contest"], "words": "The roster was wrong.", "wrong": True}


def status(cast: Cast) -> str:
    return str(own_strain(cast.people["nurse"])["contest"]["status"])


ACTIONS = [
    Action(
        strain_contests.contest,
        with_an_index,
        who="nurse",
        works=lambda cast, given: status(cast) == "open",
        audit=("strain.contest",),
        events=("strain.contested",),
        wrong_role="feed",
        no_ward="one's own index is in no ward",
        again="contest_open",
        rival=lambda cast, given: strain_contests.contest(cast.nurse, "from my phone"),
        told="contest_open",
    ),
    Action(
        strain_contests.withdraw,
        contested,
        who="nurse",
        works=lambda cast, given: status(cast) == "",
        audit=("strain.withdraw",),
        events=("strain.contest_withdrawn",),
        wrong_role="feed",
        no_ward="one's own index is in no ward",
        rival=lambda cast, given: strain_contests.answer(
            cast.admin, cast.__dict__["contest"], "The roster is right.", wrong=False
        ),
        told="",
    ),
    Action(
        strain_contests.answer,
        to_answer,
        who="admin",
        works=lambda cast, given: status(cast) == "wrong",
        audit=("strain.answer",),
        events=("strain.answered",),
        wrong_role="staffing",
        no_ward="only who looks after the models answers, for the whole house",
        again="changed_meanwhile",
        rival=lambda cast, given: strain_contests.withdraw(cast.nurse),
    ),
]


@pytest.mark.parametrize("action", ACTIONS, ids=str)
class TestSixQuestions(SixQuestions):
    pass


def test_the_words_are_sealed_and_read_by_who_answers_alone(cast: Cast) -> None:
    contested(cast)
    row = fresh(StrainContest, cast.__dict__["contest"])
    assert b"leave" not in bytes(row.words_sealed or b"")
    (told,) = contests_value()["contests"]
    assert (told["who"], told["words"]) == ("Nina Nurse", WORDS)
    assert "index" not in json.dumps(told), "who answers sees the words and no index"
    written = Written.now()
    assert WORDS not in json.dumps([line.facts for line in written.audit] + [one.facts for one in written.events])


def test_taken_back_the_words_are_gone(cast: Cast) -> None:
    contested(cast)
    strain_contests.withdraw(cast.nurse)
    with read_session() as session:
        assert session.get_one(StrainContest, cast.__dict__["contest"]).words == ""
    assert contests_value()["contests"] == []


def test_nobody_answers_their_own(cast: Cast) -> None:
    given = to_answer(cast)
    nurse_as_admin = replace(cast.admin, user_id=cast.people["nurse"])
    with pytest.raises(Conflict) as refusal:
        strain_contests.answer(nurse_as_admin, **given)
    assert refusal.value.code == "own_contest"


def test_without_an_index_or_words_there_is_nothing_to_contest(cast: Cast) -> None:
    with pytest.raises(NotFound):
        strain_contests.contest(cast.nurse, WORDS)
    scored(cast)
    for words in ("", "  \n", "x" * 2001):
        with pytest.raises(Invalid):
            strain_contests.contest(cast.nurse, words)


def test_the_answer_reaches_the_person(cast: Cast) -> None:
    strain_contests.answer(cast.admin, **to_answer(cast))
    told = own_strain(cast.people["nurse"])["contest"]
    assert (told["status"], told["answer"]) == ("wrong", "The roster was wrong.")
