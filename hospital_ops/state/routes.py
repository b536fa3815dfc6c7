"""The pages as the server knows them: who may open each, what it watches, what the navigation calls it.

To add a page: add a `Route` here and a function in `pages/` of the same name (see pages/__init__.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hospital_ops.domain import events
from hospital_ops.domain.access import Actor, Permission
from hospital_ops.queries.board import ward_ids_of
from hospital_ops.queries.places import ward_of_code

Topics = Callable[[Actor, Mapping[str, str]], list[str]]


def _nothing(actor: Actor, params: Mapping[str, str]) -> list[str]:
    return []


def _board(actor: Actor, params: Mapping[str, str]) -> list[str]:
    return [events.HOSPITAL, *(events.ward(ward_id) for ward_id in ward_ids_of(actor))]


def _one_ward(actor: Actor, params: Mapping[str, str]) -> list[str]:
    """The ward of the address, when it is one of theirs; and who waits for a bed."""
    found = ward_of_code(params.get("ward", ""))
    if found is None or not actor.may(Permission.BOARD_VIEW, found.ward_id):
        return []
    return [events.HOSPITAL, events.ward(found.ward_id)]


def _own(actor: Actor, params: Mapping[str, str]) -> list[str]:
    return [] if actor.user_id is None else [events.user(actor.user_id)]


def _own_account(actor: Actor, params: Mapping[str, str]) -> list[str]:
    return [] if actor.user_id is None else [events.account(actor.user_id)]


def _me(actor: Actor, params: Mapping[str, str]) -> list[str]:
    return [] if actor.user_id is None else [events.me(actor.user_id), events.own_strain(actor.user_id)]


def _staffing(actor: Actor, params: Mapping[str, str]) -> list[str]:
    plans = actor.may(Permission.STRAIN_GROUPS)
    return [events.STAFFING, *([events.STRAIN] if plans else [])]


def _swaps(actor: Actor, params: Mapping[str, str]) -> list[str]:
    """The ward's week is chosen on the page; what waits for the planner is of the whole house."""
    return [events.SWAPS] if actor.may(Permission.STAFFING_PLAN) else []


def _dispatch(actor: Actor, params: Mapping[str, str]) -> list[str]:
    supervises = actor.may(Permission.TASK_SUPERVISE)
    return [*_own(actor, params), *([events.DISPATCH] if supervises else [])]


def _intake(actor: Actor, params: Mapping[str, str]) -> list[str]:
    return [] if actor.registration_id is None else [events.registration(actor.registration_id)]


@dataclass(frozen=True, slots=True)
class Route:
    """One page. `permission` None: anyone may open it. `topics(actor, params)` names what it watches.

    `label` and `icon` put it into the navigation of those who may open it; "" leaves it out.
    `masked`: it is read by whoever walks past, so it never hears who lies where, whoever has signed in.
    """

    path: str
    title: str
    permission: Permission | None = None
    label: str = ""
    icon: str = ""
    topics: Topics = field(default=_nothing)
    masked: bool = False


_P = Permission
ROUTES: tuple[Route, ...] = (
    Route("/", "Hospital operations"),
    Route("/login", "Sign in"),
    Route("/board", "Beds", _P.BOARD_VIEW, "Beds", "bed", _board),
    Route("/board/[ward]", "One ward", _P.BOARD_VIEW, topics=_one_ward),
    Route("/wall", "Beds on the wall", _P.BOARD_VIEW, topics=_board, masked=True),
    Route("/tasks", "My tasks", _P.TASK_OWN, "Tasks", "list-checks", _dispatch),
    Route("/desk", "Arrivals", _P.DESK_WORK, "Arrivals", "clipboard-list", lambda actor, params: [events.DESK]),
    Route("/staffing", "Staffing", _P.STAFFING_VIEW, "Staffing", "users", _staffing),
    Route("/staffing/roster", "Roster", _P.STAFFING_VIEW, topics=_swaps),
    Route("/replay", "A day of the board", _P.REPLAY_VIEW, "Replay", "history"),
    Route("/replay/what-if", "What if", _P.REPLAY_VIEW),
    Route("/reports", "Reports", _P.REPORT_VIEW, "Reports", "chart-column"),
    Route("/patients/[id]", "Patient", _P.PATIENT_READ),
    Route("/admin", "Accounts", _P.ACCOUNT_MANAGE, "Admin", "settings", lambda actor, params: [events.ACCOUNTS]),
    Route("/admin/audit", "Audit", _P.AUDIT_READ),
    Route("/admin/strain", "Contested strain", _P.STRAIN_ANSWER, topics=lambda actor, params: [events.CONTESTS]),
    Route("/admin/models", "Models", _P.MODEL_MANAGE, topics=lambda actor, params: [events.MODELS]),
    Route("/admin/house", "The house", _P.ACCOUNT_MANAGE),
    Route("/admin/wards", "Wards", _P.WARD_SET, topics=lambda actor, params: [events.WARDS]),
    Route("/me", "My shifts", _P.SHIFT_OWN, topics=_me),
    Route("/account", "My account", _P.ACCOUNT_OWN, topics=_own_account),
    # For everybody who is signed in, with a first password too; the page says nothing to anybody else.
    Route("/password", "Password"),
    # Open to all: who has no registration yet begins one there.
    Route("/intake", "Registration", topics=_intake),
)
BY_PATH: dict[str, Route] = {route.path: route for route in ROUTES}


def route_of(path: str) -> Route | None:
    """The page by its pattern (`/patients/[id]`), as Reflex's router names it."""
    return BY_PATH.get("/" + path.strip("/"))


def topics_of(path: str, actor: Actor, params: Mapping[str, str]) -> list[str]:
    """What the page at `path` watches for this person; nothing when it is not theirs."""
    route = route_of(path)
    if route is None or (route.permission is not None and not actor.may(route.permission)):
        return []
    return route.topics(actor, params)
