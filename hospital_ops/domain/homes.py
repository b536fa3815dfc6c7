"""Where each role's day begins: the page that opens after signing in."""

from __future__ import annotations

from hospital_ops.domain.access import Actor, Role

HOMES: dict[Role, str] = {
    Role.PATIENT: "/intake",
    Role.DESK: "/desk",
    Role.HOUSEKEEPER: "/tasks",
    Role.TRANSPORTER: "/tasks",
    Role.STAFFING_MANAGER: "/staffing",
    Role.ADMIN: "/admin",
}
BOARD = "/board"
# The one page that a first password opens.
PASSWORD_PAGE = "/password"  # noqa: S105  an address


def home_of(role: Role) -> str:
    """The role's first page; the board for everyone who is not named."""
    return HOMES.get(role, BOARD)


def home_for(actor: Actor) -> str:
    """The same for one person: whoever still has a first password chooses their own."""
    return PASSWORD_PAGE if actor.must_choose_password else home_of(actor.role)
