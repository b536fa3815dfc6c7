"""Signing in by program: a name and a password for tokens. The pages' own sign-in is in api/session.py."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from hospital_ops.api.auth import Bearer, Needs, address_of, public
from hospital_ops.api.problem import problems
from hospital_ops.api.shapes import Given, Shown
from hospital_ops.domain.access import Actor
from hospital_ops.domain.errors import NotSignedIn
from hospital_ops.services import tokens

router = APIRouter(tags=["login"])


class Login(Given):
    """`otp` is for accounts with a second factor: six digits from the app, or a recovery code. Others may send it too."""

    username: str = Field(max_length=100, examples=["manager"])
    password: str = Field(max_length=1000, examples=["the password printed by ./hospital up"])
    otp: str | None = Field(None, max_length=20, examples=["492039"])


class Refresh(Given):
    refresh_token: str = Field(max_length=200)


class TokenPair(Shown):
    """The access token goes into `Authorization: Bearer …`. The refresh token works once: keep the newest."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_in: int = Field(description="Seconds until the access token is over.", examples=[600])
    refresh_token: str

    @classmethod
    def of(cls, pair: tokens.Tokens) -> TokenPair:
        return cls(access_token=pair.access_token, refresh_token=pair.refresh_token, expires_in=pair.expires_in)


@router.post("/api/login", responses=problems(400, 401, 403, 413, 415, 422, 429, 503))
@public("Whoever signs in has no token yet.")
def login(request: Request, given: Login) -> TokenPair:
    """Take a user name, a password and, where the account asks for one, a code; return an access and a refresh token.

    401 says `wrong_credentials` for a wrong password whatever else was sent; only after a right one
    `second_factor_required` or `second_factor_wrong`.
    """
    pair = tokens.log_in(given.username, given.password, otp=given.otp or "", address=address_of(request))
    return TokenPair.of(pair)


@router.post("/api/login/refresh", responses=problems(400, 401, 413, 415, 422, 503))
@public("The refresh token is the proof.")
def refresh(given: Refresh) -> TokenPair:
    """Trade a refresh token for a new pair. Using one twice ends the whole login: somebody has copied it."""
    return TokenPair.of(tokens.refresh(given.refresh_token))


@router.post("/api/logout", status_code=204, responses=problems(401, 503))
def logout(actor: Annotated[Actor, Depends(Needs(None))], credentials: Bearer) -> Response:
    """End this login: neither its access tokens nor its refresh tokens work any longer."""
    if credentials is None:
        raise NotSignedIn
    tokens.log_out(actor, credentials.credentials)
    return Response(status_code=204)
