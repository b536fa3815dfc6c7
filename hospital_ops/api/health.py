"""Is the house well? For load balancers and people on call; without login, and without a word about patients."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from hospital_ops.api.auth import public
from hospital_ops.api.shapes import Shown
from hospital_ops.queries.health import State, parts

router = APIRouter(tags=["health"])


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


@router.head("/api/health", include_in_schema=False)
@router.get("/api/health", responses={503: {"model": Health, "description": "The database is away."}})
@public("A load balancer has no account.")
async def health(request: Request, response: Response) -> Health:
    """Each part, and the house as a whole. 503 only when the database is away."""
    push = getattr(request.app.state, "push_status", None)
    pushing: State = "ok" if push is not None and push()["status"] == "ok" else "down"
    found = Parts(**await run_in_threadpool(parts), push=pushing)
    all_well = all(state == "ok" for state in found.model_dump().values())
    if found.database == "down":
        response.status_code = 503
        return Health(status="down", parts=found)
    return Health(status="ok" if all_well else "degraded", parts=found)
