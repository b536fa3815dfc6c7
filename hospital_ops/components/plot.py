"""What every plot has in common."""

from __future__ import annotations

# A plot is hidden from whoever reads by ear or walks by keyboard, who have its table: so it takes no focus either.
NO_FOCUS = {"accessibilityLayer": False}
