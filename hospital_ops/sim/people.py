"""Who comes: age, sex, race, language and payer of simulated patients, drawn one at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# mean age, spread, youngest, oldest, share of women
_AGES: dict[str, tuple[float, float, int, int, float]] = {
    "Emergency": (52, 20, 18, 97, 0.52),
    "ICU": (63, 15, 18, 95, 0.44),
    "Surgery": (57, 17, 18, 95, 0.50),
    "Cardiac": (69, 13, 28, 98, 0.44),
    "Respiratory": (68, 14, 20, 97, 0.50),
    "Medicine": (68, 17, 18, 101, 0.53),
    "Oncology": (62, 13, 20, 92, 0.51),
    "Neurology": (67, 16, 18, 97, 0.49),
    "Orthopaedics": (70, 15, 18, 100, 0.60),
    "Maternity": (30, 5.5, 16, 46, 1.0),
    "Paediatrics": (5, 4.5, 0, 17, 0.46),
    "Rehabilitation": (70, 13, 22, 98, 0.52),
}
_RACES = (
    ("White", 0.58),
    ("Black or African American", 0.21),
    ("Asian", 0.07),
    ("American Indian", 0.01),
    ("Other", 0.13),
)
_LANGUAGES = (("en", 0.80), ("es", 0.14), ("zh", 0.02), ("vi", 0.02), ("ar", 0.02))
_SOURCES = ("emergency", "planned", "transfer", "nursing_home", "referral")


@dataclass(frozen=True)
class Person:
    """One simulated patient as they are at a first stay; `born` is age at that time in years."""

    age: float
    sex: str
    race: str
    ethnicity: str
    language: str
    payer: str


def draw_person(unit: str, rng: np.random.Generator) -> Person:
    """Somebody whom this unit would take."""
    mean, spread, youngest, oldest, women = _AGES[unit]
    age = float(np.clip(rng.normal(mean, spread), youngest, oldest))
    race = _pick(_RACES, rng)
    hispanic = rng.random() < (0.55 if race == "Other" else 0.10 if race == "White" else 0.03)
    language = "es" if hispanic and rng.random() < 0.5 else _pick(_LANGUAGES, rng)
    return Person(
        age=round(age, 1),
        sex="female" if rng.random() < women else "male",
        race=race,
        ethnicity="Hispanic or Latino" if hispanic else "Not Hispanic or Latino",
        language=language,
        payer=_payer(age, rng),
    )


def draw_source(unit: str, planned: float, rng: np.random.Generator) -> str:
    """Where they come from; `planned` is the unit's share of planned admissions."""
    rest = 1 - planned
    shares = (
        0.70 * rest,
        planned,
        0.12 * rest,
        (0.06 if unit not in ("Maternity", "Paediatrics") else 0.0) * rest,
    )
    return _pick(tuple(zip(_SOURCES, (*shares, 1 - sum(shares)), strict=True)), rng)


def _payer(age: float, rng: np.random.Generator) -> str:
    chance = rng.random()
    if age >= 65:
        return "Medicare" if chance < 0.88 else "Commercial"
    if chance < 0.58:
        return "Commercial"
    return "Medicaid" if chance < 0.90 else "Self-pay"


def _pick(table: tuple[tuple[str, float], ...], rng: np.random.Generator) -> str:
    chance, total = rng.random(), 0.0
    for name, share in table:
        total += share
        if chance < total:
            return name
    return table[-1][0]
