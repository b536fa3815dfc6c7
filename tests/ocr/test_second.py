"""The second reader: its weights are the published ones or nothing is loaded; the real one reads, where installed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from hospital_ops.ml.ocr.second import WrongWeights, check_weights, is_installed, second_reader


def test_weights_with_another_hash_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "english_g2.pth").write_bytes(b"not the weights")
    with pytest.raises(WrongWeights, match=r"english_g2\.pth"):
        check_weights(tmp_path, {"english_g2.pth": "5864788e1821be9e454ec108d61b887d"})


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongWeights, match="missing"):
        check_weights(tmp_path, {"craft_mlt_25k.pth": "2f8227d2def4037cdb3b34389dcf9ec1"})


def test_the_published_weights_pass(tmp_path: Path) -> None:
    (tmp_path / "w.pth").write_bytes(b"weights")
    check_weights(tmp_path, {"w.pth": hashlib.md5(b"weights", usedforsecurity=False).hexdigest()})


if is_installed():

    @pytest.mark.slow
    @pytest.mark.filterwarnings("ignore")  # torch announces its own deprecations while loading
    def test_the_real_easyocr_reads_a_line_with_its_real_weights() -> None:
        import numpy as np
        from PIL import Image, ImageDraw, ImageFont

        page = Image.new("RGB", (420, 60), "white")
        ImageDraw.Draw(page).text((12, 10), "XQH884217190", font=ImageFont.load_default(36), fill="black")
        reader = second_reader()
        assert reader is not None
        said, sure = reader.read(np.asarray(page))
        assert said.replace(" ", "") == "XQH884217190"
        assert sure > 0.5

else:

    def test_where_it_is_not_installed_nobody_is_asked() -> None:
        assert second_reader() is None
