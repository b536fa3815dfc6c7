"""From probabilities to characters, on tables small enough to check by hand."""

from __future__ import annotations

import numpy as np

from hospital_ops.ml.ocr.glyphs import Alphabet

SIGNS = ["blank", "A", "B", "0", "O", "字", "：", ":", " "]


def decoded(*steps: dict[str, float]):  # type: ignore[no-untyped-def]
    table = np.array([[step.get(sign, 0.0) for sign in SIGNS] for step in steps])
    return Alphabet(SIGNS).decode(table)


def test_a_run_is_one_character_and_a_blank_parts_two() -> None:
    assert decoded({"A": 0.9}, {"A": 0.8}, {"blank": 1.0}, {"A": 0.7}).string == "AA"


def test_the_weakest_character_is_known_with_what_else_it_may_be() -> None:
    text = decoded({"A": 0.99}, {"0": 0.6, "O": 0.38})
    assert text.weakest == 0.6
    assert (text.glyphs[1].char, text.glyphs[1].other) == ("0", "O")


def test_a_space_that_shares_its_steps_with_the_blank_is_found() -> None:
    found = decoded({"A": 0.9}, {"blank": 0.55, " ": 0.45}, {"B": 0.9})
    none = decoded({"A": 0.9}, {"blank": 0.98, " ": 0.02}, {"B": 0.9})
    assert (found.string, none.string) == ("A B", "AB")


def test_a_space_that_may_have_been_lost_is_remembered_where_it_would_stand() -> None:
    text = decoded({"A": 0.9}, {"blank": 0.95, " ": 0.05}, {"B": 0.9}, {"blank": 0.99, " ": 0.01}, {"A": 0.9})
    assert text.string == "ABA"
    assert text.perhaps == (0.3,)
    assert text.part(0, 2).perhaps == (0.3,)
    assert text.part(1, 3).perhaps == ()


def test_a_twin_of_print_counts_for_it_and_a_foreign_sign_is_noted() -> None:
    text = decoded({"：": 0.6, ":": 0.3}, {"字": 0.9, "A": 0.1})
    assert text.string == ":A"
    assert text.glyphs[0].p == np.float64(0.6) + 0.3
    assert text.lost > 0.8
