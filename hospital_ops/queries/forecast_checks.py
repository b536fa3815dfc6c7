"""Whether ranges held, by the day on which they ended, and how far today's inputs are from the training's: 28 days of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from hospital_ops.domain.shares import poisson, wilson
from hospital_ops.models import ForecastCheck, InputCheck
from hospital_ops.queries.clock import hospital_zone

DAYS = 28
SHOWN_INPUTS = 8
# Of ranges that promise 80 %: a share that is surely outside is worth a person's look. The gate asks the same of a release.
EXPECTED = (75.0, 88.0)
# The usual reading of a population stability index.
LITTLE, MUCH = 0.10, 0.25
_TENTHS = 10
# A fifth fewer, or a quarter more, whatever chance has added.
MUCH_FEWER, MUCH_MORE = 0.80, 1.25
_LEVELS: dict[str, Callable[[float, float], bool]] = {
    "much fewer": lambda low, high: high < MUCH_FEWER,
    "much more": lambda low, high: low > MUCH_MORE,
    "fewer": lambda low, high: high < 1.0,
    "more": lambda low, high: low > 1.0,
    "as expected": lambda low, high: True,
}
_USUAL_WORDS = "By chance: what nine in ten spans of four weeks of the training's own lay under. 0.25 is much."
INPUT_WORDS: dict[str, str] = {
    "": "{n} patients on {day} against the training, by the population stability index (PSI). With so few, chance alone gives "
    "about {floor}; 0.25 is much.",
    "arrivals": "{n} arrivals of the four weeks before {day} against the training, by the population stability index (PSI). "
    + _USUAL_WORDS,
    "shift_capacity": "{n} shifts of the four weeks before {day} against the training, by the population stability index "
    "(PSI). " + _USUAL_WORDS,
}


def held_value(session: Session, kind: str, now: datetime) -> dict[str, Any]:
    """{"rows", "n", "share", "range", "open", "verdict"} of a kind's ranges; in percent, rows as a plot has them."""
    rows = [_share(_words_of(day), held, n) for day, held, n in _by_day(session, kind, now)]
    n, held = sum(row["n"] for row in rows), sum(row["held"] for row in rows)
    whole = _share("", held, n)
    waiting = select(func.count()).where(ForecastCheck.kind == kind, col(ForecastCheck.held).is_(None))
    return {
        "rows": rows,
        "n": f"{n:,}",
        "share": whole["share"],
        "range": whole["range"],
        "open": f"{session.exec(waiting).one():,}",
        "verdict": _verdict(whole["range"], n),
    }


def inputs_value(session: Session, kind: str) -> dict[str, Any]:
    """{} where nothing was kept, else how far the newest inputs lie from the training's, and the farthest of each day.

    {"words", "rows": [{"name", "psi", "usual", "word"}], "levels": [{"unit", "came", "expected", "ratio", "word"}], "n",
    "floor", "day", "over": [{"x", "psi"}]}.
    """
    wanted = select(InputCheck).where(InputCheck.kind == kind).order_by(col(InputCheck.day).desc()).limit(DAYS)
    found = session.exec(wanted).all()
    if not found:
        return {}
    newest = found[0]
    usual, levels = newest.beside.get("usual", {}), newest.beside.get("levels", {})
    floor = f"{(_TENTHS - 1) / max(newest.n, 1):.2f}"
    ranked = sorted(newest.figures.items(), key=lambda one: -one[1])[:SHOWN_INPUTS]
    return {
        "words": INPUT_WORDS.get(kind, INPUT_WORDS[""]).format(
            n=f"{newest.n:,}", day=_words_of(newest.day), floor=floor
        ),
        "rows": [
            {
                "name": _named(name),
                "psi": f"{psi:.2f}",
                "usual": f"{usual[name]:.2f}" if name in usual else "–" if kind in INPUT_WORDS else floor,
                "word": _word(psi, usual.get(name, 0.0)),
            }
            for name, psi in ranked
        ],
        "levels": [_level(unit, came, expected) for unit, (came, expected) in levels.items()],
        "n": newest.n,
        "floor": floor,
        "day": _words_of(newest.day),
        "over": [
            {"x": _words_of(one.day), "psi": round(max(one.figures.values(), default=0.0), 3)} for one in found[::-1]
        ],
    }


def _words_of(day: date) -> str:
    return f"{day.day} {day:%b}"


def _named(name: str) -> str:
    """`days_in` → "Days in"; what is written large, as ICU, stays so."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _level(unit: str, came: float, expected: float) -> dict[str, Any]:
    low, high = (end / max(expected, 1e-9) for end in poisson(came))
    word = next(word for word, is_it in _LEVELS.items() if is_it(low, high))
    return {
        "unit": unit,
        "came": f"{came:,.0f}",
        "expected": f"{expected:,.0f}",
        "ratio": f"{came / max(expected, 1e-9):.2f} ({low:.2f} to {high:.2f})",
        "word": word,
    }


def _by_day(session: Session, kind: str, now: datetime) -> list[tuple[Any, int, int]]:
    day = func.date(func.timezone(str(hospital_zone()), col(ForecastCheck.due_at)))
    held = func.count().filter(col(ForecastCheck.held).is_(True))
    wanted = (
        select(day, held, func.count())
        .where(
            ForecastCheck.kind == kind,
            col(ForecastCheck.held).is_not(None),
            col(ForecastCheck.due_at) >= now - timedelta(days=DAYS),
            col(ForecastCheck.due_at) <= now,
        )
        .group_by(day)
        .order_by(day)
    )
    return [(one, int(yes), int(n)) for one, yes, n in session.exec(wanted)]


def _share(x: str, held: int, n: int) -> dict[str, Any]:
    low, high = wilson(held, n)
    share = round(100 * held / n, 1) if n else 0.0
    return {"x": x, "held": held, "n": n, "share": share, "range": [round(100 * low, 1), round(100 * high, 1)]}


def _verdict(interval: list[float], n: int) -> str:
    if not n:
        return "none"
    return "few" if interval[1] < EXPECTED[0] else "many" if interval[0] > EXPECTED[1] else "fine"


def _word(psi: float, usual: float = 0.0) -> str:
    if psi <= usual:
        return "as usual"
    return "little" if psi < LITTLE else "some" if psi < MUCH else "much"
