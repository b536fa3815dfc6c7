"""Where each role's day begins: the page that opens after signing in."""

from __future__ import annotations

from hospital_ops.domain.access import Role

HOMES: dict[Role, str] = {
    Role.PATIENT: "/intake",
    Role.DESK: "/desk",
    Role.HOUSEKEEPER: "/tasks",
    Role.TRANSPORTER: "/tasks",
    Role.STAFFING_MANAGER: "/staffing",
}
BOARD = "/board"


def home_of(role: Role) -> str:
    """The role's first page; the board for everyone who is not named."""
    return HOMES.get(role, BOARD)
