"""Why somebody cannot do a task now: short reasons to pick with a thumb, by kind. Codes travel, words are kept."""

from __future__ import annotations

from hospital_ops.domain.errors import Invalid
from hospital_ops.domain.milestones import DELAYS
from hospital_ops.domain.tasks import TaskKind

_ANY: dict[str, str] = {
    "needed_elsewhere": "Needed elsewhere first",
    "second_person": "Needs a second person",
    "not_safe": "Not safe for me",
}

REASONS: dict[TaskKind, dict[str, str]] = {
    TaskKind.CLEAN_BED: {
        "still_in_use": "Somebody is still in the bed",
        "supplies": "Supplies are missing",
        "broken": "Something is broken there",
        **_ANY,
    },
    TaskKind.SPILL: {"supplies": "Supplies are missing", "not_found": "Nothing found there", **_ANY},
    TaskKind.TRANSPORT: {
        "not_ready": "The patient is not ready",
        "not_there": "The patient is not there",
        "equipment": "Chair or stretcher is missing",
        **_ANY,
    },
    TaskKind.DISCHARGE_MILESTONE: {
        **{code: DELAYS[code] for code in ("waits_for_doctor", "waits_for_pharmacy", "waits_for_family")},
        **_ANY,
    },
    TaskKind.NURSING: {"not_ready": "The patient is not ready", **_ANY},
    TaskKind.OTHER: {"unclear": "Not clear what is meant", **_ANY},
}


def reason_words(kind: TaskKind, code: str) -> str:
    """The sentence behind a picked reason. Raises Invalid for a code that this kind does not offer."""
    words = REASONS[kind].get(code)
    if words is None:
        raise Invalid("Please pick one of the reasons shown.", code="reason_needed")
    return words
