"""Every colour, space and size. Components take meaning (`status="dirty"`), never a colour.

Colours are steps of Radix's scales, which have a designed light and dark side each; nothing here is a hex value but one. The
scales for the eight statuses stay apart for colour-blind eyes, and each status has a shape and a word too.
Red is kept for "someone must act now".

`python -m hospital_ops.theme` writes assets/theme.css; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import reflex as rx

CSS_FILE = Path(__file__).resolve().parent.parent / "assets" / "theme.css"


# The bar of an installed page, above our own header. A phone reads it before any style, so it is the one hex value here.
PHONE_BAR: dict[str, str] = {"light": "#ffffff", "dark": "#191919"}


def radix_theme() -> rx.Component:
    """Radix's side of the same choices: one neutral scale, one accent."""
    return rx.theme(accent_color="teal", gray_color="slate", radius="large", scaling="100%", has_background=False)


@dataclass(frozen=True, slots=True)
class Look:
    """How one bed status looks and reads. `shape` is the inside of a 16 by 16 SVG; `letter` stands where no word fits."""

    word: str
    scale: str
    shape: str
    short: str
    letter: str

    @property
    def drawn(self) -> str:
        """The shape as it stands in a drawing. As a mask it is black; drawn, it has the colour of the words beside it."""
        return self.shape.replace("#000", "currentColor")


_STROKE = 'fill="none" stroke="#000" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'

STATUS: dict[str, Look] = {
    "available": Look("Ready", "jade", f'<path {_STROKE} d="M3 8.5l3.2 3.2L13 4.8"/>', "Ready", "R"),
    "reserved": Look("Reserved", "blue", f'<path {_STROKE} d="M4.5 2.5h7v11L8 10.5l-3.5 3z"/>', "Held", "H"),
    "occupied": Look(
        "Occupied",
        "gray",
        '<circle cx="8" cy="5" r="2.8"/><path d="M2.8 13.8c.4-3.2 2.4-4.8 5.2-4.8s4.8 1.6 5.2 4.8z"/>',
        "",
        "O",
    ),
    "pending_discharge": Look(
        "Leaving", "violet", f'<path {_STROKE} d="M2.5 8h10M8.6 3.8L12.8 8l-4.2 4.2"/>', "Leaving", "L"
    ),
    "dirty": Look(
        "Waiting for cleaning",
        "amber",
        '<path d="M8 1.6c2.6 3.2 4.4 5.4 4.4 7.9a4.4 4.4 0 0 1-8.8 0C3.6 7 5.4 4.8 8 1.6z"/>',
        "To clean",
        "D",
    ),
    "cleaning": Look(
        "Being cleaned",
        "sky",
        '<path d="M6.5 2l1.3 3.7L11.5 7 7.8 8.3 6.5 12 5.2 8.3 1.5 7l3.7-1.3z"/><circle cx="12.2" cy="12" r="1.8"/>',
        "Cleaning",
        "C",
    ),
    "blocked": Look(
        "Blocked",
        "bronze",
        f'<circle {_STROKE} cx="8" cy="8" r="5.4"/><path {_STROKE} d="M4.3 11.7l7.4-7.4"/>',
        "Blocked",
        "B",
    ),
    "closed": Look("Closed", "gray", f'<path {_STROKE} d="M4 4l8 8M12 4l-8 8"/>', "Closed", "X"),
}

# Marks on a tile and in lists, by meaning.
MARKS: dict[str, str] = {
    "isolation": f'<path {_STROKE} d="M8 1.8l5 2v4c0 3.3-2.2 5.4-5 6.4-2.8-1-5-3.1-5-6.4v-4z"/>',
    "telemetry": f'<path {_STROKE} d="M1.5 8.5h3L6.3 4l3.2 8 1.8-3.5h3.2"/>',
    "female": f'<circle {_STROKE} cx="8" cy="5.6" r="3.6"/><path {_STROKE} d="M8 9.2v5M5.8 12h4.4"/>',
    "male": f'<circle {_STROKE} cx="6.4" cy="9.6" r="3.6"/><path {_STROKE} d="M9 7l4.4-4.4M10 2.4h3.6V6"/>',
    "away": f'<path {_STROKE} d="M9.5 3H3v10h6.5M6.5 8h7M11 5.4L13.6 8 11 10.6"/>',
    "task": '<rect x="2.5" y="2.5" width="11" height="11" rx="3"/>',
}

# Space in rem, by step; type in rem. One base of 4 px keeps everything on one grid.
SPACE: dict[str, str] = {
    "1": ".25rem",
    "2": ".5rem",
    "3": ".75rem",
    "4": "1rem",
    "5": "1.5rem",
    "6": "2rem",
    "7": "3rem",
}
TYPE: dict[str, str] = {
    "tiny": ".6875rem",
    "small": ".8125rem",
    "body": ".9375rem",
    "large": "1.125rem",
    "title": "1.5rem",
    "figure": "1.625rem",
    "display": "2.5rem",
}
FONT = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif'


def _picture(inside: str) -> str:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{inside}</svg>'
    return f'url("data:image/svg+xml,{quote(svg)}")'


def _block(selector: str, lines: dict[str, str]) -> str:
    return selector + " {\n" + "".join(f"  {name}: {value};\n" for name, value in lines.items()) + "}\n"


def _root() -> str:
    lines = {f"--space-{name}": value for name, value in SPACE.items()}
    lines |= {f"--type-{name}": value for name, value in TYPE.items()}
    lines |= {
        "--font": FONT,
        "--page": "var(--gray-2)",
        "--card": "var(--color-panel-solid)",
        "--line": "var(--gray-4)",
        "--line-strong": "var(--gray-6)",
        "--ink": "var(--gray-12)",
        "--ink-quiet": "var(--gray-11)",
        "--accent": "var(--accent-9)",
        "--act-now": "var(--red-9)",
        "--act-now-ink": "color-mix(in srgb, var(--red-11) 80%, var(--red-12))",
        "--act-now-tint": "var(--red-3)",
        "--round": "10px",
        "--round-small": "6px",
        "--lift": "0 1px 2px var(--black-a2), 0 1px 1px var(--black-a1)",
        "--lift-high": "0 18px 50px -12px var(--black-a6), 0 2px 8px var(--black-a2)",
    }
    return _block(".radix-themes", lines)


def _status(name: str, look: Look) -> str:
    s = look.scale
    return _block(
        f'[data-status="{name}"]',
        {
            "--tint": f"var(--{s}-3)",
            "--tint-strong": f"var(--{s}-5)",
            "--edge": f"var(--{s}-6)",
            "--strong": f"var(--{s}-9)",
            # Step 11 alone misses 4.5 : 1 on its own tint for jade, blue and amber.
            "--word": f"color-mix(in srgb, var(--{s}-11) 70%, var(--{s}-12))",
            "--shape": _picture(look.shape),
        },
    )


def stylesheet() -> str:
    """All of assets/theme.css."""
    parts = ["/* Written by `python -m hospital_ops.theme`. Change theme.py, not this file. */\n", _root()]
    parts += [_status(name, look) for name, look in STATUS.items()]
    parts += [_block(f'[data-mark="{name}"]', {"--shape": _picture(inside)}) for name, inside in MARKS.items()]
    return "".join(parts)


if __name__ == "__main__":
    CSS_FILE.write_text(stylesheet())
