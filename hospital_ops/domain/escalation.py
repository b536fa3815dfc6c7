"""How long an offer may stay unanswered, and who hears of it next."""

from __future__ import annotations

from dataclasses import dataclass

from hospital_ops.domain.tasks import ANSWER_MINUTES, RESPONSE_MINUTES, Priority, TaskStatus


@dataclass(frozen=True, slots=True)
class Rung:
    """One level: reached after so many unanswered offers, or after so many times a task's patience without anybody.

    `words` say on the supervisors' list who should look now.
    """

    unanswered: int
    patience: int
    words: str


# At most five levels. Below the first, an offer without an answer is simply made to the next person.
LADDER: tuple[Rung, ...] = (
    Rung(2, 1, "the bed manager should look"),
    Rung(4, 2, "the staffing manager should look"),
    Rung(6, 4, "somebody from another ward is needed"),
    Rung(8, 8, "the nursing supervisor should be called"),
    Rung(10, 16, "the administrator on call should be called"),
)

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
    return sum(unanswered >= rung.unanswered for rung in LADDER)


def level_of_waiting(priority: Priority, minutes: float) -> int:
    """The rung that a task reaches for which nobody was found in so many minutes."""
    return sum(minutes >= rung.patience * patience_minutes(priority) for rung in LADDER)


def level_words(level: int) -> str:
    """Who should look now; "" below the first rung."""
    return LADDER[level - 1].words if level else ""


def patience_minutes(priority: Priority) -> int:
    """How long a task may wait for somebody to be found before a supervisor should look."""
    return 2 * RESPONSE_MINUTES[priority]
