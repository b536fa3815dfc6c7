"""What an act on a release of a model has to say."""

from __future__ import annotations

# Letters of the reason why a release serves against its gate.
SHORTEST_REASON, LONGEST_REASON = 10, 200
