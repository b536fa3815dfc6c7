"""A browser in a few words, so that people can tell their own sign-ins apart. What it says of itself is kept nowhere."""

from __future__ import annotations

# The first that stands in the header names it: a browser claims to be the older ones below it too.
_BROWSERS: dict[str, str] = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrom": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS: dict[str, str] = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


def browser_words(user_agent: str) -> str:
    """ "Firefox on Windows"; "" for what is no browser we know."""
    browser = next((word for sign, word in _BROWSERS.items() if sign in user_agent), "")
    system = next((word for sign, word in _SYSTEMS.items() if sign in user_agent), "")
    return " on ".join(part for part in (browser, system) if part)
