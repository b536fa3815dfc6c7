"""Each route says who may call it, and each role is let in or turned away as the one table of permissions has it.

The routes are taken from the running app: one that EXPECTED does not name fails here, and so does a name without a route.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from hospital_ops.api import routes_of
from hospital_ops.api.auth import Needs, NeedsPage, public_because
from hospital_ops.domain.access import PERMISSIONS, Permission, Role
from hospital_ops.services.accounts import patient_session
from hospital_ops.services.intake import start
from tests.api.client import Api, app, refusal
from tests.cast import PEOPLE, Cast
from tests.intake.photos import photo

P = Permission
Given = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """What a route asks for, a request that its people may send, and what they get. `{…}` come from the scene."""

    needs: Permission | str
    status: int = 200
    path: str = ""
    sent: Callable[[Given], Given] = field(default=lambda scene: {})


ANYBODY, SIGNED_IN = "anybody", "somebody signed in"
EXPECTED: dict[tuple[str, str], Call] = {
    ("POST", "/api/login"): Call(ANYBODY, 422),
    ("POST", "/api/login/refresh"): Call(ANYBODY, 422),
    ("POST", "/api/logout"): Call(SIGNED_IN, 204),
    ("POST", "/api/patient/register"): Call(ANYBODY, 422),
    ("GET", "/api/beds/dashboard"): Call(P.BOARD_VIEW),
    ("GET", "/api/staff/tasks/{user_id}"): Call(P.TASK_OWN, path="/api/staff/tasks/{own}"),
    ("POST", "/api/tasks"): Call(
        P.TASK_CREATE, 201, sent=lambda scene: {"json": {"description": "Fetch a lamp", "bed_id": scene["bed"]}}
    ),
    # The task is nobody's of theirs, so those who may hold tasks read that there is none.
    ("PUT", "/api/tasks/{task_id}/complete"): Call(P.TASK_OWN, 404, path="/api/tasks/99999/complete"),
    ("GET", "/api/staffing/forecast"): Call(P.FORECAST_VIEW),
    ("GET", "/api/placement"): Call(P.STAY_PLACE),
    ("GET", "/api/placement/proposal"): Call(P.STAY_PLACE),
    ("GET", "/api/placement/{request_id}"): Call(P.STAY_PLACE, path="/api/placement/{request}"),
    ("GET", "/api/health"): Call(ANYBODY),
    ("HEAD", "/api/health"): Call(ANYBODY),
    # Our own pages', by cookie.
    ("POST", "/api/session"): Call(ANYBODY, 303),
    ("POST", "/api/session/end"): Call(ANYBODY, 303),
    ("POST", "/api/session/password"): Call(ANYBODY, 303),
    ("POST", "/api/audit/export"): Call(P.AUDIT_READ),
    ("GET", "/api/reports/file"): Call(P.REPORT_VIEW),
    ("GET", "/api/intake/open/{token}"): Call(ANYBODY, 303, path="/api/intake/open/nonsense"),
    ("POST", "/api/intake/start"): Call(ANYBODY, 303),
    ("PUT", "/api/intake/document/{side}"): Call(
        P.INTAKE_OWN, 202, path="/api/intake/document/id_photo", sent=lambda scene: {"content": photo()}
    ),
    ("POST", "/api/intake/document/{side}"): Call(
        P.INTAKE_OWN, 202, path="/api/intake/document/id_photo", sent=lambda scene: {"content": photo()}
    ),
    # Its patient or the desk: the service decides by the photo, and there is none.
    ("POST", "/api/intake/document/{document_id}/again"): Call(SIGNED_IN, 404, path="/api/intake/document/9/again"),
    ("GET", "/api/intake/document/{document_id}/image"): Call(SIGNED_IN, 404, path="/api/intake/document/9/image"),
    ("GET", "/api/intake/link"): Call(P.INTAKE_OWN),
    ("POST", "/api/intake/link/{registration_id}"): Call(P.DESK_WORK, path="/api/intake/link/{registration}"),
}
# Everybody of the cast but the second nurse and housekeeper, and a patient on a phone.
ROLES = {role: name for name, (_, role, *_) in reversed(PEOPLE.items())} | {Role.PATIENT: "patient"}
ROUTES = {(method, route.path): route for route in routes_of(app()) for method in sorted(route.methods)}


def _asked(dependant: Dependant) -> list[Needs | NeedsPage]:
    own = [d.call for d in dependant.dependencies if isinstance(d.call, Needs | NeedsPage)]
    return own + [found for d in dependant.dependencies for found in _asked(d)]


def _needs(route: APIRoute) -> Permission | str:
    asked = _asked(route.dependant)
    if not asked:
        return ANYBODY
    return asked[0].permission or SIGNED_IN


def _by_cookie(route: APIRoute) -> bool:
    return any(isinstance(asked, NeedsPage) for asked in _asked(route.dependant))


def _may(role: Role, needs: Permission | str) -> bool:
    return not isinstance(needs, Permission) or needs in PERMISSIONS[role]


def test_each_route_needs_somebody_or_says_why_not() -> None:
    assert len(ROUTES) > 15
    unsaid = [
        key for key, route in ROUTES.items() if bool(_asked(route.dependant)) == bool(public_because(route.endpoint))
    ]
    assert unsaid == []


def test_each_route_is_expected_here_and_asks_for_what_is_expected() -> None:
    assert {key: _needs(route) for key, route in ROUTES.items()} == {k: call.needs for k, call in EXPECTED.items()}


def test_every_role_is_asked() -> None:
    assert set(ROLES) == set(Role) - {Role.SYSTEM}  # The house's own processes sign in nowhere.


@pytest.fixture
def scene(cast: Cast) -> Given:
    return {"bed": cast.beds["E1"], "request": cast.waiting(), "registration": start().registration_id}


def _as_patient(api: Api, scene: Given) -> None:
    api._cookies["patient"] = patient_session(scene["registration"])


@pytest.mark.parametrize("key", [key for key, route in ROUTES.items() if _asked(route.dependant)], ids=" ".join)
def test_each_role_is_let_in_or_turned_away(cast: Cast, api: Api, scene: Given, key: tuple[str, str]) -> None:
    call, by_cookie = EXPECTED[key], _by_cookie(ROUTES[key])
    _as_patient(api, scene)
    answers: dict[str, int] = {}
    expected: dict[str, int] = {}
    for role, name in ROLES.items():
        if role is Role.PATIENT and not by_cookie:
            continue  # A patient has a link, and no token.
        as_whom = {"page": name} if by_cookie else {"who": name}
        path = (call.path or key[1]).format(own=cast.people.get(name), **scene)
        answer = api.call(key[0], path, **as_whom, **call.sent(scene))
        answers[name], expected[name] = answer.status_code, call.status if _may(role, call.needs) else 403
        if answer.status_code >= 400:
            refusal(answer)
    assert answers == expected
    denied = [row for row in cast.audited("access.deny") if row.facts["code"] == "not_allowed"]
    assert len(denied) == list(expected.values()).count(403)
    assert {row.facts["what"] for row in denied} <= {f"{key[0]} {key[1]}"}


@pytest.mark.parametrize("key", [key for key, route in ROUTES.items() if _asked(route.dependant)], ids=" ".join)
def test_nobody_is_let_in_without_what_the_route_asks_for(
    cast: Cast, api: Api, scene: Given, key: tuple[str, str]
) -> None:
    """Neither nobody, nor a token where the page's cookie is asked for, nor a cookie where a token is."""
    call = EXPECTED[key]
    path = (call.path or key[1]).format(own=cast.people["nurse"], **scene)
    other = {"who": "desk"} if _by_cookie(ROUTES[key]) else {"page": "desk"}
    for as_whom in ({}, other):
        assert refusal(api.call(key[0], path, **as_whom, **call.sent(scene))) == (401, "not_signed_in")


@pytest.mark.parametrize("key", [key for key, route in ROUTES.items() if public_because(route.endpoint)], ids=" ".join)
def test_anybody_may_call_what_is_public(api: Api, key: tuple[str, str]) -> None:
    assert api.call(key[0], EXPECTED[key].path or key[1]).status_code == EXPECTED[key].status


def test_a_page_of_another_site_is_turned_away_by_its_origin(cast: Cast, api: Api, scene: Given) -> None:
    path = f"/api/intake/link/{scene['registration']}"
    sent = {"cookie": f"hospital_session={api.cookie('desk')}", "origin": "https://elsewhere.example"}
    assert refusal(api.post(path, headers=sent)) == (403, "other_origin")
