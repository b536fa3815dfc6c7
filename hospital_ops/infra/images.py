"""Uploaded photos: a cheap look that accepts or refuses, and the worker's thorough cleaning.

`inspect` decodes no pixel: length, magic bytes, and the size that the header claims. `sanitise`
decodes, applies the EXIF orientation, copies the pixels into a new image (re-saving a JPEG keeps its
comments and GPS) and writes a plain JPEG.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageFile, ImageOps

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 25_000_000
LEAST_SIDE = 64  # pixels; nothing smaller shows a card
LONGEST = 4096  # pixels kept of the longer side
QUALITY = 90


class BadImage(ValueError):
    """The upload is refused. `code` is stable, the message is a sentence for the person who sent it."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES[code])
        self.code = code


SENTENCES = {
    "empty": "The file is empty. Please take the photo again.",
    "too_large": "The file is larger than 10 MB. Please send a smaller photo.",
    "not_an_image": "This is not a photo that we can open. Please send a JPEG, PNG, WebP, HEIC or PDF.",
    "too_many_pixels": "The picture has more than 25 megapixels. Please send a smaller photo.",
    "too_small": "The picture is too small to read. Please take the photo again, closer.",
    "damaged": "The photo arrived damaged. Please send it again.",
    "locked": "This PDF is locked with a password. Please send a photo of the card.",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the header says. kind is jpeg, png, webp, heic or pdf; a PDF's size is not known before drawing."""

    kind: str
    width: int
    height: int


def _is_heic(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in {
        b"heic",
        b"heix",
        b"hevc",
        b"hevx",
        b"mif1",
        b"msf1",
        b"heim",
        b"heis",
    }


MAGIC: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("jpeg", lambda data: data[:3] == b"\xff\xd8\xff"),
    ("png", lambda data: data[:8] == b"\x89PNG\r\n\x1a\n"),
    ("webp", lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP"),
    ("heic", _is_heic),
    ("pdf", lambda data: data[:5] == b"%PDF-"),
)
PILLOW_FORMAT = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}


def inspect(data: bytes) -> Seen:
    """Whether an upload may be stored at all; milliseconds, no pixel decoded. Raises BadImage."""
    if not data:
        raise BadImage("empty")
    if len(data) > MOST_BYTES:
        raise BadImage("too_large")
    kind = next((kind for kind, fits in MAGIC if fits(data)), None)
    if kind is None:
        raise BadImage("not_an_image")
    if kind == "pdf":
        return Seen(kind, 0, 0)
    with _refusing("damaged"), _open(data, kind) as picture:
        width, height = picture.size
    _check_size(width, height)
    return Seen(kind, width, height)


def sanitise(data: bytes) -> bytes:
    """A clean JPEG of the upload, upright by its EXIF, with no metadata of any kind. Raises BadImage."""
    seen = inspect(data)
    picture = _pdf_page(data) if seen.kind == "pdf" else _decoded(data, seen.kind)
    picture.thumbnail((LONGEST, LONGEST))
    # Only the pixels go on: a new image has no info, no profile, no comment to be saved along.
    clean = Image.frombytes("RGB", picture.size, picture.tobytes())
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _open(data: bytes, kind: str) -> ImageFile.ImageFile:
    if kind == "heic":
        import pillow_heif

        pillow_heif.register_heif_opener()
    return Image.open(io.BytesIO(data), formats=[PILLOW_FORMAT[kind]])


@contextmanager
def _refusing(code: str) -> Iterator[None]:
    """Whatever the decoder makes of bad bytes becomes one refusal; a bomb's own warning too."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except BadImage:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as why:
        raise BadImage("too_many_pixels") from why
    except (
        OSError,
        ValueError,
        SyntaxError,
        RuntimeError,
        EOFError,
        MemoryError,
        TypeError,
        KeyError,
        IndexError,
    ) as why:
        # The decoders raise all of these on crafted files; none of them is worth a crash.
        raise BadImage(code) from why


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise BadImage("too_many_pixels")
    if min(width, height) < LEAST_SIDE:
        raise BadImage("too_small")


def _decoded(data: bytes, kind: str) -> Image.Image:
    with _refusing("damaged"), _open(data, kind) as picture:
        _check_size(*picture.size)
        picture.load()
        return _on_white(ImageOps.exif_transpose(picture))


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        page = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(page, layer).convert("RGB")
    if picture.mode.startswith("I"):  # a scanner's 16 bits of grey, which Pillow would cut off at 255
        return picture.convert("I").point(lambda level: level * (1 / 257)).convert("L").convert("RGB")
    return picture.convert("RGB")


def _pdf_page(data: bytes) -> Image.Image:
    """The first page, drawn so that its longer side has about 2,000 pixels."""
    import pypdfium2

    with _refusing("damaged"):
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as why:
            raise BadImage("locked" if "password" in str(why).lower() else "damaged") from why
        try:
            page = document[0]
            scale = 2000 / max(1.0, *page.get_size())
            drawn: Image.Image = page.render(scale=min(scale, 8.0), may_draw_forms=False).to_pil()
            return drawn.convert("RGB")
        finally:
            document.close()
