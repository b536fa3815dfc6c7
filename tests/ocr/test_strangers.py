"""What cards that nobody here drew showed: labels under their values, other wordings, other papers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hospital_ops.domain.documents import ExtractedField, Side, Verdict
from hospital_ops.ml.ocr.custom import against
from hospital_ops.ml.ocr.identity import SAYS_ID, identity_fields
from hospital_ops.ml.ocr.insurance import insurance_fields, says_back
from hospital_ops.ml.ocr.layout import Piece, pieces
from hospital_ops.ml.ocr.papers import another_paper, words_of_the_trade
from hospital_ops.ml.ocr.repairs import repaired
from hospital_ops.ml.ocr.sight import takes_zeros_for_letters, without_letters
from hospital_ops.ml.ocr.verdicts import verdict
from tests.ocr.made_up import lines, text

Placed = tuple[str, float, float]
UNDER: list[Placed] = [
    ("CALEB PIKE", 0, 0), ("MEMBER NAME", 0, 22), ("NN485350132", 0, 70), ("MEMBER ID NUMBER", 0, 92),
    ("990236", 0, 140), ("GROUP NUMBER", 0, 162), ("611669", 0, 210), ("RX BIN", 0, 232),
]  # fmt: skip


def of_height(*placed: tuple[str, float, float, float]) -> list[Piece]:
    """(words, left, top, height) each as a line, half its height a letter."""
    quads = np.array(
        [[[x, y], [x + h / 2 * len(w), y], [x + h / 2 * len(w), y + h], [x, y + h]] for w, x, y, h in placed],
        np.float32,
    )
    return pieces([text(words) for words, *_ in placed], quads, 0.0)


def sure(found: dict) -> dict[str, str]:
    return {key: one.string for key, one in found.items() if not one.doubts}


def test_a_card_with_its_labels_under_the_values_is_told_by_what_stands_nearer() -> None:
    assert sure(insurance_fields(lines(*UNDER))) == {
        "member_name": "CALEB PIKE",
        "member_id": "NN485350132",
        "group_number": "990236",
        "rx_bin": "611669",
    }


def test_a_card_with_its_labels_over_the_values_stays_one() -> None:
    labels = [
        one for one in UNDER if one[0].isupper() and not any(c.isdigit() for c in one[0]) and "PIKE" not in one[0]
    ]
    values = [(words, x, y + 44) for words, x, y in UNDER if (words, x, y) not in labels]
    found = sure(insurance_fields(lines(*labels, *values)))
    assert (found["member_name"], found["member_id"], found["group_number"]) == ("CALEB PIKE", "NN485350132", "990236")


def test_one_label_with_a_value_nearer_over_it_than_under_it_is_asked_about() -> None:
    found = insurance_fields(lines(("NN485350132", 0, 0), ("MEMBER ID", 0, 22), ("990236", 0, 72)))
    assert found["member_id"].doubts >= {"nearer above"}


@pytest.mark.parametrize(
    ("label", "value", "field"),
    [
        ("Núm. de afiliado", "JVA52647256", "member_id"),
        ("Nro. de contrato", "JVA52647256", "member_id"),
        ("ID del miembro", "DZZ213783961", "member_id"),
        ("Núm. de grupo", "1497157", "group_number"),
        ("Núm. del grupo", "1497157", "group_number"),
        ("Servicio al afiliado", "866.311.3964", "phone"),
        ("Cubierta:", "Choice POS II", "plan"),
    ],
)
def test_spanish_wordings(label: str, value: str, field: str) -> None:
    assert sure(insurance_fields(lines((label, 0, 0), (value, 0, 26))))[field] == value


@pytest.mark.parametrize(
    ("label", "value", "field"),
    [("Employee ID", "431914534", "member_id"), ("Vigencia", "02/15/2022", "effective_date")],
)
def test_what_is_only_mostly_meant_is_asked_about(label: str, value: str, field: str) -> None:
    found = insurance_fields(lines((label, 0, 0), (value, 0, 26)))
    assert (found[field].string, "another's, perhaps" in found[field].doubts) == (value, True)


@pytest.mark.parametrize("payer", ["Plan Medico del Sur", "Plan de Salud Costa Verde"])
def test_a_payer_in_large_letters_is_no_plan(payer: str) -> None:
    found = insurance_fields(
        of_height((payer, 0, 0, 60), ("Nombre: PIERCE PIKE", 0, 120, 26), ("Cubierta: POS II", 0, 160, 26))
    )
    assert (found["payer"].string, found["plan"].string) == (payer, "POS II")


def test_a_large_plan_of_the_trade_stays_one() -> None:
    found = insurance_fields(
        of_height(
            ("Plan Choice POS II", 0, 0, 60), ("Member ID: XQH884217191", 0, 120, 26), ("Group: 0094417", 0, 160, 26)
        )
    )
    assert found["plan"].string == "Choice POS II"


def test_a_payers_second_line_belongs_to_it_and_is_asked_about() -> None:
    found = insurance_fields(
        of_height(
            ("ClearView Vision", 0, 0, 50),
            ("Care", 0, 58, 52),
            ("Member ID: 5280724441", 0, 200, 26),
            ("Exam $10", 0, 240, 26),
        )
    )
    assert (found["payer"].string, found["payer"].doubts >= {"two lines"}) == ("ClearView Vision Care", True)


def test_the_mark_of_medicares_drug_plans_is_no_payer() -> None:
    found = insurance_fields(
        of_height(
            ("Wellpoint", 0, 0, 50),
            ("MedicareRx", 600, 0, 40),
            ("Saver Rx (PDP)", 0, 80, 32),
            ("ID: PJ282717255", 0, 160, 26),
            ("RxBIN: 612797", 0, 200, 26),
        )
    )
    assert sure(found) == {
        "payer": "Wellpoint",
        "plan": "Saver Rx (PDP)",
        "member_id": "PJ282717255",
        "rx_bin": "612797",
    }


def test_the_group_next_under_bin_and_pcn_is_the_pharmacys() -> None:
    found = insurance_fields(
        lines(
            ("Group No:", 0, 0),
            ("V57116", 150, 0),
            ("BIN: 623421", 500, 200),
            ("PCN: ADV", 500, 226),
            ("GRP: YZNX68", 500, 252),
        )
    )
    assert sure(found)["group_number"] == "V57116"


def test_a_word_ends_a_number() -> None:
    found = insurance_fields(lines(("MEMBER ID 88231114 SAVED 1.20", 0, 0)))
    assert (found["member_id"].string, bool(found["member_id"].doubts)) == ("88231114", True)


LICENCE = ("4d DLN B1234567", 0, 0), ("1 HUTCHINS", 0, 26), ("2 OMAR", 0, 52), ("RENO, NV 89511", 0, 104)


def test_a_lane_is_no_last_name() -> None:
    found = identity_fields(lines(*LICENCE, ("8 4789 MEADOW LN", 0, 78)))
    assert sure(found)["address"] == "4789 MEADOW LN, RENO, NV 89511"


@pytest.mark.parametrize(
    "dates", ["DOB 10/30/1948EXP 11/17/2028", "3 DOB 10/30/1948 4b EXP 11/17/2028", "DOB 10/30/19484b EXP 11/17/2028"]
)
def test_a_years_last_figures_are_no_items_number(dates: str) -> None:
    found = sure(identity_fields(lines((dates, 0, 0))))
    assert (found["dob"], found["expiry"]) == ("10/30/1948", "11/17/2028")


def test_a_number_may_have_lost_its_space_behind_its_label_and_is_asked_about() -> None:
    found = identity_fields(lines(("ID NOH1189847", 0, 0), ("DOB 10/30/1948", 0, 30)))
    assert (found["id_number"].string, bool(found["id_number"].doubts)) == ("H1189847", True)


@pytest.mark.parametrize(
    "words", ["EMPLOYMENT AUTHORIZATION USCIS#", "Georgia ID CARD", "ISS 10/17/2021 SEX M HT 6-01 EYES GRN"]
)
def test_words_of_an_identity_card(words: str) -> None:
    assert SAYS_ID.search(words)


def test_a_short_year_beside_a_long_one_is_asked_about() -> None:
    assert against(Side.ID_PHOTO, {"dob": "10/30/19", "expiry": "11/17/2028"}).keys() == {"dob"}
    assert not against(Side.ID_PHOTO, {"dob": "10/30/49", "expiry": "11/17/28"})


def test_a_bin_has_no_letters() -> None:
    assert repaired("rx_bin", "O2I612") == "021612"


@pytest.mark.parametrize(
    ("strings", "taken"),
    [
        (["Customer Service: 1 (80o) 579-3278"], True), (["O24612 / IRXCOM"], True), (["PO Box 1427", "H0388-062", "OH 43O16"], True),
        (["PO Box 1427", "OH 43016", "Office $10"], False),
    ],
)  # fmt: skip
def test_a_font_whose_zeros_are_taken_for_letters_shows_it_elsewhere_on_the_card(
    strings: list[str], taken: bool
) -> None:
    assert takes_zeros_for_letters(strings) is taken


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("SUBTOTAL 17.67 TAX 1.24 TOTAL 18.91 VISA MEMBER ID 88231004", "receipt"),
        ("APPOINTMENT REMINDER Patient: Rohan Ferris. Please arrive early. To cancel call 614-555-0190", "appointment"),
        ("Dear Mr. Pruitt, your plan has changed. Sincerely, Celeste Winslow", "letter"),
        ("FreshWay Rewards Member No. 6046 Member since 2019", "shop"),
        ("SaveRx Discount Card BIN: 610378 THIS IS NOT INSURANCE", "discount"),
        ("Account Number: 1000 4471 882 Statement date: 10/02/2026 Amount due: $88.14", "bill"),
        ("AutoGuard Motor Insurance Policy Number: AG 4471 8820 Vehicle: 2019 Civic VIN: 2HGFC2F59KH512345", "vehicle"),
        ("First Prairie Bank VISA debit 4417 1234 5678 9113", "bank"),
        ("Member ID XQH884 Group 0094417 Discounts at our stores. Member since 2019", None),
        ("Appointments and advice: 800-555-0100. To cancel an appointment call 800-555-0101. Medical record no. 1234567", None),
        ("Total deductible $500. Show this card at each visit. Emergency $150. Health savings account", None),
    ],
)  # fmt: skip
def test_papers_that_are_no_card(words: str, kind: str | None) -> None:
    assert another_paper(words) == kind


def field(value: str) -> ExtractedField:
    return ExtractedField(value, 1.0, False, "rapidocr", (0, 0, 1, 1))


@pytest.mark.parametrize(
    ("words", "keys", "word"),
    [
        ("Franklin County Library Name: Caleb Fairchild 614-555-0150", ("member_name", "phone"), Verdict.NOT_A_CARD),
        ("Name: Caleb Fairchild Aetna PPO", ("member_name", "plan"), Verdict.UNSURE),
        ("IRONWORKS GYM Member: Trent Pruitt Plan: Gold", ("member_id", "member_name", "plan"), Verdict.NOT_A_CARD),
        ("FreshWay Member No. 6046882100 GWENDOLYN KNOX", ("member_id", "member_name"), Verdict.NOT_A_CARD),
        ("Wellpoint Member ID 6046882100 GWENDOLYN KNOX Group 0094417", ("member_id", "member_name"), Verdict.READ),
    ],
)
def test_a_front_speaks_of_its_trade(words: str, keys: tuple[str, ...], word: Verdict) -> None:
    image = np.tile(np.array([0, 255], np.uint8), (8, 8))
    assert verdict(Side.INSURANCE_FRONT, {key: field("x") for key in keys}, [text(words)], image) == word


def test_a_licence_needs_no_word_of_the_trade() -> None:
    assert words_of_the_trade("OHIO DRIVER LICENSE 4d B1234567 DOB 03/14/1957") == 0
    image = np.tile(np.array([0, 255], np.uint8), (8, 8))
    keys = ("name", "dob", "id_number")
    assert verdict(Side.ID_PHOTO, {key: field("x") for key in keys}, [text("OHIO 4d B1234567")], image) == Verdict.READ


def test_a_question_mark_ends_a_label() -> None:
    found = insurance_fields(lines(("Effective 10/06/2022 Questions? (855) 738-4918", 0, 0)))
    assert (found["effective_date"].string, found["phone"].string) == ("10/06/2022", "(855) 738-4918")


def test_a_whole_date_ends_a_value() -> None:
    found = identity_fields(lines(("Issued 05/06/2024 Expires 04/16/2029", 0, 0)))
    assert sure(found) == {"expiry": "04/16/2029"}


def test_a_nombre_beside_apellidos_is_the_given_name_and_asked_about() -> None:
    for fields, key in ((identity_fields, "name"), (insurance_fields, "member_name")):
        found = fields(lines(("Apellidos PIKE", 0, 0), ("Nombre CHESTER SVETLANA", 0, 30)))
        assert (found[key].string, bool(found[key].doubts)) == ("CHESTER SVETLANA PIKE", True)


def test_a_whole_name_that_holds_the_last_one_stays() -> None:
    found = identity_fields(lines(("Last Name PIKE", 0, 0), ("Name CHESTER PIKE", 0, 30)))
    assert sure(found)["name"] == "CHESTER PIKE"


def test_a_day_read_with_letters_is_asked_about() -> None:
    found = identity_fields(lines(("4b EXP II/14/2O26", 0, 0)))
    assert (repaired("expiry", found["expiry"].string), found["expiry"].doubts >= {"shape"}) == ("11/14/2026", True)


def test_a_postcode_read_with_an_o_still_ends_an_address() -> None:
    found = identity_fields(lines(("8258 N 3RD ST", 0, 0), ("BUFFALO, NY 142O2", 0, 26)))
    assert repaired("address", found["address"].string) == "8258 N 3RD ST, BUFFALO, NY 14202"


def test_a_spanish_back_is_told_for_one() -> None:
    assert says_back("Proveedores: 855-645-9217 Farmacia: 800-650-1326 Envíe reclamaciones a: PO Box 9901")


def test_a_payer_that_begins_with_a_label_of_something_else() -> None:
    found = insurance_fields(
        of_height(("Medico Familiar", 0, 0, 60), ("Grupo: 1497157", 0, 120, 26), ("Plan: PPO", 0, 160, 26))
    )
    assert found["payer"].string == "Medico Familiar"


@pytest.mark.parametrize(
    ("read", "meant"),
    [("JVO52647256", "JV052647256"), ("26O272O72-64", "260272072-64"), ("OHPDP", "OHPDP"), ("1OO4", "1004")],
)
def test_in_a_font_whose_zeros_look_like_letters_an_o_beside_a_figure_is_a_nought(read: str, meant: str) -> None:
    assert without_letters(read) == meant


def test_a_bullet_hides_no_character_of_what_stands_apart_from_it() -> None:
    line = text("10/06/2022 . 800-555-0142")
    bullet = (line.glyphs[11].at, 0.9)
    seen = replace(line, lost=0.9, foreign=(bullet,))
    assert (seen.part(0, 10).lost, seen.part(13, 25).lost, seen.part(0, 13).lost) == (0.0, 0.0, 0.9)
    assert seen.part(13, 25).part(0, 12).lost == 0.0


def test_a_foreign_sign_between_a_value_and_its_neighbours_may_hide_one_of_its_characters() -> None:
    line = text("10/06/2022 Questions")
    between = ((line.glyphs[9].at + line.glyphs[10].at) / 2, 0.9)
    assert replace(line, lost=0.9, foreign=(between,)).part(0, 10).lost == 0.9


def test_where_nothing_says_where_the_foreign_sign_stood_it_may_be_anywhere() -> None:
    assert replace(text("10/06/2022 Questions"), lost=0.9).part(0, 10).lost == 0.9
