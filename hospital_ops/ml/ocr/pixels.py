"""Bytes to pixels, turning, and cutting out a line of text."""

from __future__ import annotations

import io
import warnings

import cv2
import numpy as np
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 25_000_000
LONGEST = 2400  # pixels kept for reading; a card filling a 12 MP photo has letters of 60 px, 30 are plenty

STRETCH = 1.2

_TURN_BACK = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}


class NotPixels(ValueError):
    """The bytes are not a picture we open."""


def open_image(data: bytes) -> tuple[np.ndarray, float]:
    """The picture as (height, width, 3) uint8, blue first, its EXIF orientation applied; and the factor from its
    pixels to those of the photo as given, since a large JPEG is opened smaller.

    Opens only JPEG, PNG and WebP of at most 25 megapixels; raises NotPixels for anything else.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise NotPixels(f"The picture has more than {MOST_PIXELS // 1_000_000} megapixels.")
                # A large JPEG is decoded at half or quarter size, which saves most of the time and memory.
                given = max(picture.size)
                picture.draft("RGB", (LONGEST, LONGEST))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as why:
        raise NotPixels(str(why)) from why
    return cv2.cvtColor(np.asarray(upright), cv2.COLOR_RGB2BGR), given / max(upright.size)


def shrink(image: np.ndarray, longest: int) -> tuple[np.ndarray, float]:
    """The image with no side above `longest`, and the factor from the new pixels back to the old."""
    side = max(image.shape[:2])
    if side <= longest:
        return image, 1.0
    factor = side / longest
    size = (max(1, round(image.shape[1] / factor)), max(1, round(image.shape[0] / factor)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA), factor


def turn_upright(image: np.ndarray, rotated: int) -> np.ndarray:
    """Undo a clockwise turn of `rotated` degrees."""
    return image if rotated == 0 else cv2.rotate(image, _TURN_BACK[rotated])


def points_upright(points: np.ndarray, rotated: int, width: int, height: int) -> np.ndarray:
    """Where (…, 2) points of a photo of that size are once `turn_upright` has turned it."""
    x, y = points[..., 0], points[..., 1]
    turned = {0: (x, y), 90: (y, width - x), 180: (width - x, height - y), 270: (height - y, x)}[rotated]
    return np.stack(turned, axis=-1)


def points_back(points: np.ndarray, rotated: int, width: int, height: int) -> np.ndarray:
    """The inverse of `points_upright`; width and height are still the photo's own."""
    x, y = points[..., 0], points[..., 1]
    turned = {0: (x, y), 90: (width - y, x), 180: (width - x, height - y), 270: (y, height - x)}[rotated]
    return np.stack(turned, axis=-1)


def drawn_out(crop: np.ndarray) -> np.ndarray:
    """The crop wider by STRETCH: more steps for the recogniser, so that 555 is not read as 55."""
    return cv2.resize(crop, None, fx=STRETCH, fy=1.0, interpolation=cv2.INTER_CUBIC)


def cut(image: np.ndarray, quad: np.ndarray, margin: float = 0.0) -> np.ndarray:
    """The text in `quad` (top left first, clockwise), laid flat; `margin` is a share of its height."""
    along, down = quad[1] - quad[0], quad[3] - quad[0]
    width, height = np.linalg.norm(along), np.linalg.norm(down)
    step = margin * height
    right, below = along / max(width, 1.0) * step, down / max(height, 1.0) * step
    corners = quad + np.stack([-right - below, right - below, right + below, below - right])
    size = (max(4, round(width + 2 * step)), max(4, round(height + 2 * step)))
    flat = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], np.float32)
    warp = cv2.getPerspectiveTransform(corners.astype(np.float32), flat)
    return cv2.warpPerspective(image, warp, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
