"""The real reader on the specimens: every field, every way up, and what is no card."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from hospital_ops.domain.documents import FIELD_KEYS, Side, Verdict, comparable
from hospital_ops.ml.ocr import read_card, report, warm_up
from hospital_ops.ml.ocr.engines import weights
from hospital_ops.ml.ocr.insurance import says_back

CARDS = Path(__file__).parents[1] / "data" / "cards"
TRUTH: dict[str, dict[str, Any]] = json.loads((CARDS / "truth.json").read_text())
REAL = {file: truth for file, truth in TRUTH.items() if truth["fields"]}


@pytest.mark.parametrize("file", REAL)
def test_a_specimen_is_read_whole_and_without_doubt(file: str) -> None:
    reading = read_card((CARDS / file).read_bytes(), REAL[file]["side"], second=False)
    wanted = {key: comparable(key, value) for key, value in REAL[file]["fields"].items()}
    assert {key: comparable(key, found.value) for key, found in reading.fields.items()} == wanted
    assert not any(found.unsure for found in reading.fields.values())
    assert reading.verdict is Verdict.READ
    assert reading.rotated == REAL[file]["rotated"]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_card_is_read_whichever_way_it_lies(turned: int) -> None:
    with Image.open(CARDS / "front_maria.jpg") as photo:
        upright = photo.copy()
    out = io.BytesIO()
    upright.rotate(-turned, expand=True).save(out, "JPEG", quality=92)
    reading = read_card(out.getvalue(), "insurance_front", second=False)
    assert reading.rotated == turned
    assert reading.fields["member_id"].value == "XQH884217190"
    x0, y0, x1, y1 = reading.fields["member_id"].box
    # The box lies in the photo as it was given, so it is wide or high as the card lies.
    assert (x1 - x0 > y1 - y0) == (turned in (0, 180))
    assert 0 <= x0 < x1 <= reading.width
    assert 0 <= y0 < y1 <= reading.height


def test_a_huge_photo_is_opened_smaller_and_its_boxes_are_not() -> None:
    with Image.open(CARDS / "front_maria.jpg") as photo:
        huge = photo.resize((5000, round(5000 * photo.height / photo.width)))
    out = io.BytesIO()
    huge.save(out, "JPEG", quality=80)
    small = read_card((CARDS / "front_maria.jpg").read_bytes(), "insurance_front", second=False)
    reading = read_card(out.getvalue(), "insurance_front", second=False)
    assert (reading.width, reading.height) == huge.size
    times = reading.width / small.width
    assert reading.fields["member_id"].box == pytest.approx(
        [edge * times for edge in small.fields["member_id"].box], abs=40
    )


def jpeg(picture: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG")
    return out.getvalue()


def receipt() -> bytes:
    page = Image.new("RGB", (600, 700), "white")
    pen = ImageDraw.Draw(page)
    for n, words in enumerate(("CORNER MARKET", "123 Main Street", "Tel 614-555-0101", "Milk 3.49", "TOTAL 6.48")):
        pen.text((60, 40 + 60 * n), words, font=ImageFont.load_default(32), fill="black")
    return jpeg(np.asarray(page))


NOTHING = {
    "a receipt": (receipt(), Verdict.NOT_A_CARD),
    "a cat": ((CARDS / "not_a_card.jpg").read_bytes(), Verdict.NOT_A_CARD),
    "a dark pocket": (jpeg(np.full((480, 640, 3), 6, np.uint8)), Verdict.UNREADABLE),
    "no picture": (b"%PDF-1.7", Verdict.UNREADABLE),
    "half a picture": ((CARDS / "front_maria.jpg").read_bytes()[:9_000], Verdict.UNREADABLE),
}


@pytest.mark.parametrize(("photo", "word"), NOTHING.values(), ids=NOTHING.keys())
def test_what_is_no_card_gets_its_word_and_no_field(photo: bytes, word: Verdict) -> None:
    reading = read_card(photo, "insurance_front", second=False)
    assert (reading.verdict, reading.fields) == (word, {})


def test_the_report_has_a_row_a_file_in_the_words_of_the_command(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff nothing")
    rows = report([CARDS / "front_maria.jpg", broken, CARDS / "id_maria.jpg", tmp_path / "absent.jpg"])
    assert [row["verdict"] for row in rows] == ["read", "unreadable", "read", "unreadable"]
    assert json.loads(json.dumps(rows)) == rows
    assert rows[0].keys() == {"file", "verdict", "rotated", "seconds", "fields"}
    assert rows[0]["fields"].keys() == set(FIELD_KEYS[Side.INSURANCE_FRONT])
    assert rows[0]["fields"]["member_id"].keys() == {"value", "confidence", "unsure", "reader", "box"}
    assert rows[2]["fields"].keys() == set(FIELD_KEYS[Side.ID_PHOTO])


def test_a_back_that_names_nobody_is_told_for_one_by_what_it_is_about() -> None:
    page = Image.new("RGB", (1100, 500), "white")
    pen = ImageDraw.Draw(page)
    about = (
        "For members: 877-555-0119 (TTY 711)",
        "For providers: 877-555-0120",
        "Pharmacists: 877-555-0121",
        "Send claims to: PO Box 118, Salem OR 97301",
        "Precertification is required. In an emergency call 911.",
    )
    for n, words in enumerate(about):
        pen.text((50, 60 + 70 * n), words, font=ImageFont.load_default(32), fill="#222222")
    reading = read_card(jpeg(np.asarray(page)), "auto", second=False)
    assert reading.verdict in (Verdict.READ, Verdict.UNSURE)
    assert comparable("phone", reading.fields["phone"].value) == "8775550119"


@pytest.mark.parametrize(
    ("words", "back"),
    [
        ("Dear Ms. Alvarez, bring your member card. Call us with any question about claims.", False),
        ("Providers: send claims to PO Box 9. Pharmacists call 800-555-0100.", True),
    ],
)
def test_a_letter_is_no_back(words: str, back: bool) -> None:
    assert says_back(words) is back


def test_a_file_that_the_cleaner_refuses_is_unreadable() -> None:
    def refuse(data: bytes) -> tuple[bytes, float]:
        raise ValueError("no")

    assert report([CARDS / "front_maria.jpg"], refuse)[0]["verdict"] == "unreadable"


def test_the_weights_are_in_the_wheel_and_warming_up_twice_is_cheap() -> None:
    assert all(Path(path).is_file() for path in weights())
    warm_up()
    warm_up()
