"""No action of the hospital's rules without its six questions: the list is derived from the services themselves."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from hospital_ops import services
from hospital_ops.services import absence, blocks, escalation, placement, roster_import, roster_proposal, strain
from tests.services import test_beds, test_escalation, test_staff, test_strain
from tests.services.six import SixQuestions

ROOT = Path(__file__).resolve().parents[2]
# Modules whose acts are asked elsewhere: they have no ward to be wrong about, or are the machinery under the acts.
ELSEWHERE: dict[str, str] = {
    "access": "tests/admin/test_audit.py",
    "accounts": "tests/services/test_accounts.py",
    "arrivals": "tests/intake/test_arrivals.py",
    "audit": "tests/admin/test_audit.py",
    "audit_chain": "tests/services/test_audit_chain.py",
    "clock": "tests/workers/test_motion.py",
    "credentials": "tests/services/test_second_factor.py",
    "documents": "tests/intake/test_documents.py",
    "downtime": "tests/downtime/test_boards.py",
    "eligibility": "tests/intake/test_eligibility.py",
    "forecasts": "tests/contract/test_pending.py",
    "history": "tests/services/test_history.py",
    "history_append": "tests/services/test_history_append.py",
    "history_keep": "tests/services/test_history_append.py",
    "intake": "tests/intake/test_registration.py",
    "leftovers": "tests/workers/test_sweeper.py",
    "looks": "tests/services/test_looks.py",
    "merging": "tests/intake/test_merging.py",
    "observations": "tests/sim/test_live.py",
    "own_password": "tests/services/test_own_password.py",
    "patient_view": "tests/queries/test_patient_page.py",
    "patients": "tests/intake/test_merging.py",
    "registration_door": "tests/intake/test_access.py",
    "releases": "tests/services/test_releases.py",
    "retention": "tests/workers/test_retention.py",
    "roster": "tests/services/test_roster.py",
    "second_factor": "tests/services/test_second_factor.py",
    "sessions": "tests/services/test_sessions.py",
    "staffing": "tests/sim/test_live.py",
    "strain_survey": "tests/services/test_strain_survey.py",
    "tokens": "tests/services/test_tokens.py",
    "unit_of_work": "tests/services/test_notice.py",
    "waiting_list": "tests/services/test_waiting_list.py",
}


def rules() -> list[ModuleType]:
    """Every module of the services but those above: a new one is asked without a line here."""
    names = (found.name for found in pkgutil.iter_modules(services.__path__))
    return [import_module(f"{services.__name__}.{name}") for name in names if name not in ELSEWHERE]


def nouns() -> list[ModuleType]:
    """The modules that answer: whichever of these tests has ACTIONS."""
    beside = Path(__file__).parent.glob("test_*.py")
    modules = [import_module(f"tests.services.{path.stem}") for path in sorted(beside)]
    return [module for module in modules if hasattr(module, "ACTIONS")]


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
    for module in rules():
        for name, member in inspect.getmembers(module, inspect.isfunction):
            parameters = list(inspect.signature(member).parameters)
            if member.__module__ == module.__name__ and not name.startswith("_") and parameters[:1] == ["actor"]:
                found.add(member)
    return found


def test_every_action_is_asked_the_six_questions() -> None:
    asked = {action.service for noun in nouns() for action in noun.ACTIONS}
    missing = public_actions() - asked - set(SWEEPS) - READS
    assert not missing, sorted(f"{each.__module__}.{each.__name__}" for each in missing)
    assert len(public_actions()) > 30


def test_what_is_asked_elsewhere_is_there() -> None:
    names = {found.name for found in pkgutil.iter_modules(services.__path__)}
    assert set(ELSEWHERE) <= names
    assert [path for path in ELSEWHERE.values() if not (ROOT / path).is_file()] == []


def test_sweeps_answer_all_six() -> None:
    questions = {name for name in vars(SixQuestions) if name.startswith("test_")}
    assert len(questions) == 6
    for service, answers in SWEEPS.items():
        assert questions <= set(vars(answers)), service.__name__
