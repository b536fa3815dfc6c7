"""The REST API, and the few plain endpoints that pages need. One module per noun, one table from refusal to status.

A router is a module of this package with a `router`; `create_api` lists them. `api.state.push_status` is set by the
composition root, since `api` and `state` do not import each other.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Match

from hospital_ops.api.auth import public
from hospital_ops.api.body_limit import BodyLimit
from hospital_ops.api.errors import answer_refusals, not_found, wrong_method

# In the order in which the documentation shows them.
ROUTERS = ("login", "patient", "beds", "tasks", "staffing", "health", "session", "intake")


def create_api() -> FastAPI:
    """The FastAPI app that Reflex's own app is mounted into."""
    api = FastAPI(
        title="hospital-ops",
        version="0.1.0",
        description="Beds, tasks, arrivals and staffing of one hospital.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    api.add_middleware(BodyLimit)
    answer_refusals(api)
    for name in ROUTERS:
        module: ModuleType = import_module(f"{__name__}.{name}")
        api.include_router(module.router)
    _answer_unknown(api)
    return api


def routes_of(api: FastAPI) -> list[APIRoute]:
    """Every route, those of included routers too."""
    found = (context.original_route for context in iter_route_contexts(api.routes))
    return [route for route in found if isinstance(route, APIRoute)]


def _answer_unknown(api: FastAPI) -> None:
    """An unknown address under /api is JSON too; without this it would fall through to the pages and answer 200."""
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
    api.add_api_route("/api/{rest:path}", unknown, methods=methods, include_in_schema=False)


@public("There is nothing here to protect.")
def unknown(request: Request) -> JSONResponse:
    """No such address; or one of ours that takes another method."""
    near = [route for route in routes_of(request.app) if route.matches(request.scope)[0] is Match.PARTIAL]
    other = {method for route in near for method in route.methods or ()}
    return wrong_method(other) if other else not_found()
