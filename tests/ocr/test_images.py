"""What an upload may be: every bad one ends in a sentence, every good one in a plain upright JPEG."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from hospital_ops.infra.images import MOST_BYTES, SENTENCES, BadImage, inspect, sanitise

CARD = Path(__file__).parents[1] / "data" / "cards" / "front_maria.jpg"


def picture(kind: str, size: tuple[int, int] = (320, 200), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#88aacc").save(out, kind, **more)  # type: ignore[arg-type]
    return out.getvalue()


def heic() -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (320, 200), "#88aacc")).save(out)
    return out.getvalue()


BAD = {
    "nothing at all": (b"", "empty"),
    "words": (b"my card is XQH884217190", "not_an_image"),
    "an SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "not_an_image"),
    "a page": (b"<!doctype html><img src=x onerror=alert(1)>", "not_an_image"),
    "a GIF": (b"GIF89a" + b"\0" * 40, "not_an_image"),
    "a zip": (b"PK\x03\x04" + b"\0" * 40, "not_an_image"),
    "a program": (b"\x7fELF" + b"\0" * 40, "not_an_image"),
    "a JPEG in name only": (b"\xff\xd8\xff\xe0" + b"x" * 200, "damaged"),
    "half a JPEG": (CARD.read_bytes()[:20_000], "damaged"),
    "a JPEG's first bytes": (CARD.read_bytes()[:30], "damaged"),
    "half a PNG": (picture("PNG")[:60], "damaged"),
    "half a WebP": (picture("WEBP")[:40], "damaged"),
    "half a HEIC": (heic()[:200], "damaged"),
    "a PDF in name only": (b"%PDF-1.7 nothing follows", "damaged"),
    "a bomb": (picture("PNG", (11_000, 11_000)), "too_many_pixels"),
    "a stamp": (picture("PNG", (40, 40)), "too_small"),
    "eleven megabytes": (b"\xff\xd8\xff" + b"\0" * MOST_BYTES, "too_large"),
}


@pytest.mark.parametrize(("data", "code"), BAD.values(), ids=BAD.keys())
def test_a_bad_upload_ends_in_its_sentence(data: bytes, code: str) -> None:
    with pytest.raises(BadImage) as refused:
        sanitise(data)
    assert refused.value.code == code
    assert str(refused.value) == SENTENCES[code]


def test_sixteen_bits_of_grey_keep_their_print() -> None:
    with Image.open(CARD) as card:
        deep = Image.fromarray(np.asarray(card.convert("L")).astype(np.uint16) * 257)
    out = io.BytesIO()
    deep.save(out, "PNG")
    with Image.open(io.BytesIO(sanitise(out.getvalue()))) as clean, Image.open(CARD) as card:
        assert np.asarray(clean.convert("L")).std() == pytest.approx(np.asarray(card.convert("L")).std(), rel=0.05)


@pytest.mark.parametrize("code", ["too_many_pixels", "too_large", "not_an_image", "empty", "too_small"])
def test_accepting_already_refuses_what_no_pixel_is_needed_for(code: str) -> None:
    data = next(data for data, why in BAD.values() if why == code)
    with pytest.raises(BadImage) as refused:
        inspect(data)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture("JPEG"), "jpeg"),
        (picture("PNG"), "png"),
        (picture("WEBP"), "webp"),
        (heic(), "heic"),
        (picture("PDF"), "pdf"),
    ],
    ids=["jpeg", "png", "webp", "heic", "pdf"],
)
def test_every_kind_that_phones_send_becomes_a_jpeg(data: bytes, kind: str) -> None:
    assert inspect(data).kind == kind
    with Image.open(io.BytesIO(sanitise(data)), formats=["JPEG"]) as clean:
        assert clean.mode == "RGB"
        assert clean.width > clean.height


def test_no_metadata_survives_and_the_photo_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "SECRET PHONE"
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    data = picture("JPEG", exif=exif, comment=b"SECRET COMMENT")
    clean = sanitise(data)
    assert b"SECRET" not in clean
    with Image.open(io.BytesIO(clean)) as opened:
        assert opened.size == (200, 320)
        assert not opened.getexif()


def test_what_hides_behind_a_picture_does_not_survive() -> None:
    assert b"<script" not in sanitise(picture("PNG") + b"<script>alert(1)</script>")


def test_transparency_becomes_white_paper() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(sanitise(out.getvalue()))) as clean:
        assert clean.getpixel((50, 50)) == (255, 255, 255)
