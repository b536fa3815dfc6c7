"""What must be done before a patient can leave: up to ten milestones, who owns each, and what holds one up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hospital_ops.domain.access import Role
from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.tasks import SKILL, TaskKind

# Written to a task that this patient does not need: it does not come back by itself.
NOT_NEEDED = "not needed for this patient"
LONGEST_WORDS = 200
# What is due sooner than that cannot be done in time by anybody.
SHORTEST_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Milestone:
    """One thing to be done. `owner`: whose it is until a person is named. `lead`: minutes before leaving it is due.

    `usual`: opened with every discharge; the others are added for whom they concern. `fhir` is the code of FHIR's
    care-plan-activity-kind.
    """

    title: str
    owner: Role
    lead: int
    fhir: str
    usual: bool = False


# In the order in which a ward does them.
MILESTONES: dict[str, Milestone] = {
    "decision": Milestone("Last look by the doctor", Role.DOCTOR, 120, "Task"),
    "results": Milestone("Last results seen", Role.DOCTOR, 90, "ServiceRequest"),
    "place": Milestone("Place or care after this arranged", Role.NURSE, 90, "ServiceRequest"),
    "medication": Milestone("Discharge medication", Role.NURSE, 60, "MedicationRequest", usual=True),
    "letter": Milestone("Discharge letter", Role.DOCTOR, 60, "Task", usual=True),
    "therapy": Milestone("Seen by therapy", Role.NURSE, 60, "ServiceRequest"),
    "equipment": Milestone("Equipment for home", Role.NURSE, 60, "DeviceRequest"),
    "appointment": Milestone("Next appointment made", Role.NURSE, 45, "Appointment"),
    "teaching": Milestone("Patient and family shown what to do", Role.NURSE, 45, "CommunicationRequest"),
    "transport": Milestone("Transport home arranged", Role.NURSE, 30, "ServiceRequest", usual=True),
}
USUAL: tuple[str, ...] = tuple(name for name, one in MILESTONES.items() if one.usual)
ORDER: dict[str, int] = {name: n for n, name in enumerate(MILESTONES)}

# Why one cannot be done now. Codes are kept and counted, words are shown.
DELAYS: dict[str, str] = {
    "waits_for_doctor": "Waits for the doctor",
    "waits_for_results": "Waits for results",
    "waits_for_pharmacy": "Waits for the pharmacy",
    "waits_for_transport": "Waits for transport",
    "waits_for_family": "Waits for the family",
    "waits_for_place": "Waits for a place elsewhere",
    "waits_for_equipment": "Waits for equipment at home",
    "waits_for_payer": "Waits for the insurance",
    "not_well_enough": "Not well enough yet",
    "other": "Something else",
}


def words_for(name: str, label: str) -> str:
    """What a milestone's task is called at this bed."""
    return f"{MILESTONES[name].title} for bed {label}"


def known(name: str) -> Milestone:
    """The milestone of that name. Raises Invalid for a word that is none."""
    found = MILESTONES.get(name)
    if found is None:
        raise Invalid("Please choose one of the milestones shown.", code="no_such_milestone")
    return found


def delay_words(code: str) -> str:
    """The sentence behind a reason. Raises Invalid for a code that is not in the list."""
    words = DELAYS.get(code)
    if words is None:
        raise Invalid("Please pick one of the reasons shown.", code="reason_needed")
    return words


def due_at(name: str, marked_at: datetime, target_minutes: int, leaves_at: datetime | None, now: datetime) -> datetime:
    """When a milestone should be done: its lead before leaving, which is when the forecast says, at the earliest when the
    ward's notice is over. `leaves_at` is the forecast's middle, None without one."""
    wanted = marked_at + timedelta(minutes=target_minutes)
    leaving = max(wanted, leaves_at) if leaves_at and leaves_at - marked_at < timedelta(hours=24) else wanted
    return max(leaving - timedelta(minutes=MILESTONES[name].lead), now + timedelta(minutes=SHORTEST_MINUTES))


def offered_to(kind: TaskKind, milestone: str) -> frozenset[Role]:
    """Whom the house itself offers a task: those with the skill; of a milestone, its owners."""
    return frozenset({MILESTONES[milestone].owner}) if milestone in MILESTONES else SKILL[kind]
