"""Fonts by what they look like.

The same cards everywhere: drawn in the free families that requirements-dev.txt pins (`PINNED`). Where one of them is
missing, or `machine()` is asked for, in whatever this machine has (`ROLES`); where it has nothing, in Pillow's own
(Aileron), so that the generator always works.
"""

from __future__ import annotations

import os
import sysconfig
from functools import cache
from pathlib import Path

from PIL import ImageFont

FOLDERS = (
    Path(sysconfig.get_paths()["purelib"]),
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/Library/Fonts"),
)

# Role → file stems that serve it, any one chosen a card; after an @ the style of a font that holds several.
PINNED: dict[str, tuple[str, ...]] = {
    "sans": ("Arimo[wght]@Regular", "OpenSans[wdth,wght]@Regular", "Roboto[wdth,wght]@Regular"),
    "sans-bold": ("Arimo[wght]@Bold", "OpenSans[wdth,wght]@Bold", "Roboto[wdth,wght]@Bold"),
    "serif": ("PT_Serif-Web-Regular", "IBMPlexSerif-Regular"),
    "serif-bold": ("PT_Serif-Web-Bold", "IBMPlexSerif-Bold"),
    "mono": ("IBMPlexMono-Regular", "RobotoMono[wght]@Regular"),
    "mono-bold": ("IBMPlexMono-Bold", "RobotoMono[wght]@Bold"),
    "narrow": ("Roboto[wdth,wght]@Condensed Regular", "OpenSans[wdth,wght]@Condensed Regular"),
    "narrow-bold": ("Roboto[wdth,wght]@Condensed Bold", "OpenSans[wdth,wght]@Condensed Bold"),
}
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


_machines = False


def machine(wanted: bool = True) -> None:
    """Draw in the machine's own fonts from now on, or in the pinned ones again."""
    global _machines
    _machines = wanted


def choices(role: str) -> list[str]:
    """Fonts for a role, each as `font` takes it; empty where Pillow's own must do."""
    every = {stem.partition("@")[0] for stems in PINNED.values() for stem in stems}
    table = ROLES if _machines or not every <= _found().keys() else PINNED
    parts = [stem.partition("@") for stem in table[role]]
    return [f"{_found()[stem]}{at}{style}" for stem, at, style in parts if stem in _found()]


def names() -> list[str]:
    """What cards are drawn in here and now, to be printed beside a score."""
    chosen = {Path(path).name for role in ROLES for path in choices(role)}
    return sorted(chosen) or ["Aileron (Pillow's own)"]


@cache
def font(path: str, size: int) -> ImageFont.FreeTypeFont:
    """The font at a path, `path@style` for one that holds several, or Pillow's own for an empty one."""
    if not path:
        return ImageFont.load_default(size)  # type: ignore[return-value]
    file, _, style = path.partition("@")
    face = ImageFont.truetype(file, size)
    if style:
        face.set_variation_by_name(style)
    return face
