"""How many nurses a ward needs: patients by their weight, over the patients that one nurse can serve."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

# A nurse's day is no longer than the law's, and nobody comes back before they have slept.
REST = timedelta(hours=11)
MOST_WEEKLY_HOURS = 48.0
WEEK = timedelta(days=7)
FIRST_DAY = timedelta(hours=24)

# What makes a patient more or less work than the usual one, as a share of the usual one's.
ISOLATED, NEW, LEAVING = 0.25, 0.20, -0.20


class Answer(StrEnum):
    """What somebody who was asked to work says."""

    WAITING = "waiting"
    YES = "yes"
    NO = "no"
    FILLED = "filled"  # somebody else was faster


@dataclass(frozen=True, slots=True)
class Care:
    """What of one patient decides how much care a shift must give."""

    isolated: bool = False
    new: bool = False
    leaving: bool = False

    @property
    def weight(self) -> float:
        return 1.0 + ISOLATED * self.isolated + NEW * self.new + LEAVING * self.leaving


def acuity(patients: Iterable[Care]) -> float:
    """The mean weight of a ward's patients; 1 where nobody lies."""
    weights = [patient.weight for patient in patients]
    return sum(weights) / len(weights) if weights else 1.0


def nurses_for(patients: float, ratio: float, weight: float = 1.0) -> int:
    """Nurses for so many patients of this mean weight; half a patient too many already needs one more."""
    # Never none: an open ward has somebody in it who can call for help.
    return max(1, math.ceil(round(patients * weight) / ratio))
