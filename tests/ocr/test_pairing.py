"""Which value belongs to which label: beside it, below it, behind it; and which is nobody's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hospital_ops.ml.ocr.identity import identity_fields
from hospital_ops.ml.ocr.insurance import insurance_fields
from hospital_ops.ml.ocr.payers import is_named
from tests.ocr.made_up import lines


def values(*placed: tuple[str, float, float]) -> dict[str, str]:
    return {key: found.string for key, found in insurance_fields(lines(*placed)).items()}


def test_a_value_stands_right_of_its_label() -> None:
    found = values(("Member Name", 0, 0), ("MARIA SANDOVAL", 250, 0), ("Member ID", 0, 40), ("XQH884217190", 250, 40))
    assert found["member_name"] == "MARIA SANDOVAL"
    assert found["member_id"] == "XQH884217190"


def test_a_value_stands_below_its_label_in_its_own_column() -> None:
    found = values(
        ("MEMBER ID", 0, 0), ("GROUP", 400, 0), ("EFFECTIVE", 700, 0),
        ("XQH884217190", 0, 26), ("0094417", 400, 26), ("01/01/2026", 700, 26),
    )  # fmt: skip
    assert (found["member_id"], found["group_number"], found["effective_date"]) == (
        "XQH884217190",
        "0094417",
        "01/01/2026",
    )


@pytest.mark.parametrize("label", ["IDEN TIFICATION NUMBER", "Mem ber ID", "SUBSCRIBE R ID"])
def test_a_label_may_have_a_space_that_the_reader_put_into_it(label: str) -> None:
    assert values((label, 0, 0), ("GAJ955848262", 0, 26))["member_id"] == "GAJ955848262"


def test_several_labels_share_one_line() -> None:
    found = values(("RxBIN: 610014 RxPCN: ADV RxGrp: RX8812", 0, 0))
    assert (found["rx_bin"], found["rx_pcn"]) == ("610014", "ADV")


@pytest.mark.parametrize("placed", [
    [("BIN / PCN: 610014 / MEDDPRIME", 0, 0)],
    [("RxBIN/PCN 610014/MEDDPRIME", 0, 0)],
    [("BIN/PCN/GRP: 610014 / MEDDPRIME / RX8812", 0, 0)],
    [("RxBIN | RxPCN", 0, 0), ("610014 | MEDDPRIME", 250, 0)],
    [("RxBIN/RxPCN/RxGRP", 0, 0), ("610014/MEDDPRIME/RX8812", 0, 26)],
    [("BIN & PCN#: 610014 MEDDPRIME", 0, 0)],
    [("BIN PCN 610014 MEDDPRIME", 0, 0)],
])  # fmt: skip
def test_labels_in_a_row_have_their_values_in_the_same_order(placed: list[tuple[str, float, float]]) -> None:
    found = insurance_fields(lines(*placed))
    assert {key: one.string for key, one in found.items()} == {"rx_bin": "610014", "rx_pcn": "MEDDPRIME"}
    assert not found["rx_bin"].doubts | found["rx_pcn"].doubts


def test_one_value_behind_two_labels_is_asked_about() -> None:
    found = insurance_fields(lines(("BIN / PCN: 610014", 0, 0)))
    assert {key: one.string for key, one in found.items()} == {"rx_bin": "610014"}
    assert found["rx_bin"].doubts


def test_a_heading_of_two_labels_over_two_columns_is_each_columns_own() -> None:
    found = values(("BIN", 0, 0), ("PCN", 120, 0), ("610014", 0, 26), ("ADV", 120, 26))
    assert (found["rx_bin"], found["rx_pcn"]) == ("610014", "ADV")


@pytest.mark.parametrize("decoy", ["RxGrp: RX8812", "Payer ID: 60054", "Plan Code: 720", "DOB: 03/14/1957", "ER: $250"])
def test_what_is_not_ours_becomes_no_field(decoy: str) -> None:
    assert not values((decoy, 0, 0)).keys() & {"group_number", "member_id", "plan", "effective_date"}


def test_the_group_beside_bin_and_pcn_is_the_pharmacys() -> None:
    found = values(("Group ID", 0, 0), ("0094417", 0, 26), ("BIN: 610014 PCN: ADV Group: RX8812", 0, 200))
    assert found["group_number"] == "0094417"


def test_the_members_line_is_the_phone_and_the_providers_is_not() -> None:
    found = values(("Providers: 888-555-0100", 0, 0), ("Customer Service: 800-555-0142", 0, 40))
    assert found["phone"] == "800-555-0142"


def test_two_different_member_numbers_raise_a_doubt() -> None:
    found = insurance_fields(lines(("Member ID: XQH884217190", 0, 0), ("ID: XQH884217199", 0, 60)))
    assert "two values" in found["member_id"].doubts


def test_a_name_without_a_label_is_only_a_guess() -> None:
    found = insurance_fields(lines(("MARIA SANDOVAL", 0, 0), ("Member ID: XQH884217190", 0, 40)))
    assert "no label" in found["member_name"].doubts


def test_a_medicare_card_names_each_thing_in_two_languages() -> None:
    found = values(
        ("Name/Nombre", 0, 0), ("JOHN L SMITH", 0, 26),
        ("Medicare Number/Numero de Medicare", 0, 80), ("1EG4-TE5-MK72", 0, 106),
        ("Entitled to/Con derecho a", 0, 160), ("Coverage starts/Cobertura empieza", 400, 160),
        ("HOSPITAL (PART A)", 0, 186), ("03-01-2016", 400, 186),
    )  # fmt: skip
    assert found["member_name"] == "JOHN L SMITH"
    assert found["member_id"] == "1EG4-TE5-MK72"
    assert found["effective_date"] == "03-01-2016"


def test_prose_is_no_payer() -> None:
    found = insurance_fields(lines(("Benefits are subject to plan limits.", 0, 0), ("RxBIN: 610014", 0, 40)))
    assert "payer" not in found


def test_a_licence_numbers_its_items() -> None:
    found = identity_fields(lines(
        ("4d DLN TK482915", 0, 0), ("3 DOB 03/14/1957", 0, 40), ("4b EXP 03/14/2030", 0, 80), ("1 SANDOVAL", 0, 120),
        ("2 MARIA TERESA", 0, 160), ("8 412 MAPLE AVE", 0, 200), ("COLUMBUS, OH 43215", 20, 226),
    ))  # fmt: skip
    said = {key: candidate.string for key, candidate in found.items()}
    assert said == {
        "id_number": "TK482915", "dob": "03/14/1957", "expiry": "03/14/2030", "name": "MARIA TERESA SANDOVAL",
        "address": "412 MAPLE AVE, COLUMBUS, OH 43215",
    }  # fmt: skip


@pytest.mark.parametrize("day", ["07/12/1971", "12/05/1971", "3/8/1971"])
def test_a_day_or_month_is_no_item_of_a_numbered_licence(day: str) -> None:
    found = identity_fields(
        lines(("1 SANDOVAL", 0, 0), ("2 MARIA", 0, 40), ("3 DOB " + day, 0, 80), ("4b EXP 03/12/2030", 0, 120))
    )
    assert (found["dob"].string, found["expiry"].string) == (day, "03/12/2030")


def test_each_of_two_labels_read_as_one_line_has_the_value_under_itself() -> None:
    found = insurance_fields(
        lines(
            ("Coverage start date Rx Grp", 0, 0), ("RXOMRY", 196, 29), ("11/06/23", 0, 30), ("ID: XQH884217190", 0, 90)
        )
    )
    assert found["effective_date"].string == "11/06/23"


def test_a_month_whose_o_was_read_as_a_nought_is_a_month() -> None:
    assert insurance_fields(lines(("Effective: 0ct 05, 2022", 0, 0)))["effective_date"].string == "0ct 05, 2022"


def test_an_issue_date_is_not_the_expiry() -> None:
    found = identity_fields(lines(("ISS 01/02/2020", 0, 0), ("EXP 03/14/2030", 0, 40)))
    assert found["expiry"].string == "03/14/2030"


def test_a_name_that_may_go_on_in_the_next_line_is_asked_about() -> None:
    card = [
        ("DOB 03/14/1957", 0, 200),
        ("412 MAPLE AVE", 0, 66),
        ("COLUMBUS, OH 43215", 0, 92),
        ("MARIA SANDOVAL", 0, 40),
    ]
    assert identity_fields(lines(*card))["name"].doubts == frozenset()
    two_lines = identity_fields(lines(*card, ("TERESA DE LA CRUZ", 0, 14)))
    assert two_lines["name"].doubts == {"two lines"}
    assert two_lines["name"].string == "MARIA SANDOVAL TERESA DE LA CRUZ"


def test_a_name_in_two_lines_has_the_family_over_the_given_ones_and_one_far_above_the_address_is_asked_about() -> None:
    place = (("412 MAPLE AVE", 0, 66), ("COLUMBUS, OH 43215", 0, 92), ("DOB 03/14/1957", 0, 200))
    stacked = identity_fields(lines(("BAPTISTE", 0, 14), ("THEODORE OTIS", 0, 40), *place))["name"]
    assert (stacked.string, stacked.doubts) == ("THEODORE OTIS BAPTISTE", {"two lines"})
    far = identity_fields(lines(("THEODORE BAPTISTE", 0, 0), *place))["name"]
    assert (far.string, far.doubts) == ("THEODORE BAPTISTE", {"far"})


def test_two_labels_of_one_thing_side_by_side_are_one() -> None:
    found = insurance_fields(lines(("Member Services Phone: 800-555-0142", 0, 0), ("Oncology 855-804-9570", 0, 26)))
    assert (found["phone"].string, found["phone"].doubts) == ("800-555-0142", frozenset())


def test_a_number_with_words_of_its_own_before_it_is_asked_about() -> None:
    found = insurance_fields(lines(("Customer Service", 0, 0), ("Oncology desk 855-804-9570", 0, 26)))
    assert "words before it" in found["phone"].doubts
    assert not insurance_fields(lines(("Customer Service", 0, 0), ("855-804-9570", 0, 26)))["phone"].doubts


def test_the_one_group_beside_the_pharmacys_numbers_may_be_the_pharmacys() -> None:
    row = ("BIN: 610014", 0, 0), ("PCN: ADV", 150, 0), ("Group: RX1234", 300, 0)
    assert "pharmacy's, perhaps" in insurance_fields(lines(*row))["group_number"].doubts
    theirs = insurance_fields(lines(("BIN: 610014", 0, 0), ("Group: 0094417", 300, 0), ("RxGrp: RX1234", 0, 40)))
    assert not theirs["group_number"].doubts


def sure(*placed: tuple[str, float, float]) -> dict[str, str]:
    return {key: found.string for key, found in insurance_fields(lines(*placed)).items() if not found.doubts}


@pytest.mark.parametrize(("line", "key", "value"), [
    ("Plan: Silver Simple PCP Saver", "plan", "Silver Simple PCP Saver"),
    ("Plan: High Deductible", "plan", "High Deductible"),
    ("Member effective date 01/01/2025", "effective_date", "01/01/2025"),
    ("Medical Record Number 18204471", "member_id", "18204471"),
    ("Group/Division: 09844-0001", "group_number", "09844-0001"),
    ("Fecha de efectividad: 01/03/2025", "effective_date", "01/03/2025"),
    ("Medicaid ID (RIN): 104882731", "member_id", "104882731"),
    ("Effective Date of Coverage: 03-01-2025", "effective_date", "03-01-2025"),
    ("RxIIN 610239", "rx_bin", "610239"),
    ("Número de contrato: VS40077218", "member_id", "VS40077218"),
])  # fmt: skip
def test_a_label_is_told_from_a_word_of_a_value(line: str, key: str, value: str) -> None:
    assert sure((line, 0, 0)) == {key: value}


@pytest.mark.parametrize("line", [
    "Effective Through: 12/31/2026", "PCP Effective Date: 01/01/2026", "Website: www.harbor-health.example",
    "Access Number 6004861234567890123", "Plan de salud del valle", "Copago: $25",
])  # fmt: skip
def test_what_only_sounds_like_ours_becomes_no_field(line: str) -> None:
    assert not values((line, 0, 0)).keys() - {"payer"}


def test_last_and_first_name_are_one_name() -> None:
    assert sure(("Last Name", 0, 0), ("OKAFOR", 0, 26), ("First Name", 0, 90), ("DARNELL", 0, 116)) == {
        "member_name": "DARNELL OKAFOR"
    }


def test_what_a_telephone_follows_is_no_payer() -> None:
    assert "payer" not in values(("Locate a Blue Health provider", 0, 0), ("800-555-0142", 400, 0))


@pytest.mark.parametrize("placed", [
    [("4d LICENSE NO.", 0, 0), ("TL418827", 0, 26)],
    [("Passport No. / No. du passeport / Pasaporte No.", 0, 0), ("TL418827", 0, 26)],
])  # fmt: skip
def test_an_identity_cards_number_has_labels_in_many_tongues(placed: list[tuple[str, float, float]]) -> None:
    assert identity_fields(lines(*placed))["id_number"].string == "TL418827"


def test_a_passport_says_each_thing_in_three_tongues() -> None:
    found = identity_fields(lines(
        ("Surname / Nom / Apellidos", 0, 0), ("TRAVELER", 0, 26), ("Given Names / Prénoms / Nombres", 0, 60), ("HAPPY", 0, 86),
        ("Date of birth / Date de naissance / Fecha de nacimiento", 0, 120), ("01 Jan 1981", 0, 146),
        ("Date of issue / Date de délivrance / Fecha de expedición", 0, 180), ("09 Mar 2020", 0, 206),
        ("Date of expiration / Date d'expiration / Fecha de caducidad", 0, 240), ("08 Mar 2030", 0, 266),
    ))  # fmt: skip
    assert {key: one.string for key, one in found.items()} == {
        "name": "HAPPY TRAVELER", "dob": "01 Jan 1981", "expiry": "08 Mar 2030",
    }  # fmt: skip


def test_an_items_number_is_no_part_of_an_address() -> None:
    found = identity_fields(lines(
        ("4d Num. Licencia: 4471028", 0, 0), ("1 Apellidos DEL PUEBLO RIVERA", 0, 40), ("2 Nombre JUAN", 0, 80), ("4b Vence 05/31/2029", 0, 120),
        ("8 CALLE LUNA 14", 0, 160), ("PONCE, PR 00731", 20, 186),
    ))  # fmt: skip
    assert {key: one.string for key, one in found.items()} == {
        "id_number": "4471028", "name": "JUAN DEL PUEBLO RIVERA", "expiry": "05/31/2029", "address": "CALLE LUNA 14, PONCE, PR 00731",
    }  # fmt: skip


def test_an_items_number_may_stand_apart_from_its_value() -> None:
    found = identity_fields(lines(
        ("4d", 0, 0), ("N 200 193 655 420", 60, 0), ("3 Date of Birth", 0, 40), ("06/03/1983", 0, 66), ("4b Exp", 300, 40), ("06/03/2029", 300, 66),
    ))  # fmt: skip
    assert found["id_number"].string == "N 200 193 655 420"


@pytest.mark.parametrize(("printed", "named"), [
    ("Surest", True), ("DELTA DENTAL", True), ("Zorblax", False), ("Surestone", False), ("The Guardian Group", False),
])  # fmt: skip
def test_a_payer_that_prints_only_its_name_is_known_by_it(printed: str, named: bool) -> None:
    assert is_named(printed) is named


def test_a_payers_short_name_is_its_name_where_it_is_printed_large() -> None:
    placed = lines(("GEHA", 0, 0), ("Government Employees Health Association", 200, 8), ("Name: LARRY UNDERHILL", 0, 80),
                   ("ID#: 20145578", 0, 120), ("RxBIN: 004336", 0, 160))  # fmt: skip
    large = [replace(one, height=48.0) if one.string == "GEHA" else one for one in placed]
    assert insurance_fields(large)["payer"].string == "GEHA"


@pytest.mark.parametrize(("placed", "asked"), [
    ([("1 SANDOVAL", 0, 100), ("2 MARIA FERNANDA", 0, 130), ("DE LOS ANGELES", 20, 156)], True),
    ([("1 SANDOVAL", 0, 60), ("2 MARIA", 0, 90), ("8 12 OAK ST", 0, 110), ("OLYMPIA, WA 98501", 20, 126)], False),
    ([("Nationality", 0, 0), ("USA", 0, 24), ("Surname", 0, 44), ("SANDOVAL", 0, 60), ("Given Names", 0, 90), ("MARIA", 0, 110)], False),
])  # fmt: skip
def test_a_name_goes_on_in_the_next_line_only_if_that_is_no_other_thing(
    placed: list[tuple[str, float, float]], asked: bool
) -> None:
    numbered = [("4d TK482915", 400, 0), ("3 03/14/1957", 400, 40), ("4b 03/14/2030", 400, 80)]
    found = identity_fields(lines(*placed, *numbered))
    assert ("may go on" in found["name"].doubts) is asked
