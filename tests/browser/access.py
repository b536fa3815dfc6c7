"""What is wrong with a page for somebody who cannot see, point or read small print: axe's findings and measured sizes."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page, expect

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# What may be pressed and is smaller than a thumb; a box inside a label counts as its label. A word within a sentence is
# excepted, as in WCAG 2.5.8; what is only there for a screen reader has no size.
_SMALL = """least => [...document.querySelectorAll(
    'button, a[href], summary, select, input:not([type=hidden]), textarea, [role=button], [role=tab], [role=radio]')]
  .filter(e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}))
  .filter(e => getComputedStyle(e).clipPath === 'none')
  .map(e => [e, (e.closest('label') ?? e).getBoundingClientRect()])
  .filter(([e, box]) => box.width > 1 && box.height > 1 && (box.height < least - 0.5 || box.width < least - 0.5))
  .filter(([e]) => !(e.matches('a') && e.closest('p')))
  .map(([e, box]) => `${Math.round(box.width)}×${Math.round(box.height)} ${e.outerHTML.slice(0, 120)}`)"""


_SETTLED = """() => Promise.race([
  new Promise(done => setTimeout(done, 5000)),
  Promise.all(document.getAnimations()
    .filter(one => one.playState === 'running' && one.effect.getComputedTiming().iterations !== Infinity)
    .map(one => one.finished.catch(() => null)))]).then(() => null)"""


THEMES = ("light", "dark")


def dress(page: Page, theme: str) -> None:
    """The page in `theme`, seen to wear it: the class follows the browser's wish only after a while.

    What still moves may end first: a dialog whose closing is cut off by the wish for less motion never leaves.
    """
    page.evaluate(_SETTLED)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    expect(page.locator(f"html.{theme}")).to_have_count(1)


@lru_cache(maxsize=1)
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text()


def findings(page: Page, *, contrast_alone: bool = False) -> list[str]:
    """One line a violation: the rule, what it says, and where. [] is what we want. Another theme changes contrast alone."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(_axe())
    # What lies half under the header that stays is not small: where a page was scrolled to depends on the fonts here.
    page.evaluate("scrollTo(0, 0)")
    # A colour half-way between two is nobody's.
    page.evaluate(_SETTLED)
    kind, values = ("rule", ["color-contrast"]) if contrast_alone else ("tag", list(RULES))
    chosen = {"runOnly": {"type": kind, "values": values}, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate("chosen => window.axe.run(document, chosen)", chosen)
    return [
        f"{one['id']}: {one['help']} — {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def small_targets(page: Page, least: int = 44) -> list[str]:
    """What is smaller than `least` pixels in either direction."""
    found: list[str] = page.evaluate(_SMALL, least)
    return found


def scrolls_sideways(page: Page) -> bool:
    found: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return found
