"""Intake: what a patient is asked, in which order, and what may be written as an answer.

A draft keeps whatever was typed, right or wrong, so that nothing a patient wrote is lost. Rules only say what is still
missing or cannot be used, as codes; domain.intake_words has the sentence for each, in each language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum

from hospital_ops.domain.documents import DocumentStatus
from hospital_ops.domain.documents import Side as DocumentSide
from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.identifiers import check_birth_date, policy_key, read_date

__all__ = ["DocumentSide", "DocumentStatus"]


class RegistrationStatus(StrEnum):
    STARTED = "started"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    ADMITTED = "admitted"
    CANCELLED = "cancelled"


LANGUAGES: tuple[str, ...] = ("en", "es")
STEPS: tuple[str, ...] = ("name", "birth", "contact", "why", "insurance", "photos", "consent", "review", "done")
SEXES: tuple[str, ...] = ("female", "male", "other", "unknown")
VISITS: tuple[str, ...] = ("urgent", "planned", "referred")
COVERS: tuple[str, ...] = ("yes", "no")
# The patient agrees to one wording: a changed text is a new version, and what was signed stays what it was.
CONSENT_VERSION = "2026-11"
# While the desk has not confirmed, the patient may still change an answer.
PATIENT_MAY_WRITE = frozenset({RegistrationStatus.STARTED, RegistrationStatus.SUBMITTED})
# What the desk may ask by screen, in characters and in number; for more there is a voice.
LONGEST_QUESTION = 300
MOST_QUESTIONS = 10
LONGEST_REPLY = 600
# Whom the desk still has to look after.
ON_DESK = frozenset({RegistrationStatus.STARTED, RegistrationStatus.SUBMITTED, RegistrationStatus.CONFIRMED})

Values = Mapping[str, str]
Check = Callable[[str, date], str]  # (answer, today) → a problem's code, "" when it can be used


def _name(answer: str, today: date) -> str:
    return "" if re.search(r"[^\W\d_]", answer) else "bad_name"


def _birth(answer: str, today: date) -> str:
    try:
        born = read_date(answer)
    except Invalid:
        return "bad_date"
    if born > today:
        return "date_in_future"
    try:
        check_birth_date(born, today)
    except Invalid:
        return "date_too_old"
    return ""


def _phone(answer: str, today: date) -> str:
    digits = re.sub(r"\D", "", answer)
    return "" if 7 <= len(digits) <= 15 else "bad_phone"


def _policy(answer: str, today: date) -> str:
    return "" if 3 <= len(policy_key(answer)) <= 40 else "bad_policy"


def _among(choices: tuple[str, ...]) -> Check:
    return lambda answer, today: "" if answer in choices else "choose_one"


def _consent(answer: str, today: date) -> str:
    return "" if answer == CONSENT_VERSION else "consent_needed"


_DRAWN = re.compile(r"drawn:[ML0-9 .]{8,20000}")


def _signature(answer: str, today: date) -> str:
    typed = answer.removeprefix("typed:")
    if answer.startswith("typed:"):
        return "" if len(typed.strip()) >= 2 else "signature_needed"
    return "" if _DRAWN.fullmatch(answer) else "signature_needed"


def _anything(answer: str, today: date) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Question:
    """One field. `needed(values)` says whether it must be answered; `longest` is in characters."""

    name: str
    step: str
    longest: int = 120
    needed: Callable[[Values], bool] = lambda values: False
    check: Check = _anything


def _always(values: Values) -> bool:
    return True


def _insured(values: Values) -> bool:
    return values.get("has_insurance") == "yes"


QUESTIONS: dict[str, Question] = {
    q.name: q
    for q in (
        Question("first_name", "name", 80, _always, _name),
        Question("last_name", "name", 80, _always, _name),
        Question("dob", "birth", 20, _always, _birth),
        Question("sex", "birth", 10, check=_among(SEXES)),
        Question("phone", "contact", 30, check=_phone),
        Question("address", "contact", 300),
        Question("visit", "why", 20, _always, _among(VISITS)),
        Question("reason", "why", 1000, _always),
        Question("has_insurance", "insurance", 3, _always, _among(COVERS)),
        Question("insurance_payer", "insurance", 120),
        Question("insurance_policy_num", "insurance", 60, _insured, _policy),
        Question("insurance_group", "insurance", 60),
        Question("consent", "consent", 20, _always, _consent),
        Question("signature", "consent", 20_100, _always, _signature),
    )
}


@dataclass
class Draft:
    """What a patient has written so far. `tried`: steps left with the button, whose problems are shown by then.
    `kept`: card fields where the patient said that their own answer is right, with what the card said.
    `asked`: the desk's questions in their order, {"question", "answer"}; "" is "not answered yet"."""

    values: dict[str, str] = field(default_factory=dict)
    tried: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | None) -> Draft:
        return cls(**json.loads(text)) if text else cls()


def clean_answer(name: str, answer: str) -> str:
    """An answer as it is kept. Refuses unknown fields and endless texts; everything else is kept as typed."""
    question = QUESTIONS.get(name)
    if question is None:
        raise Invalid("There is no such question.", code="no_such_question")
    return clean_text(answer, question.longest)


def clean_text(words: str, longest: int) -> str:
    """Words as they are kept: without control characters, never endless."""
    # A hard space, as spreadsheets have it, or a tab is a space: dropped, it would join two names.
    spaced = "".join(" " if c.isspace() and c != "\n" else c for c in words)
    kept = "".join(c for c in spaced if c.isprintable() or c == "\n").strip()
    if len(kept) > longest:
        raise Invalid(f"Please write this in at most {longest} characters.", code="too_long")
    return kept


def problems(values: Values, today: date, steps: tuple[str, ...] = STEPS) -> dict[str, str]:
    """Field → code, for every question of `steps` that is missing or cannot be used; in the order of the questions."""
    found = {q.name: _problem(q, values, today) for q in QUESTIONS.values() if q.step in steps}
    return {name: code for name, code in found.items() if code}


def _problem(question: Question, values: Values, today: date) -> str:
    answer = values.get(question.name, "")
    if not answer:
        missing = {"consent": "consent_needed", "signature": "signature_needed"}
        return missing.get(question.name, "missing") if question.needed(values) else ""
    # What nobody asked for cannot be wrong: a policy number beside "I have no insurance".
    if question.name == "insurance_policy_num" and not question.needed(values):
        return ""
    return question.check(answer, today)


def first_open_step(values: Values, today: date) -> str:
    """Where a patient should go on: the first step with a problem, else the review."""
    open_steps = {QUESTIONS[name].step for name in problems(values, today)}
    return next((step for step in STEPS if step in open_steps), "review")


def steps_before(step: str) -> tuple[str, ...]:
    """The steps that must be in order before this one is shown."""
    return STEPS[: STEPS.index(step)]
