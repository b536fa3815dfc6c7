"""What a camera does to a card: two grades, flat (a scan, a careful photo) and hand-held."""

from __future__ import annotations

import io
import random

import cv2
import numpy as np
from PIL import Image

GRADES = ("flat", "handheld")


def photograph(card: Image.Image, grade: str, rng: random.Random) -> tuple[bytes, int]:
    """The card as a JPEG, and by how many degrees clockwise it lies turned."""
    image = np.asarray(card)[:, :, ::-1].copy()
    image = {"flat": _flat, "handheld": _handheld}[grade](image, rng)
    rotated = rng.choice((0, 0, 0, 90, 180, 270) if grade == "handheld" else (0,) * 9 + (180,))
    turns = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
    if rotated:
        image = cv2.rotate(image, turns[rotated])
    quality = rng.randint(80, 95) if grade == "flat" else rng.randint(62, 92)
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(image[:, :, ::-1])).save(out, "JPEG", quality=quality)
    return out.getvalue(), rotated


def _flat(card: np.ndarray, rng: random.Random) -> np.ndarray:
    margin = rng.randint(0, card.shape[1] // 12)
    grey = rng.randint(180, 255)
    page = cv2.copyMakeBorder(card, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=(grey, grey, grey))
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-1.5, 1.5), 1.0)
    page = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(grey, grey, grey))
    return _noise(page, rng.uniform(0, 4), rng)


def _handheld(card: np.ndarray, rng: random.Random) -> np.ndarray:
    height, width = card.shape[:2]
    share = rng.uniform(0.55, 0.92)  # of the photo's width that the card fills
    frame = (round(width / share), round(width / share * rng.choice((0.75, 0.8, 1.0, 1.25))))
    photo = _background(frame, rng)
    corners = _corners(width, height, frame, rng)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    warp = cv2.getPerspectiveTransform(flat, corners)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), warp, frame, flags=cv2.INTER_AREA)
    laid = cv2.warpPerspective(card, warp, frame, flags=cv2.INTER_CUBIC)
    alpha = (mask / 255.0)[..., None]
    photo = photo * (1 - alpha) + laid * alpha
    photo = _light(photo, corners, rng)
    return _noise(_blur(photo.clip(0, 255).astype(np.uint8), rng), rng.uniform(2, 9), rng)


def _corners(width: int, height: int, frame: tuple[int, int], rng: random.Random) -> np.ndarray:
    angle, tilt = np.radians(rng.uniform(-9, 9)), 0.07
    fit = min(
        1.0,
        0.94 * frame[1] / (height + abs(np.sin(angle)) * width),
        0.94 * frame[0] / (width + abs(np.sin(angle)) * height),
    )
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32) * (width / 2 * fit, height / 2 * fit)
    half *= 1 - np.array([[rng.uniform(0, tilt), rng.uniform(0, tilt)] for _ in range(4)])
    spin = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return (half @ spin + np.array(frame) / 2).astype(np.float32)


def _background(frame: tuple[int, int], rng: random.Random) -> np.ndarray:
    """A table, a cloth or a palm: soft colour, grain, and sometimes planks."""
    width, height = frame
    base = np.array(
        rng.choice(((60, 90, 130), (70, 70, 75), (150, 170, 210), (190, 190, 185), (40, 60, 40), (110, 140, 190))),
        np.float32,
    )
    noise = np.random.default_rng(rng.randrange(2**32))
    coarse = cv2.resize(noise.normal(0, 18, (9, 9)).astype(np.float32), frame, interpolation=cv2.INTER_CUBIC)
    grain = cv2.resize(noise.normal(0, 10, (height // 3, max(2, width // 40))).astype(np.float32), frame)
    page = base + (coarse + grain)[..., None]
    if rng.random() < 0.3:
        for y in range(0, height, height // rng.randint(4, 8)):
            page[y : y + 3] -= 35
    return page


def _light(photo: np.ndarray, corners: np.ndarray, rng: random.Random) -> np.ndarray:
    """Uneven light, sometimes a shadow's edge, sometimes a glare that text still shows through."""
    height, width = photo.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    across = (x / width - 0.5) * rng.uniform(-0.35, 0.35) + (y / height - 0.5) * rng.uniform(-0.35, 0.35)
    photo = photo * (rng.uniform(0.7, 1.08) + across)[..., None]
    if rng.random() < 0.4:
        edge = (x - width * rng.uniform(0.2, 0.8)) + (y - height / 2) * rng.uniform(-1, 1)
        shade = 1 - rng.uniform(0.2, 0.45) / (1 + np.exp((-edge / rng.uniform(4, 40)).clip(-50, 50)))
        photo = photo * shade[..., None]
    if rng.random() < 0.4:
        centre = corners.mean(axis=0) + np.array([rng.uniform(-0.3, 0.3) * width, rng.uniform(-0.25, 0.25) * height])
        spread = rng.uniform(0.06, 0.16) * width
        spot = np.exp(-(((x - centre[0]) / spread) ** 2 + ((y - centre[1]) / (spread * rng.uniform(0.4, 1))) ** 2))
        photo = photo + (spot * rng.uniform(40, 110))[..., None]
    return photo


def _blur(photo: np.ndarray, rng: random.Random) -> np.ndarray:
    """Out of focus or moved, measured against the text: an iPhone's worst that a person still reads."""
    unit = photo.shape[1] / 1400
    if rng.random() < 0.7:
        return cv2.GaussianBlur(photo, (0, 0), max(0.3, rng.uniform(0.3, 1.3) * unit))
    length = max(1, round(rng.uniform(1, 4) * unit))
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1 / length
    turn = cv2.getRotationMatrix2D((length / 2 - 0.5, length / 2 - 0.5), rng.uniform(0, 180), 1)
    kernel = cv2.warpAffine(kernel, turn, (length, length))
    return cv2.filter2D(photo, -1, kernel / max(float(kernel.sum()), 1e-3))


def _noise(photo: np.ndarray, strength: float, rng: random.Random) -> np.ndarray:
    noise = np.random.default_rng(rng.randrange(2**32)).normal(0, strength, photo.shape)
    return (photo + noise).clip(0, 255).astype(np.uint8)
