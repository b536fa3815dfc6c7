"""Every route says who may call it: one with neither a permission nor a public mark fails here."""

from __future__ import annotations

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from hospital_ops.api import create_api, routes_of
from hospital_ops.api.auth import Needs, NeedsPage, public_because


def _asks(dependant: Dependant) -> bool:
    return any(isinstance(d.call, Needs | NeedsPage) or _asks(d) for d in dependant.dependencies)


def _is_guarded(route: APIRoute) -> bool:
    return _asks(route.dependant) != bool(public_because(route.endpoint))


def test_each_route_needs_somebody_or_says_why_not() -> None:
    routes = routes_of(create_api())
    assert len(routes) > 8
    assert [f"{sorted(route.methods)} {route.path}" for route in routes if not _is_guarded(route)] == []
