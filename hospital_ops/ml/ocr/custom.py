"""What the world says against a value that was read without a doubt: no such telephone, no such state, a birth after
the card's end. None of it mends anything; it makes a person look.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations

from hospital_ops.domain.documents import Side, as_date, comparable
from hospital_ops.ml.ocr.medicare import breaks_the_rule

STATES = frozenset(
    [
        "AL",
        "AK",
        "AZ",
        "AR",
        "CA",
        "CO",
        "CT",
        "DE",
        "FL",
        "GA",
        "HI",
        "ID",
        "IL",
        "IN",
        "IA",
        "KS",
        "KY",
        "LA",
        "ME",
        "MD",
        "MA",
        "MI",
        "MN",
        "MS",
        "MO",
        "MT",
        "NE",
        "NV",
        "NH",
        "NJ",
        "NM",
        "NY",
        "NC",
        "ND",
        "OH",
        "OK",
        "OR",
        "PA",
        "RI",
        "SC",
        "SD",
        "TN",
        "TX",
        "UT",
        "VT",
        "VA",
        "WA",
        "WV",
        "WI",
        "WY",
        "DC",
        "PR",
        "VI",
        "GU",
        "AS",
        "MP",
        "AA",
        "AE",
        "AP",
    ]
)
NUMBERS = ("member_id", "group_number", "rx_bin", "rx_pcn")
OLDEST = 1900  # the year of birth of the oldest patient

Doubts = dict[str, set[str]]


def against(side: Side, values: dict[str, str]) -> Doubts:
    """Field → what speaks against its value, of the fields of one card as they would be written down."""
    doubts: Doubts = {}
    for rule in RULES:
        for field, why in rule(side, values):
            doubts.setdefault(field, set()).add(why)
    return doubts


def _telephone(side: Side, values: dict[str, str]) -> list[tuple[str, str]]:
    """North American numbers: neither the area nor the exchange begins with 0 or 1."""
    digits = comparable("phone", values.get("phone", ""))
    fits = re.fullmatch(r"[2-9]\d\d[2-9]\d{6}", digits)
    return [("phone", "no such number")] if digits and not fits else []


def _state(side: Side, values: dict[str, str]) -> list[tuple[str, str]]:
    found = re.search(r"\b([A-Za-z]{2}),? +\d{5}(?:-\d{4})?$", values.get("address", ""))
    return [("address", "no such state")] if found and found[1].upper() not in STATES else []


def _dates(side: Side, values: dict[str, str]) -> list[tuple[str, str]]:
    """Nobody is born after the card ends; whichever of the two is wrong, both are asked about."""
    born, ends = as_date(values.get("dob", "")), as_date(values.get("expiry", ""))
    if born and ends and born >= ends:
        return [("dob", "out of order"), ("expiry", "out of order")]
    return [("dob", "too old")] if born and born.year < OLDEST else []


def _short_year(side: Side, values: dict[str, str]) -> list[tuple[str, str]]:
    """A card prints its years alike; where one has two figures and another four, the reader may have lost two."""
    dates = {field: values[field] for field in ("dob", "expiry") if field in values}
    short = [field for field, value in dates.items() if re.search(r"(?<!\d)\d{1,2}\D+\d{1,2}\D+\d{2}$", value)]
    return [(field, "short year") for field in short] if len(dates) > len(short) else []


def _payer_on_a_back(side: Side, values: dict[str, str]) -> list[tuple[str, str]]:
    """A back names whom to send claims to, a pharmacy's company and networks, in the payer's kind of words."""
    return [("payer", "named on a back")] if side is Side.INSURANCE_BACK and "payer" in values else []


def _one_number_twice(side: Side, values: dict[str, str]) -> list[tuple[str, str]]:
    numbers = {field: comparable(field, values[field]) for field in NUMBERS if field in values}
    pairs = [pair for pair in combinations(numbers, 2) if numbers[pair[0]] == numbers[pair[1]]]
    return [(field, "two labels") for pair in pairs for field in pair]


def _medicare(side: Side, values: dict[str, str]) -> list[tuple[str, str]]:
    broken = breaks_the_rule(values.get("member_id", ""), values.get("payer", ""))
    return [("member_id", "no Medicare number")] if broken else []


def _name_ends(side: Side, values: dict[str, str]) -> list[tuple[str, str]]:
    """An initial comes before the last name, or after "SMITH, JOHN"; where it comes last, the name may go on where nobody saw it."""
    named = [field for field in ("name", "member_name") if re.search(r"^[^,]* [A-Za-z]\.?$", values.get(field, ""))]
    return [(field, "ends with an initial") for field in named]


RULES: tuple[Callable[[Side, dict[str, str]], list[tuple[str, str]]], ...] = (
    _telephone,
    _state,
    _dates,
    _short_year,
    _payer_on_a_back,
    _one_number_twice,
    _name_ends,
    _medicare,
)
