"""A registration and its patient, ready to be filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hospital_ops.commands import test as command
from hospital_ops.config import get_settings
from hospital_ops.domain.access import Actor, Role
from hospital_ops.domain.intake import CONSENT_VERSION
from hospital_ops.infra import frontend
from hospital_ops.infra.embedded import Postgres, Valkey
from hospital_ops.infra.processes import free_port
from hospital_ops.models import Registration
from hospital_ops.services import intake
from tests.cast import Cast, fresh
from tests.intake.phone import House, running

ANSWERS = {
    "first_name": "Maria",
    "last_name": "Sandoval",
    "dob": "1984-07-23",
    "sex": "female",
    "phone": "(212) 555-0143",
    "address": "12 Elm Street, Queens",
    "visit": "urgent",
    "reason": "My chest hurts when I climb stairs.",
    "has_insurance": "yes",
    "insurance_payer": "Blue Harbor Health",
    "insurance_policy_num": "XYZ-12 34 567",
    "consent": CONSENT_VERSION,
    "signature": "Maria Sandoval",
}


@dataclass
class Patient:
    """Somebody with a phone: their registration, and themselves as an actor."""

    id: int
    token: str
    actor: Actor

    def fill(self, **answers: str) -> Patient:
        for name, value in (answers or ANSWERS).items():
            intake.save_field(self.actor, self.id, name, value)
        return self

    def row(self) -> Registration:
        return fresh(Registration, self.id)


@pytest.fixture
def arrive(cast: Cast) -> Callable[..., Patient]:
    """`arrive()` is a new patient who has started; `arrive(sent=True)` one who has sent everything."""

    def someone(language: str = "en", *, sent: bool = False, **changed: str) -> Patient:
        started = intake.start(language)
        actor = Actor(Role.PATIENT, "patient", registration_id=started.registration_id)
        patient = Patient(started.registration_id, started.token, actor)
        if sent:
            patient.fill(**(ANSWERS | changed))
            assert intake.submit(actor, patient.id)
        return patient

    return someone


@pytest.fixture
def stored() -> Callable[[], set[str]]:
    """The names of all patients' files that lie on the disk now."""

    def names() -> set[str]:
        return {path.name for path in (Path(get_settings().data_dir) / "files").glob("??/*")}

    return names


# --- in a browser ----------------------------------------------------------------------------------------------------

LINE = free_port()  # The address that a phone on a bad line uses.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="module")
def house(servers: tuple[Postgres, Valkey], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A running house with built pages; `LINE` leads to it once somebody lays it."""
    frontend.build()
    with running(servers[0], tmp_path_factory.mktemp("phone"), f"http://127.0.0.1:{LINE}") as house:
        yield house


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, one a module: Playwright keeps an event loop running, in which other tests cannot start theirs."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=command.browser(), args=FLAGS)
        yield opened
        opened.close()
