"""Pictures made for tests: no real card, no real person."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw


def photo(kind: str = "JPEG", size: tuple[int, int] = (640, 400), words: str = "", **options: object) -> bytes:
    """A picture's bytes. Different words make different bytes."""
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).text((20, 20), words, fill="black")
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
