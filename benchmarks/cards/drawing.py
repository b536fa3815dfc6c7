"""A template and a truth, drawn flat."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

from benchmarks.cards import fonts
from benchmarks.cards.templates import BACK, Block, Template

WIDTH, HEIGHT = 1000, 630
COMPOSED = {"name": ("-first", "-last"), "address": ("-street", "-place")}


@dataclass(frozen=True)
class Stroke:
    """Words as they were written: left, top and bottom of their ink and where each letter ends, in card units."""

    words: str
    left: float
    top: float
    bottom: float
    ends: tuple[float, ...]


@dataclass
class Pen:
    """Draws in card units at `scale` pixels a unit and remembers which keys it wrote."""

    draw: ImageDraw.ImageDraw
    scale: float
    faces: dict[str, str]
    truth: dict[str, str]
    written: set[str] = field(default_factory=set)
    strokes: list[Stroke] = field(default_factory=list)

    def width(self, words: str, role: str, size: float) -> float:
        return self._font(role, size).getlength(words) / self.scale

    def write(self, x: float, y: float, words: str, role: str, size: float, colour: str, room: float = 1e9) -> float:
        """Write at card units, smaller where it would not fit in `room`; returns where it ends."""
        while size > 12 and self.width(words, role, size) > room:
            size -= 1
        self.draw.text((x * self.scale, y * self.scale), words, font=self._font(role, size), fill=colour)
        self.strokes.append(self._stroke(x, y, words, self._font(role, size)))
        return x + self.width(words, role, size)

    def _stroke(self, x: float, y: float, words: str, face) -> Stroke:  # type: ignore[no-untyped-def]
        _, top, _, bottom = face.getbbox(words)
        ends = tuple(x + face.getlength(words[: n + 1]) / self.scale for n in range(len(words)))
        return Stroke(words, x, y + top / self.scale, y + bottom / self.scale, ends)

    def value(self, key: str) -> str:
        self.written.add(key)
        return self.truth[key]

    def _font(self, role: str, size: float):  # type: ignore[no-untyped-def]
        return fonts.font(self.faces[role], max(8, round(size * self.scale)))


def draw(
    template: Template, truth: dict[str, str], rng: random.Random, scale: float
) -> tuple[Image.Image, dict[str, str]]:
    """The card at `scale` pixels a unit, and the truth of the fields that it prints."""
    card, pen = _drawn(template, truth, rng, scale)
    return card, _printed(pen)


def strokes(template: Template, truth: dict[str, str], rng: random.Random) -> tuple[list[Stroke], dict[str, str]]:
    """What is written on the card and where, and the truth of the fields that it prints: a card for no eye."""
    _, pen = _drawn(template, truth, rng, 1.0)
    return pen.strokes, _printed(pen)


def _drawn(template: Template, truth: dict[str, str], rng: random.Random, scale: float) -> tuple[Image.Image, Pen]:
    card = Image.new("RGB", (round(WIDTH * scale), round(HEIGHT * scale)), template.paper)
    faces = {role: rng.choice(fonts.choices(role) or [""]) for role in fonts.ROLES}
    pen = Pen(ImageDraw.Draw(card), scale, faces, truth)
    HEADS[template.head if template.side != BACK else "none"](pen, template)
    for block in template.blocks:
        WAYS[block.way](pen, template, block)
    return card, pen


def _printed(pen: Pen) -> dict[str, str]:
    keys = {key for key in pen.written if key and not key.startswith("-")}
    keys |= {key for key, parts in COMPOSED.items() if set(parts) <= pen.written}
    return {key: pen.truth[key] for key in sorted(keys)}


def _head_plain(pen: Pen, t: Template) -> None:
    pen.write(40, 40, pen.value("payer"), "sans-bold", 50, t.accent, 900)


def _head_band(pen: Pen, t: Template) -> None:
    pen.draw.rectangle((0, 0, WIDTH * pen.scale, 115 * pen.scale), fill=t.accent)
    pen.write(40, 28, pen.value("payer"), "sans-bold", 48, "#ffffff", 900)


def _head_logo(pen: Pen, t: Template) -> None:
    s = pen.scale
    pen.draw.ellipse((40 * s, 30 * s, 115 * s, 105 * s), fill=t.accent)
    pen.draw.polygon([(77 * s, 40 * s), (100 * s, 85 * s), (55 * s, 85 * s)], fill=t.paper)
    pen.write(135, 42, pen.value("payer"), "serif-bold", 46, t.accent, 820)


def _head_centre(pen: Pen, t: Template) -> None:
    words = pen.value("payer")
    pen.write(max(40, 500 - pen.width(words, "serif-bold", 46) / 2), 40, words, "serif-bold", 46, t.accent, 920)
    pen.draw.line((40 * pen.scale, 112 * pen.scale, 960 * pen.scale, 112 * pen.scale), fill=t.accent, width=3)


def _head_right(pen: Pen, t: Template) -> None:
    words = pen.value("payer")
    pen.write(max(40, 960 - pen.width(words, "sans-bold", 44)), 36, words, "sans-bold", 44, t.accent, 920)


def _head_state(pen: Pen, t: Template) -> None:
    s = pen.scale
    pen.draw.rectangle((0, 0, WIDTH * s, 90 * s), fill=t.accent)
    pen.write(40, 20, pen.value("-state"), "serif-bold", 44, "#ffffff", 400)
    pen.write(560, 28, "DRIVER LICENSE", "sans-bold", 34, "#ffffff", 400)
    pen.draw.rectangle((40 * s, 130 * s, 300 * s, 470 * s), fill="#b8c4cf")
    pen.draw.ellipse((110 * s, 180 * s, 230 * s, 320 * s), fill="#8d7b6c")
    pen.draw.pieslice((70 * s, 330 * s, 270 * s, 600 * s), 180, 360, fill="#5c6b7a")


def _head_none(pen: Pen, t: Template) -> None:
    pen.draw.rectangle((0, 0, WIDTH * pen.scale, 40 * pen.scale), fill="#222222" if t.side == BACK else t.paper)


HEADS = {
    "plain": _head_plain, "band": _head_band, "logo": _head_logo, "centre": _head_centre, "right": _head_right,
    "state": _head_state, "none": _head_none,
}  # fmt: skip


def _room(template: Template, block: Block, x: float, y: float) -> float:
    """Card units to the right of x that no other block's column takes."""
    walls = [
        other.x for other in template.blocks
        if other is not block and other.x > block.x + 60 and other.y <= y + 40 and _foot(other) >= y
    ]  # fmt: skip
    return min([*walls, WIDTH - 20]) - x - 16


