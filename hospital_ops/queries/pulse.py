"""What a heartbeat says to the pages' clocks."""

from __future__ import annotations

from typing import Any

from hospital_ops.config import get_settings
from hospital_ops.infra.db import read_session
from hospital_ops.queries.clock import read_clock


def clock_words() -> dict[str, Any]:
    """{"now": ISO hospital time, "speed": hospital minutes a minute, "simulated": bool, "zone": its time zone}."""
    with read_session() as session:
        clock = read_clock(session)
    zone = get_settings().timezone
    return {"now": clock.now.isoformat(), "speed": clock.speed, "simulated": clock.simulated, "zone": zone}
