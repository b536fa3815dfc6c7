"""Is the house well? For load balancers and people on call; without login, and without a word about patients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import redis
from fastapi import APIRouter, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from hospital_ops.api.auth import public
from hospital_ops.api.shapes import Shown
from hospital_ops.infra.alive import alive
from hospital_ops.infra.bus import redis_client
from hospital_ops.queries.health import database_answers

router = APIRouter(tags=["health"])
State = Literal["ok", "down"]
BEATING = ("worker", "relay", "clock")


class Parts(Shown):
    database: State
    redis: State
    worker: State
    relay: State
    clock: State
    push: State = Field(description="Whether this web process hears the database, so that its boards are live.")


class Health(Shown):
    """`degraded`: a part is away, and people can go on working; `down`: the database is away."""

    status: Literal["ok", "degraded", "down"]
    parts: Parts


@router.get("/api/health", responses={503: {"model": Health, "description": "The database is away."}})
@public("A load balancer has no account.")
async def health(request: Request, response: Response) -> Health:
    """Each part, and the house as a whole. 503 only when the database is away."""
    push = getattr(request.app.state, "push_status", None)
    pushing: State = "ok" if push is not None and push()["status"] == "ok" else "down"
    parts = Parts(**await run_in_threadpool(_others), push=pushing)
    all_well = all(state == "ok" for state in parts.model_dump().values())
    if parts.database == "down":
        response.status_code = 503
        return Health(status="down", parts=parts)
    return Health(status="ok" if all_well else "degraded", parts=parts)


def _others() -> dict[str, State]:
    parts: dict[str, State] = {
        "database": _asked(database_answers),
        "redis": _asked(lambda: bool(redis_client().ping())),
    }
    for name in BEATING:
        # Their signs of life are in Redis: while it is away nobody can tell, and "ok" would be a guess.
        parts[name] = _asked(lambda name=name: alive(name)) if parts["redis"] == "ok" else "down"  # type: ignore[misc]
    return parts


def _asked(question: Callable[[], bool]) -> State:
    try:
        return "ok" if question() else "down"
    except redis.RedisError:
        return "down"
