"""The second reader: its weights are the published ones or nothing is loaded; the real one reads, where installed."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from hospital_ops.ml.ocr import second
from hospital_ops.ml.ocr.second import WrongWeights, check_weights, is_installed, published, second_reader

REQUIRED = bool(os.environ.get("HOSPITAL_REQUIRE_EASYOCR"))
# As EasyOCR 1.7.2 lists them. Its own list is what is compared with; this says that the list is still that one.
HASHES = {
    "craft_mlt_25k.pth": "2f8227d2def4037cdb3b34389dcf9ec1",
    "english_g2.pth": "5864788e1821be9e454ec108d61b887d",
}


def test_weights_with_another_hash_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "english_g2.pth").write_bytes(b"not the weights")
    with pytest.raises(WrongWeights, match=r"english_g2\.pth"):
        check_weights(tmp_path, {"english_g2.pth": HASHES["english_g2.pth"]})


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongWeights, match="missing"):
        check_weights(tmp_path, {"craft_mlt_25k.pth": HASHES["craft_mlt_25k.pth"]})


def test_the_published_weights_pass(tmp_path: Path) -> None:
    (tmp_path / "w.pth").write_bytes(b"weights")
    check_weights(tmp_path, {"w.pth": hashlib.md5(b"weights", usedforsecurity=False).hexdigest()})


if is_installed() or REQUIRED:
    pytestmark = pytest.mark.filterwarnings("ignore")  # torch announces its own deprecations while loading

    def line(words: str) -> bytes:
        page = Image.new("RGB", (420, 60), "white")
        ImageDraw.Draw(page).text((12, 10), words, font=ImageFont.load_default(36), fill="black")
        out = io.BytesIO()
        page.save(out, "PNG")
        return out.getvalue()

    def test_easyocr_lists_the_weights_that_we_expect() -> None:
        assert published() == HASHES

    @pytest.mark.slow
    def test_the_real_easyocr_reads_a_line_with_its_real_weights() -> None:
        from hospital_ops.ml.ocr.pixels import open_image

        reader = second_reader()
        assert reader is not None
        said, sure = reader.read(open_image(line("XQH884217190"))[0])
        assert said.replace(" ", "") == "XQH884217190"
        assert sure > second.LEAST

else:

    def test_where_it_is_not_installed_nobody_is_asked() -> None:
        assert second_reader() is None
