"""The bench counts what it says it counts, on cards that are the same for everybody."""

from __future__ import annotations

import json

import pytest

from benchmarks.cards import fonts
from benchmarks.cards.generate import sample, samples
from benchmarks.cards.photo import GRADES
from benchmarks.cards.templates import TEMPLATES, is_kept_out, split
from benchmarks.ocr import BOTH, EASY, OUTCOMES, RAPID, installed, main, outcome, parser, quantile, same, wilson
from hospital_ops.domain.documents import FIELD_KEYS, ExtractedField, Reading, Side, Verdict
from hospital_ops.ml.ocr import second


def test_two_templates_in_five_are_kept_out_by_their_names_alone() -> None:
    assert len(split(True)) >= 0.4 * len(TEMPLATES)
    assert {t.name for t in split(True)}.isdisjoint(t.name for t in split(False))
    assert is_kept_out("harbor") is is_kept_out("harbor")
    assert {t.side for t in split(True)} == {t.side for t in split(False)} == {str(side) for side in Side}


def test_the_same_seed_is_the_same_card() -> None:
    one, other = sample(TEMPLATES[0], "handheld", 5), sample(TEMPLATES[0], "handheld", 5)
    assert one == other
    assert sample(TEMPLATES[0], "handheld", 6).truth != one.truth


def test_cards_are_drawn_in_the_pinned_fonts_whatever_the_machine_has() -> None:
    """Where this fails, requirements-dev.txt is not installed, and a seed draws other cards than elsewhere."""
    for role, faces in fonts.PINNED.items():
        assert [path.rpartition("/")[2].replace(".ttf", "") for path in fonts.choices(role)] == list(faces)


def test_without_the_pinned_fonts_the_machines_are_drawn_in_and_without_those_pillows_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fonts, "_found", lambda: {"DejaVuSans": "/here/DejaVuSans.ttf"})
    assert fonts.choices("sans") == ["/here/DejaVuSans.ttf"]
    assert fonts.names() == ["DejaVuSans.ttf"]
    monkeypatch.setattr(fonts, "_found", dict)
    assert fonts.choices("sans") == []
    assert fonts.names() == ["Aileron (Pillow's own)"]


def test_one_file_holds_several_styles() -> None:
    plain, bold = (
        fonts.font(next(p for p in fonts.choices(role) if "Arimo" in p), 40) for role in ("sans", "sans-bold")
    )
    assert bold.getlength("group") > 1.02 * plain.getlength("group")


def test_a_truth_holds_only_fields_that_cards_have() -> None:
    for one in samples(len(split(False)), "flat", kept_out=False):
        assert one.truth.keys() <= set(FIELD_KEYS[Side(one.side)])
        assert one.jpeg.startswith(b"\xff\xd8\xff")


def reading(**fields: tuple[str, bool]) -> Reading:
    found = {
        key: ExtractedField(value, 0.9, unsure, "rapidocr", (0, 0, 1, 1)) for key, (value, unsure) in fields.items()
    }
    return Reading(Verdict.READ, fields=found)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (reading(member_id=("XQH1", False)), "right"),
        (reading(member_id=("XQH 1", True)), "right_unsure"),
        (reading(member_id=("XQH7", True)), "wrong_unsure"),
        (reading(), "missing"),
        (reading(member_id=("XQH7", False)), "silently_wrong"),
    ],
)
def test_each_outcome_has_its_name(found: Reading, said: str) -> None:
    assert outcome("member_id", found, {"member_id": "XQH1"}) == said
    assert said in OUTCOMES


def test_a_field_that_the_card_does_not_print_is_silently_wrong() -> None:
    assert outcome("payer", reading(payer=("Nobody Health", False)), {}) == "silently_wrong"


def test_a_lost_space_makes_a_name_wrong_and_a_number_not() -> None:
    assert not same("member_name", "MARIASANDOVAL", "MARIA SANDOVAL")
    assert same("member_id", "XQH884", "XQH 884")


def test_wilson_is_wide_for_few_and_never_outside_nought_and_one() -> None:
    share, low, high = wilson(20, 20)
    assert (share, round(low, 3), round(high, 3)) == (1.0, 0.839, 1.0)
    assert wilson(0, 0) == (0.0, 0.0, 1.0)


def test_a_run_prints_every_share_with_its_interval(capsys: pytest.CaptureFixture[str]) -> None:
    """Two cards of each grade by the real reader in its own process: the table's shape, not its figures."""
    assert main(["--cards", "2", "--json", "--readers", RAPID]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["templates"] == "kept out"
    assert said["fonts"] == fonts.names()
    assert said["readers"].keys() == {RAPID}
    assert said["readers"][RAPID].keys() == set(GRADES)
    for row in said["readers"][RAPID].values():
        assert row["cards"] == 2
        for share in ("field_exact", "card_exact", "member_id_exact", "silently_wrong", "right_but_unsure"):
            got, low, high = row[share]
            assert 0.0 <= low <= got <= high <= 1.0
        assert row["seconds_median"] <= row["seconds_p95"] <= row["seconds_worst"]
        assert row["memory_mb"] > 100
        for counts in row["fields"].values():
            assert counts.keys() == {*OUTCOMES, "exact"}


def test_every_installed_reader_is_scored_and_both_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second, "is_installed", lambda: True)
    assert installed() == (RAPID, EASY, BOTH)
    monkeypatch.setattr(second, "is_installed", lambda: False)
    assert installed() == (RAPID,)


def test_two_hundred_cards_a_grade_are_read_unless_fewer_are_asked_for() -> None:
    assert parser().parse_args([]).cards == 200


@pytest.mark.parametrize(("share", "value"), [(0.5, 2.0), (0.95, 4.0), (0.75, 3.0)])
def test_a_quantile_is_one_of_the_values(share: float, value: float) -> None:
    assert quantile([4.0, 1.0, 3.0, 2.0], share) == value
