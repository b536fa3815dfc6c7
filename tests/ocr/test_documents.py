"""A card's words made comparable: dates as US cards write them, numbers whatever their layout."""

from __future__ import annotations

from datetime import date

import pytest

from hospital_ops.domain.documents import FIELD_KEYS, Side, as_date, comparable


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("01/31/2026", date(2026, 1, 31)),
        ("1-5-26", date(2026, 1, 5)),
        ("2026-01-31", date(2026, 1, 31)),
        ("31 JAN 2026", date(2026, 1, 31)),
        ("Jan 31, 2026", date(2026, 1, 31)),
        ("03/14/57", date(1957, 3, 14)),
        ("13/14/2026", None),
        ("XQH884217190", None),
        ("", None),
    ],
)
def test_a_printed_date_is_one_day_or_none(printed: str, day: date | None) -> None:
    assert as_date(printed) == day


@pytest.mark.parametrize(
    ("key", "one", "other", "alike"),
    [
        ("member_id", "XQH 884-217-190", "xqh884217190", True),
        ("member_id", "XQHO84217190", "XQH084217190", False),
        ("phone", "1-800-555-0142", "(800) 555-0142", True),
        ("dob", "3/14/1957", "1957-03-14", True),
        ("dob", "3/14/1957", "4/13/1957", False),
    ],
)
def test_layout_makes_no_difference_and_spelling_does(key: str, one: str, other: str, alike: bool) -> None:
    assert (comparable(key, one) == comparable(key, other)) is alike


def test_each_side_has_its_fields() -> None:
    assert FIELD_KEYS[Side.ID_PHOTO] == ("name", "dob", "id_number", "address", "expiry")
    assert "member_id" in FIELD_KEYS[Side.INSURANCE_FRONT]
