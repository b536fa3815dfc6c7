"""Less for a phone to load: of Radix's stylesheets only what our pages use.

The whole sheet holds thirty colour scales, every layout prop and every utility class, 86 kB packed. We draw with our own
classes (assets/*.css), so the tokens, the scales that those name, and the components' own rules are enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reflex.plugins import RadixThemesPlugin

from hospital_ops.config import ROOT

RADIX = "@radix-ui/themes"
SCALES = frozenset({
    "amber", "blue", "bronze", "brown", "crimson", "cyan", "gold", "grass", "gray", "green", "indigo", "iris", "jade",
    "lime", "mauve", "mint", "olive", "orange", "pink", "plum", "purple", "red", "ruby", "sage", "sand", "sky",
    "slate", "teal", "tomato", "violet", "yellow",
})  # fmt: skip
_NAMED = re.compile(r"--([a-z]+)-a?\d{1,2}\b")


def scales_in(sheets: Iterable[str]) -> list[str]:
    """The colour scales that these stylesheets name."""
    return sorted({name for sheet in sheets for name in _NAMED.findall(sheet)} & SCALES)


def stylesheets(accent: str, neutral: str, assets: Path = ROOT / "assets") -> tuple[str, ...]:
    """What to import instead of Radix's whole sheet."""
    named = scales_in(path.read_text() for path in sorted(assets.glob("*.css")))
    # Radix's own components speak of an error in red.
    wanted = sorted({accent, neutral, "gray", "red", *named})
    colours = (f"{RADIX}/tokens/colors/{name}.css" for name in wanted)
    return (f"{RADIX}/tokens/base.css", *colours, f"{RADIX}/components.css")


class LeanRadix(RadixThemesPlugin):
    """Radix Themes with a smaller sheet, and only the components that stand on a page."""

    def get_frontend_dependencies(self, **context: Any) -> tuple[str, ...]:
        """None for the window: what is named here is bundled whole, for components made at run time. We make none."""
        return ()

    def get_stylesheet_paths(self, **context: Any) -> tuple[str, ...]:
        """In the order of the whole sheet: tokens first."""
        if not self.enabled or self.theme is None:
            return ()
        accent, neutral = (str(getattr(self.theme, name, "")).strip('"') for name in ("accent_color", "gray_color"))
        return stylesheets(accent, neutral)
