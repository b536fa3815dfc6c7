"""The catalogue: two languages with the same keys and placeholders, and a sentence for every state and problem."""

from __future__ import annotations

import re

import pytest

from hospital_ops.domain.documents import FIELD_KEYS, DocumentStatus, Side
from hospital_ops.domain.intake import QUESTIONS, STEPS
from hospital_ops.domain.intake_words import WORDS, say
from hospital_ops.infra.images import SENTENCES
from hospital_ops.pages.intake import REFUSALS


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_say_it_with_the_same_places(key: str) -> None:
    english, spanish = WORDS[key]
    assert english.strip()
    assert spanish.strip()
    assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", spanish))


@pytest.mark.parametrize(
    "key",
    [
        *(f"document.{status}" for status in DocumentStatus),
        *(f"upload.{code}" for code in SENTENCES),
        *(f"side.{side}" for side in Side),
        *(f"card.{name}" for names in FIELD_KEYS.values() for name in names),
        *QUESTIONS,
        *(step for step in STEPS),
    ],
)
def test_every_state_field_and_refusal_has_words(key: str) -> None:
    assert key in WORDS


def test_an_unknown_language_is_english() -> None:
    assert say("next", "xx") == "Next"


@pytest.mark.parametrize("key", REFUSALS.values())
def test_every_refusal_that_a_page_of_intake_may_show_has_the_patients_words(key: str) -> None:
    assert key in WORDS
