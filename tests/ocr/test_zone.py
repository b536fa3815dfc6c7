"""The machine-readable zone: believed where its checks hold, and never against what the card prints without asking."""

from __future__ import annotations

import pytest

from hospital_ops.ml.ocr.identity import identity_fields
from hospital_ops.ml.ocr.zone import completed, confirmed, digit, is_of_a_zone, read_zone
from tests.ocr.made_up import lines

PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
CARD = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")


def placed(*zone: str) -> list[tuple[str, float, float]]:
    return [(words, 0, 600 + 30 * n) for n, words in enumerate(zone)]


@pytest.mark.parametrize(
    ("number", "check"), [("L898902C3", 6), ("740812", 2), ("120415", 9), ("D23145890", 7), ("ZE184226B<<<<<", 1)]
)
def test_check_digits_are_those_of_the_standards_specimens(number: str, check: int) -> None:
    assert digit(number) == check


@pytest.mark.parametrize(("rows", "number"), [(PASSPORT, "L898902C3"), (CARD, "D23145890")])
def test_a_zone_says_number_birth_expiry_and_name(rows: tuple[str, ...], number: str) -> None:
    zone = read_zone(lines(*placed(*rows)))
    assert zone is not None
    assert zone.said == {"id_number": number, "dob": "740812", "expiry": "120415", "name": "ANNA MARIA ERIKSSON"}
    assert {key: part.string for key, part in zone.parts.items()} == {
        key: value for key, value in zone.said.items() if key != "name"
    }


@pytest.mark.parametrize("row", [
    "L898902C37UTO7408122F1204159ZE184226B<<<<<10", "L8989O2C36UTO7408122F1204159ZE184226B<<<<<10",
    "L898902C36UTO7408132F1204159ZE184226B<<<<<10", "L898902C36UTO7408122F1204158ZE184226B<<<<<10",
])  # fmt: skip
def test_a_zone_with_one_character_wrong_says_nothing(row: str) -> None:
    assert read_zone(lines(*placed(PASSPORT[0], row))) is None


def test_what_is_not_printed_is_taken_from_the_zone() -> None:
    rows = lines(*placed(*PASSPORT))
    zone = read_zone(rows)
    assert zone is not None
    found = completed({}, zone)
    values, both, differ = confirmed({key: one.string for key, one in found.items()}, set(), zone)
    assert values == {"id_number": "L898902C3", "dob": "1974-08-12", "expiry": "2012-04-15"}
    assert not both | differ


@pytest.mark.parametrize(("printed", "told", "both", "differ"), [
    ({"dob": "12 Aug 1974"}, "12 Aug 1974", {"dob"}, set()),
    ({"dob": "12 08 1974"}, "1974-08-12", {"dob"}, set()),  # as much of the world prints it
    ({"dob": "08/12/1974"}, "08/12/1974", {"dob"}, set()),
    ({"dob": "08/13/1974"}, "08/13/1974", set(), {"dob"}),
    ({"name": "Anna María Eriksson"}, "", {"name"}, set()),
    ({"name": "ANNA ERIKSSON"}, "", set(), {"name"}),
    ({"id_number": "L898902C3"}, "", {"id_number"}, set()),
    ({"id_number": "L898902G3"}, "", set(), {"id_number"}),
])  # fmt: skip
def test_print_and_zone_confirm_or_contradict_each_other(
    printed: dict[str, str], told: str, both: set[str], differ: set[str]
) -> None:
    zone = read_zone(lines(*placed(*PASSPORT)))
    assert zone is not None
    values, agree, contradict = confirmed(printed, set(printed), zone)
    assert (agree, contradict) == (both, differ)
    assert values.get("dob", "") == told


def test_a_zones_lines_are_no_names() -> None:
    assert all(is_of_a_zone(line) for line in lines(*placed(*CARD)))


@pytest.mark.parametrize(("label", "day", "asked"), [
    ("Fecha de nacimiento", "12 06 1990", True), ("Fecha de nacimiento", "06 06 1990", False),
    ("Date of birth / Fecha de nacimiento", "12/06/1990", False), ("DOB", "12/06/1990", False),
])  # fmt: skip
def test_a_day_that_a_foreign_card_may_print_first_is_asked_about(label: str, day: str, asked: bool) -> None:
    found = identity_fields(lines((label, 0, 0), (day, 0, 26)))
    assert ("day or month" in found["dob"].doubts) is asked
