"""What happened before: stays and observations as plain values, read by models, written by a simulator or import.

Observations come by the million, so they are columns (`array`, one entry per observation), not objects.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

# code → (name in words, unit). LOINC where there is one; mobility is the JH-HLM scale, 1 (lies) to 8 (walks 75 m).
OBSERVED: dict[str, tuple[str, str]] = {
    "2160-0": ("creatinine", "mg/dL"),
    "1988-5": ("C-reactive protein", "mg/L"),
    "718-7": ("haemoglobin", "g/dL"),
    "6690-2": ("white cells", "10*3/uL"),
    "2951-2": ("sodium", "mmol/L"),
    "3151-8": ("oxygen need", "L/min"),
    "JH-HLM": ("mobility", "{score}"),
}


@dataclass(frozen=True, slots=True)
class PastStay:
    """One stay; `discharged_at` is None while the patient is in the house. Times are aware."""

    stay_id: int
    patient_id: int
    admitted_at: datetime
    discharged_at: datetime | None
    age: float | None
    sex: str
    unit: str
    diagnosis_code: str
    admission_source: str
    race: str = ""
    ethnicity: str = ""
    language: str = ""
    payer: str = ""
    ward_code: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """One measured value; `code` as in OBSERVED, others are kept and not used."""

    observed_at: datetime
    code: str
    value: float


@dataclass(frozen=True)
class Inpatient:
    """Somebody in the house now, with what has been observed so far and how often they stayed before."""

    stay: PastStay
    observations: tuple[Observation, ...] = ()
    earlier_stays: int = 0
    earlier_mean_days: float | None = None


@dataclass(frozen=True)
class Observations:
    """Columns of equal length: index into `History.stays`, seconds since 1970, index into `codes`, value.

    Sorted by stay, then time.
    """

    stay_index: array[int] = field(default_factory=lambda: array("q"))
    observed_at: array[float] = field(default_factory=lambda: array("d"))
    code_index: array[int] = field(default_factory=lambda: array("q"))
    value: array[float] = field(default_factory=lambda: array("d"))
    codes: tuple[str, ...] = tuple(OBSERVED)

    def __len__(self) -> int:
        return len(self.value)

    def at(self, row: int) -> Observation:
        when = datetime.fromtimestamp(self.observed_at[row], UTC)
        return Observation(when, self.codes[self.code_index[row]], self.value[row])


class Grain(StrEnum):
    """How exactly a history knows when people came and left. Times that it does not know are laid out, never learned from."""

    HOURS = "hours"
    DAYS = "days"
    LENGTHS = "lengths"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a history is from, in numbers alone: `digest` is a SHA-256 of the files or stays, `at` an ISO time.

    `clock`: the time zone on which moments without an offset were read.
    """

    source: str
    digest: str = ""
    at: str = ""
    read: int = 0
    kept: int = 0
    refused: int = 0
    observations: int = 0
    clock: str = ""


@dataclass(frozen=True)
class History:
    """Stays in order of admission, up to `end`; nothing in it was known only later."""

    stays: tuple[PastStay, ...]
    observations: Observations
    end: datetime
    simulated: bool = False
    grain: Grain = Grain.HOURS
    origin: Origin | None = None