def _foot(block: Block) -> float:
    rows = -(-len(block.items) // block.columns) if block.way != "inline" else 1
    return block.y + rows * block.step


def _label(template: Template, words: str) -> str:
    return words.upper() if template.upper_labels else words


def _left(pen: Pen, t: Template, b: Block) -> None:
    for n, (key, words) in enumerate(b.items):
        y = b.y + n * b.step
        pen.write(b.x, y, _label(t, words) + b.sep, t.label_font, b.label_size or b.size, t.ink, b.tab - 12)
        pen.write(b.x + b.tab, y, pen.value(key), t.value_font, b.size, t.ink, _room(t, b, b.x + b.tab, y))


def _above(pen: Pen, t: Template, b: Block) -> None:
    small = b.label_size or 19
    for n, (key, words) in enumerate(b.items):
        x, y = b.x + n % b.columns * b.wide, b.y + n // b.columns * b.step
        room = min(_room(t, b, x, y), b.wide - 20) if b.columns > 1 else _room(t, b, x, y)
        pen.write(x, y, _label(t, words), t.label_font, small, t.accent, room)
        pen.write(x, y + small * 1.35, pen.value(key), t.value_font, b.size, t.ink, room)


def _inline(pen: Pen, t: Template, b: Block) -> None:
    x: float = b.x
    size = float(b.size)
    whole = "   ".join(f"{words} {pen.value(key)}" for key, words in b.items)
    while size > 13 and pen.width(whole, t.value_font, size) > WIDTH - 60 - b.x:
        size -= 1
    for key, words in b.items:
        x = pen.write(x, b.y, _label(t, words) + " ", t.label_font, size, t.ink)
        x = pen.write(x, b.y, pen.value(key), t.value_font, size, t.ink) + 1.1 * size


def _list(pen: Pen, t: Template, b: Block) -> None:
    for n, (key, words) in enumerate(b.items):
        y = b.y + n * b.step
        x = pen.write(b.x, y, _label(t, words) + " ", t.label_font, b.size, t.ink)
        pen.write(x + 4, y, pen.value(key), t.value_font, b.size, t.ink, _room(t, b, x + 4, y))


def _plain(pen: Pen, t: Template, b: Block) -> None:
    for n, (key, _) in enumerate(b.items):
        y = b.y + n * b.step
        pen.write(b.x, y, pen.value(key), t.value_font, b.size, t.ink, _room(t, b, b.x, y))


def _text(pen: Pen, t: Template, b: Block) -> None:
    for n, (_, words) in enumerate(b.items):
        pen.write(b.x, b.y + n * b.step, words, "sans", b.size, t.ink, _room(t, b, b.x, b.y))


WAYS = {"left": _left, "above": _above, "inline": _inline, "list": _list, "plain": _plain, "text": _text}
