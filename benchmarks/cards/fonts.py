"""Fonts by what they look like, from wherever this machine has them; none is part of the project.

Looked for in the system's folders and in the pip packages font-*; where there is none at all, Pillow's
own (Aileron) draws everything, so that the generator always works.
"""

from __future__ import annotations

import os
import sysconfig
from functools import cache
from pathlib import Path

from PIL import ImageFont

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/Library/Fonts"),
    Path(sysconfig.get_paths()["purelib"]),
)

# Role → file stems that serve it, any one chosen a card.
ROLES: dict[str, tuple[str, ...]] = {
    "sans": ("DejaVuSans", "LiberationSans-Regular", "NotoSans-Regular", "texgyreheros-regular", "Roboto-Regular", "HKGrotesk-Medium", "SourceSansPro-Regular", "Lato-Regular"),
    "sans-bold": ("DejaVuSans-Bold", "LiberationSans-Bold", "NotoSans-Bold", "texgyreheros-bold", "Roboto-Bold", "HKGrotesk-Bold", "SourceSansPro-Bold", "Lato-Bold"),
    "serif": ("LiberationSerif-Regular", "DejaVuSerif", "NotoSerif-Regular", "texgyretermes-regular", "SourceSerifPro-Regular", "texgyrepagella-regular"),
    "serif-bold": ("LiberationSerif-Bold", "DejaVuSerif-Bold", "NotoSerif-Bold", "texgyretermes-bold", "SourceSerifPro-Bold", "texgyrebonum-bold"),
    "mono": ("LiberationMono-Regular", "DejaVuSansMono", "NotoSansMono-Regular", "texgyrecursor-regular"),
    "mono-bold": ("LiberationMono-Bold", "DejaVuSansMono-Bold", "NotoSansMono-Bold", "texgyrecursor-bold"),
    "narrow": ("LiberationSansNarrow-Regular", "DejaVuSansCondensed", "texgyreheroscn-regular", "LiberationSans-Regular"),
    "narrow-bold": ("LiberationSansNarrow-Bold", "DejaVuSansCondensed-Bold", "texgyreheroscn-bold", "LiberationSans-Bold"),
}  # fmt: skip
ENDINGS = {".ttf", ".otf"}


@cache
def _found() -> dict[str, str]:
    files: dict[str, str] = {}
    for folder in FOLDERS:
        for base, _, names in os.walk(folder):
            for name in names:
                if Path(name).suffix.lower() in ENDINGS:
                    files.setdefault(Path(name).stem, str(Path(base) / name))
    return files


def choices(role: str) -> list[str]:
    """Paths of the fonts that this machine has for a role; empty where Pillow's own must do."""
    return [_found()[stem] for stem in ROLES[role] if stem in _found()]


@cache
def font(path: str, size: int) -> ImageFont.FreeTypeFont:
    """The font at a path, or Pillow's own for an empty one."""
    return ImageFont.truetype(path, size) if path else ImageFont.load_default(size)  # type: ignore[return-value]
