"""Photos that do not move: whose reader has died is asked for at once, whose reader lives is left alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hospital_ops.domain.documents import Side
from hospital_ops.models import Document
from hospital_ops.queries.intake import registration_value
from hospital_ops.services import documents, readings
from tests.cast import Cast, fresh
from tests.intake.conftest import Patient, arrive, stored
from tests.intake.photos import photo
from workers import retention
from workers.sweeper import LONGEST_PATIENCE_SECONDS, PATIENCE_SECONDS, Sweeper, Where

__all__ = ["arrive", "stored"]  # Fixtures of the intake's tests.


class Clock:
    """A process's clock that the test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sweep(clock: Clock, cast: Cast) -> Callable[[float], int]:
    """Let so many seconds pass, then sweep."""
    sweeper = Sweeper(clock)

    def after(seconds: float) -> int:
        clock.now += seconds
        return sweeper()

    return after


@pytest.fixture
def card(arrive: Callable[..., Patient]) -> tuple[Patient, int]:
    patient = arrive()
    return patient, documents.receive(patient.actor, patient.id, Side.INSURANCE_FRONT, photo())


def test_a_photo_in_the_queue_is_given_a_minute(card: tuple[Patient, int], sweep: Callable[[float], int]) -> None:
    assert [sweep(0), sweep(59), sweep(2)] == [0, 0, 1]


def test_a_dead_readers_photo_is_asked_for_in_seconds(card: tuple[Patient, int], sweep: Callable[[float], int]) -> None:
    readings.begin_reading(card[1])  # Killed here: nobody holds the photo.
    assert [sweep(0), sweep(5)] == [0, 1]


def test_a_living_readers_photo_is_left_alone(
    database: str, card: tuple[Patient, int], sweep: Callable[[float], int]
) -> None:
    with readings.claim(card[1]) as job:
        assert job is not None
        assert [sweep(0), sweep(60), sweep(600)] == [0, 0, 0]
    assert [sweep(0), sweep(5)] == [0, 1]


def test_while_no_worker_runs_the_queue_is_not_filled(
    cast: Cast, card: tuple[Patient, int], sweep: Callable[[float], int]
) -> None:
    readings.begin_reading(card[1])
    asked = [sweep(5) for _ in range(120)]  # Ten minutes.
    assert asked[:12] == [0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]
    assert 9 <= sum(asked) <= 600 / LONGEST_PATIENCE_SECONDS + 5


def test_what_has_moved_begins_anew(card: tuple[Patient, int], sweep: Callable[[float], int]) -> None:
    readings.begin_reading(card[1])
    sweep(0)
    readings.begin_reading(card[1])
    assert sweep(PATIENCE_SECONDS[Where.ABANDONED] - 1) == 0
    assert fresh(Document, card[1]).attempts == 2


def test_three_dead_readers_and_the_patient_is_told(
    cast: Cast, card: tuple[Patient, int], sweep: Callable[[float], int]
) -> None:
    patient, number = card
    for _ in range(readings.MOST_ATTEMPTS):
        assert readings.begin_reading(number) is not None
        sweep(0)
        sweep(300)
    row = fresh(Document, number)
    assert (row.status, row.attempts) == ("failed", readings.MOST_ATTEMPTS)
    assert len(cast.audited("document.begin_reading")) == readings.MOST_ATTEMPTS
    assert len(cast.audited("document.give_up")) == 1
    told = registration_value(patient.id)
    assert told is not None
    assert told["documents"][0]["sentence"].startswith("Something went wrong with reading")
    assert sweep(600) == 0


def test_spent_uploads_go_with_the_sweep_and_strays_with_the_daily_retention(
    cast: Cast,
    card: tuple[Patient, int],
    sweep: Callable[[float], int],
    stored: Callable[[], set[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from hospital_ops.infra import files
    from hospital_ops.services import leftovers

    patient, number = card
    documents.receive(patient.actor, patient.id, Side.INSURANCE_FRONT, photo(words="newer"))
    spent, stray = fresh(Document, number).raw_file, files.store(b"what a crash has left")
    monkeypatch.setattr(leftovers, "STRAY_AFTER_SECONDS", -1.0)
    sweep(0)
    assert spent not in stored()
    assert stray in stored()
    retention.retain(1, {})
    assert stray not in stored()
    assert fresh(Document, number + 1).raw_file in stored()
