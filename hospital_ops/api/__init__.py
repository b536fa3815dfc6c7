"""The REST API, and the few plain endpoints that pages need. One module per noun, one table from refusal to status.

A router is a module of this package with a `router`; `create_api` lists them. `api.state.push_status` is set by the
composition root, since `api` and `state` do not import each other.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.requests import Request
from starlette.routing import Match, Route

from hospital_ops.api.asgi import Receive, Scope, Send
from hospital_ops.api.body_limit import BodyLimit
from hospital_ops.api.errors import answer_refusals
from hospital_ops.api.last_resort import LastResort
from hospital_ops.api.problem import not_found, wrong_method

# In the order in which the documentation shows them.
ROUTERS = (
    "login", "patient", "beds", "tasks", "staffing", "placement", "health", "audit", "reports", "session", "password",
    "intake",
)  # fmt: skip


def create_api() -> FastAPI:
    """The FastAPI app that Reflex's own app is mounted into."""
    api = FastAPI(
        title="hospital-ops",
        version="0.1.0",
        description=(
            "Beds, tasks, arrivals and staffing of one hospital. Every error is `{code, message}`: a stable code and a "
            "sentence. Times carry their zone and are the hospital's own, which is simulated in a demo."
        ),
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        # What client generators call a method: `dashboard`, not `dashboard_api_beds_dashboard_get`.
        generate_unique_id_function=lambda route: route.name,
    )
    api.add_middleware(BodyLimit)
    api.add_middleware(LastResort)
    answer_refusals(api)
    for name in ROUTERS:
        module: ModuleType = import_module(f"{__name__}.{name}")
        api.include_router(module.router)
    # An unknown address under /api is JSON too; without these it would fall through to the pages.
    api.router.routes += [Route("/api", Unknown()), Route("/api/{rest:path}", Unknown())]
    return api


def routes_of(api: FastAPI) -> list[APIRoute]:
    """Every route, those of included routers too."""
    found = (context.original_route for context in iter_route_contexts(api.routes))
    return [route for route in found if isinstance(route, APIRoute)]


class Unknown:
    """No such address, or one of ours that takes another method. An ASGI app, since it must hear every method."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        routes = routes_of(Request(scope).app)
        other = {method for r in routes if r.matches(scope)[0] is Match.PARTIAL for method in r.methods or ()}
        await (wrong_method(other) if other else not_found())(scope, receive, send)
