"""The second factor's rules: which codes there are and how they look. They live by real time, not by the hospital's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

# An authenticator app shows a new code every thirty seconds; one step each way for a phone whose clock is a little off.
STEPS_OFF = 1
RECOVERY_CODES = 10
# Without i, l, o, 0 and 1, which look alike on paper. Ten of these are nearly fifty bits.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_HALF = 5


def typed(code: str) -> str:
    """A code as it is compared: people type spaces, dashes and capitals."""
    return "".join(sign for sign in code.casefold() if sign.isascii() and sign.isalnum())


def is_from_app(code: str) -> bool:
    """Six digits come from the app; anything else can only be a recovery code."""
    return len(code) == 6 and code.isascii() and code.isdigit()


def recovery_code(choose: Callable[[Sequence[str]], str]) -> str:
    """A new recovery code: `k7mq2-xw9ht`. `choose` picks one sign at random."""
    halves = ("".join(choose(LETTERS) for _ in range(_HALF)) for _ in range(2))
    return "-".join(halves)
