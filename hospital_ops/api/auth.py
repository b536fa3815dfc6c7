"""Who is asking, and may they: one dependency says it for each route, and a test walks all routes for it.

    @router.get("/api/beds/dashboard")
    def dashboard(actor: Annotated[Actor, Depends(Needs(Permission.BOARD_VIEW))]) -> list[Tile]: ...

    @router.post("/api/login")
    @public("Whoever signs in has no token yet.")
    def login(...) -> ...: ...

The API takes `Authorization: Bearer` and nothing else: a cookie never authorises it, so that no other site's page can
use it through somebody's browser. The few endpoints of our own pages take the cookie and our own Origin (`NeedsPage`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor, Permission, require
from hospital_ops.domain.errors import NotAllowed, NotSignedIn
from hospital_ops.infra.cookies import session_token
from hospital_ops.services.accounts import actor_of_session
from hospital_ops.services.tokens import actor_of_token

F = TypeVar("F", bound=Callable[..., Any])
_PUBLIC = "_public_because"
bearer = HTTPBearer(auto_error=False, scheme_name="Bearer", description="The access token that `/api/login` gives.")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]


def public(because: str) -> Callable[[F], F]:
    """Anyone may call this route; say why."""

    def mark(endpoint: F) -> F:
        setattr(endpoint, _PUBLIC, because)
        return endpoint

    return mark


def public_because(endpoint: Any) -> str:
    """Why an endpoint is public; "" when it is not."""
    return str(getattr(endpoint, _PUBLIC, ""))


class Needs:
    """The actor behind a bearer token who has this permission; None asks only for somebody signed in."""

    def __init__(self, permission: Permission | None) -> None:
        self.permission = permission

    def __call__(self, request: Request, credentials: Bearer) -> Actor:
        if credentials is None:
            raise NotSignedIn("Please send the access token: Authorization: Bearer …")
        return _admit(request, actor_of_token(credentials.credentials), self.permission)


class NeedsPage:
    """The actor behind one of our own pages' cookie who has this permission; for uploads and the like."""

    def __init__(self, permission: Permission | None) -> None:
        self.permission = permission

    def __call__(self, request: Request) -> Actor:
        if request.method not in {"GET", "HEAD"} and not is_own_origin(request):
            raise NotAllowed("This was sent from another site.", code="other_origin")
        actor = actor_of_session(session_token(request.headers.get("cookie", "")))
        if actor is None:
            raise NotSignedIn
        return _admit(request, actor, self.permission)


def address_of(request: Request) -> str:
    """The caller's address, for limits and the audit. Behind a proxy the web server has put the real one here."""
    return request.client.host if request.client else ""


def is_own_origin(request: Request) -> bool:
    """Whether a page of ours sent this. Browsers put Origin on every POST; SameSite guards the rest."""
    origin = request.headers.get("origin", "")
    if not origin or origin == "null":
        return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
    return origin in get_settings().allowed_origins or urlsplit(origin).netloc == request.headers.get("host", "")


def _admit(request: Request, actor: Actor, permission: Permission | None) -> Actor:
    request.state.actor = actor  # For the audit, should a rule further on refuse.
    if permission is not None:
        require(actor, permission)
    return actor
