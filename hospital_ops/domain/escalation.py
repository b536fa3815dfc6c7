"""How long an offer may stay unanswered, and who hears of it next."""

from __future__ import annotations

from hospital_ops.domain.tasks import ANSWER_MINUTES, LADDER, RESPONSE_MINUTES, Priority, TaskStatus

# Simulated hands move once a second of real time; however fast the hospital runs, they get this many seconds.
SIMULATED_SECONDS = 10.0
# After so many offers in a row without an answer somebody is not there, whatever their status says.
UNANSWERED_IN_A_ROW = 3
NO_ANSWER = "no answer"

# Minutes after which somebody is stuck in one state.
STUCK_MINUTES: dict[TaskStatus, int] = {
    TaskStatus.ACCEPTED: 45,
    TaskStatus.IN_PROGRESS: 180,
    TaskStatus.SUSPENDED: 120,
}


def person_minutes(minutes: float, speed: float, *, simulated: bool) -> float:
    """A person's limit in hospital minutes.

    People answer in real minutes, however fast the simulated hospital runs; simulated people in hospital minutes.
    """
    if not simulated:
        return minutes * max(1.0, speed)
    return max(minutes, SIMULATED_SECONDS * speed / 60.0)


def answer_minutes(priority: Priority, speed: float, *, simulated: bool) -> float:
    """Hospital minutes after which an offer goes to the next person."""
    return person_minutes(ANSWER_MINUTES[priority], speed, simulated=simulated)


def level_after(unanswered: int) -> int:
    """The rung of the ladder that so many unanswered offers reach: 0 is nobody yet."""
    return sum(unanswered >= offers for offers, _ in LADDER)


def patience_minutes(priority: Priority) -> int:
    """How long a task may wait for somebody to be found before a supervisor should look."""
    return 2 * RESPONSE_MINUTES[priority]
