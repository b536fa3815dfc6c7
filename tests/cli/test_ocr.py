"""`./hospital ocr … --json`: one list on stdout whatever the files are, without a server, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from PIL import Image, ImageOps

from hospital_ops.domain.documents import IDENTITY_FIELDS, INSURANCE_FIELDS, ROTATIONS

ROOT = Path(__file__).resolve().parents[2]
CARDS = ROOT / "tests" / "data" / "cards"
TRUTH: dict[str, dict[str, Any]] = json.loads((CARDS / "truth.json").read_text())
MARIA = TRUTH["front_maria.jpg"]["fields"]
VERDICTS = {"read", "unsure", "not_a_card", "unreadable"}
NO_PICTURE = ("empty.jpg", "words.jpg", "half.jpg", "svg.png", "folder", "absent.jpg")


def maria() -> Image.Image:
    with Image.open(CARDS / "front_maria.jpg") as photo:
        return photo.convert("RGB")


def files_in(folder: Path) -> dict[str, Path]:
    """What people send, by name."""
    card = maria()
    sideways = card.rotate(90, expand=True)  # a phone's way: the pixels lie, the EXIF says how they are meant
    exif = Image.Exif()
    exif[0x0112] = 6
    sideways.save(folder / "exif.jpg", "JPEG", quality=92, exif=exif)
    card.save(folder / "card.png")
    card.save(folder / "card.webp", quality=90)
    card.save(folder / "card.pdf")
    pillow_heif.from_pillow(card).save(folder / "card.heic")
    for turned in ROTATIONS:
        card.rotate(-turned, expand=True).save(folder / f"turned_{turned}.jpg", "JPEG", quality=92)
    card.resize((5200, round(5200 * card.height / card.width))).save(folder / "huge.jpg", "JPEG", quality=80)
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "words.jpg").write_text("my card is XQH884217190")
    (folder / "half.jpg").write_bytes((CARDS / "front_maria.jpg").read_bytes()[:20_000])
    (folder / "svg.png").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "folder").mkdir()
    (folder / "cat.jpg").write_bytes((CARDS / "not_a_card.jpg").read_bytes())
    (folder / "licence.jpg").write_bytes((CARDS / "id_maria.jpg").read_bytes())
    return {path.name: path for path in [*sorted(folder.iterdir()), folder / "absent.jpg"]}


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Path], subprocess.CompletedProcess[str]]:
    """Every file in one call, with none of the settings that a server would need."""
    files = files_in(tmp_path_factory.mktemp("cards"))
    bare = {name: value for name, value in os.environ.items() if not name.startswith("HOSPITAL_")}
    command = [sys.executable, "-m", "hospital_ops", "ocr", *map(str, files.values()), "--json"]
    done = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, timeout=300, check=False)
    return files, done


@pytest.fixture(scope="module")
def rows(answered: tuple[dict[str, Path], subprocess.CompletedProcess[str]]) -> dict[str, dict[str, Any]]:
    files, done = answered
    assert done.returncode == 0, done.stderr
    return dict(zip(files, json.loads(done.stdout), strict=True))


def test_stdout_is_one_list_with_a_row_a_file_in_order(
    answered: tuple[dict[str, Path], subprocess.CompletedProcess[str]],
) -> None:
    files, done = answered
    said = json.loads(done.stdout)
    assert [row["file"] for row in said] == [str(path) for path in files.values()]
    assert done.stdout.strip()[0] + done.stdout.strip()[-1] == "[]"


def test_each_row_has_the_words_that_were_promised(rows: dict[str, dict[str, Any]]) -> None:
    keys = {*INSURANCE_FIELDS, *IDENTITY_FIELDS}
    for row in rows.values():
        assert list(row) == ["file", "verdict", "rotated", "seconds", "fields"]
        assert row["verdict"] in VERDICTS
        assert row["rotated"] in ROTATIONS
        assert isinstance(row["seconds"], float)
        assert row["fields"].keys() <= keys
        for found in row["fields"].values():
            assert list(found) == ["value", "confidence", "unsure", "reader", "box"]
            assert 0.0 <= found["confidence"] <= 1.0
            assert isinstance(found["unsure"], bool)
            assert [type(edge) for edge in found["box"]] == [int] * 4


@pytest.mark.parametrize("name", NO_PICTURE)
def test_what_cannot_be_opened_is_unreadable_and_no_failure(rows: dict[str, dict[str, Any]], name: str) -> None:
    assert (rows[name]["verdict"], rows[name]["fields"]) == ("unreadable", {})


def test_a_cat_is_not_a_card(rows: dict[str, dict[str, Any]]) -> None:
    assert (rows["cat.jpg"]["verdict"], rows["cat.jpg"]["fields"]) == ("not_a_card", {})


@pytest.mark.parametrize("name", ["card.png", "card.webp", "card.heic", "card.pdf", "exif.jpg", "huge.jpg"])
def test_every_kind_of_file_says_the_same(rows: dict[str, dict[str, Any]], name: str) -> None:
    row = rows[name]
    assert (row["verdict"], row["rotated"]) == ("read", 0)
    assert {key: found["value"] for key, found in row["fields"].items()} == MARIA


@pytest.mark.parametrize("turned", ROTATIONS)
def test_the_turn_is_found_and_the_card_read_anyway(rows: dict[str, dict[str, Any]], turned: int) -> None:
    row = rows[f"turned_{turned}.jpg"]
    assert (row["verdict"], row["rotated"]) == ("read", turned)
    assert row["fields"]["member_id"]["value"] == MARIA["member_id"]


def test_a_licence_tells_by_itself_that_it_is_one(rows: dict[str, dict[str, Any]]) -> None:
    fields = {key: found["value"] for key, found in rows["licence.jpg"]["fields"].items()}
    assert fields == TRUTH["id_maria.jpg"]["fields"]


@pytest.mark.parametrize("name", ["exif.jpg", "huge.jpg", "card.heic", "turned_90.jpg", "turned_180.jpg"])
def test_a_box_lies_on_its_value_in_the_photo_as_a_viewer_shows_it(
    answered: tuple[dict[str, Path], Any], rows: dict[str, dict[str, Any]], name: str
) -> None:
    pillow_heif.register_heif_opener()
    with Image.open(answered[0][name]) as given:
        shown = ImageOps.exif_transpose(given).convert("L")
    row = rows[name]
    box = row["fields"]["member_id"]["box"]
    upright = shown.crop(box).rotate(row["rotated"], expand=True)
    reference = maria().convert("L").crop(rows["card.png"]["fields"]["member_id"]["box"])
    # The same ink, give or take two pixels; another line, or this one on its head, is like it by chance only.
    assert likeness(upright, reference) > 0.45 > abs(likeness(upright.rotate(180), reference))


def likeness(one: Image.Image, other: Image.Image) -> float:
    """The correlation of two crops, -1 to 1, at one small size."""
    import numpy as np

    small = [np.asarray(picture.resize((160, 24)), float).ravel() for picture in (one, other)]
    return float(np.corrcoef(*small)[0, 1])


def test_without_json_each_file_gets_its_lines(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").write_bytes(b"")
    command = [sys.executable, "-m", "hospital_ops", "ocr", str(tmp_path / "empty.jpg")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, f"{tmp_path / 'empty.jpg'}: unreadable")
