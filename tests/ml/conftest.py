"""One short simulated history and one small model of it, shared by the tests of the models."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hospital_ops.ml import train
from hospital_ops.ml.dataset import StayTable, table_of
from hospital_ops.ml.length_of_stay import DischargeModel
from hospital_ops.sim.history import SimulatedHistory, generate

END = datetime(2026, 3, 2, 15, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")


@pytest.fixture(scope="session")
def history() -> SimulatedHistory:
    return generate(7, END, days=300)


@pytest.fixture(scope="session")
def table(history: SimulatedHistory) -> StayTable:
    return table_of(history, ZONE)


@pytest.fixture(scope="session")
def model(table: StayTable) -> DischargeModel:
    """Trained as the real one is, on fewer landmarks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "LANDMARKS", 9_000)
        patch.setattr(train, "TRIAL_LANDMARKS", 7_000)
        return train.train_on_table(table, END.timestamp(), seed=3, simulated=True)
