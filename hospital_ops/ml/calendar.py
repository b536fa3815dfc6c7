"""What the calendar says of a local day: weekday, time of year, holiday. Days are counted from 1 January 1970."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np

from hospital_ops.ml.dataset import Floats, Ints

EPOCH = date(1970, 1, 1)
FIXED_DAYS = {(1, 1): 0, (7, 4): 1, (12, 24): 2, (12, 25): 3, (12, 26): 4, (12, 31): 5, (1, 2): 6}
# (month, weekday, which one): Thanksgiving, Labor Day, Memorial Day (the last), Martin Luther King Day
FLOATING = {(11, 3, 4): 7, (9, 0, 1): 8, (5, 0, 5): 9, (1, 0, 3): 10}
DAY_AFTER_THANKSGIVING = 11
HOLIDAYS = 12
NO_HOLIDAY = -1


def weekday(days: Ints) -> Ints:
    """0 is Monday; 1 January 1970 was a Thursday."""
    return (days + 3) % 7


@cache
def holiday(day: int) -> int:
    """Which holiday it is, NO_HOLIDAY for none. Calendars of other countries go into the same two tables."""
    when = EPOCH + timedelta(days=day)
    fixed = FIXED_DAYS.get((when.month, when.day))
    if fixed is not None:
        return fixed
    last_of_month = (when + timedelta(days=7)).month != when.month
    place = 5 if when.month == 5 and last_of_month else (when.day - 1) // 7 + 1
    floating = FLOATING.get((when.month, when.weekday(), place))
    if floating is not None:
        return floating
    eve = when - timedelta(days=1)
    after = eve.month == 11 and eve.weekday() == 3 and (eve.day - 1) // 7 + 1 == 4
    return DAY_AFTER_THANKSGIVING if after else NO_HOLIDAY


def columns(days: Ints, waves: int) -> Floats:
    """Weekday (7), yearly waves (2 × `waves`) and holidays (12), shape (days, 19 + 2 × waves)."""
    angle = 2 * np.pi * days / 365.2425
    yearly = [part(k * angle) for k in range(1, waves + 1) for part in (np.sin, np.cos)]
    which = np.array([holiday(int(day)) for day in days])
    holidays = which[:, None] == np.arange(HOLIDAYS)
    return np.column_stack([np.eye(7)[weekday(days)], *yearly, holidays.astype(np.float64)])
