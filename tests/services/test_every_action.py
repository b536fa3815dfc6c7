"""No action of the hospital's rules without its six questions: the list is derived from the services themselves."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from hospital_ops.services import (
    absence,
    away,
    beds,
    blocks,
    dispatch,
    escalation,
    found,
    milestones,
    placement,
    roster_draft,
    roster_import,
    roster_proposal,
    shift_swaps,
    staff,
    stays,
    strain,
    strain_contests,
    swaps,
    tasks,
    undo,
    wards,
)
from tests.services import (
    test_beds,
    test_escalation,
    test_milestones,
    test_placement,
    test_roster_draft,
    test_roster_proposal,
    test_staff,
    test_stays,
    test_strain,
    test_strain_contests,
    test_tasks,
    test_wards,
)
from tests.services.six import SixQuestions

RULES = (
    absence,
    away,
    beds,
    blocks,
    dispatch,
    escalation,
    found,
    milestones,
    placement,
    roster_draft,
    roster_import,
    roster_proposal,
    shift_swaps,
    staff,
    stays,
    strain,
    strain_contests,
    swaps,
    tasks,
    undo,
    wards,
)
NOUNS = (
    test_beds,
    test_escalation,
    test_milestones,
    test_placement,
    test_roster_draft,
    test_roster_proposal,
    test_staff,
    test_stays,
    test_strain_contests,
    test_tasks,
    test_wards,
)
# Sweeps answer by a class of their own, with the same six names.
SWEEPS: dict[Callable[..., Any], type] = {
    blocks.expire_blocks: test_beds.TestExpireBlocks,
    absence.sign_off_absent: test_staff.TestSignOffAbsent,
    escalation.escalate_overdue: test_escalation.TestEscalateOverdue,
    strain.score: test_strain.TestScore,
}
# They change nothing; tests/services/test_placement.py asks who may see what.
READS = {placement.offers, placement.open_requests, roster_import.preview, roster_proposal.propose}


def public_actions() -> set[Callable[..., Any]]:
    """Every function of these services that somebody calls: it says who acts, first."""
    found: set[Callable[..., Any]] = set()
    for module in RULES:
        for name, member in inspect.getmembers(module, inspect.isfunction):
            parameters = list(inspect.signature(member).parameters)
            if member.__module__ == module.__name__ and not name.startswith("_") and parameters[:1] == ["actor"]:
                found.add(member)
    return found


def test_every_action_is_asked_the_six_questions() -> None:
    asked = {action.service for noun in NOUNS for action in getattr(noun, "ACTIONS", [])}
    missing = public_actions() - asked - set(SWEEPS) - READS
    assert not missing, sorted(f"{each.__module__}.{each.__name__}" for each in missing)
    assert len(public_actions()) > 30


def test_sweeps_answer_all_six() -> None:
    questions = {name for name in vars(SixQuestions) if name.startswith("test_")}
    assert len(questions) == 6
    for service, answers in SWEEPS.items():
        assert questions <= set(vars(answers)), service.__name__
