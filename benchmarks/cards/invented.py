"""Layouts that nobody drew: blocks, wordings and neighbours by the dice, for what no template thought of."""

from __future__ import annotations

import random

from benchmarks.cards.templates import (
    BACK,
    BIN,
    DATE,
    FRONT,
    GROUP,
    GRP,
    ID,
    IDENTITY,
    NAME,
    PCN,
    PHONE,
    PLAN,
    Block,
    Item,
    Template,
    above,
    inline,
    left,
    lines,
    plain,
    text,
)  # fmt: skip

WORDINGS: dict[str, tuple[str, ...]] = {
    ID: ("Member ID", "ID", "ID No.", "Subscriber ID", "Policy #", "Member No.", "Certificate No", "Contract Number", "Enrollee ID", "Insured ID"),
    NAME: ("Member", "Member Name", "Subscriber", "Name", "Insured", "Enrollee", "Cardholder", "Primary Insured", "Employee"),
    GROUP: ("Group", "Group #", "Group No.", "Group Number", "GRP", "Group ID", "Employer Group"),
    PLAN: ("Plan", "Plan Type", "Coverage", "Product", "Plan Name", "Network Plan"),
    DATE: ("Effective Date", "Eff Date", "Effective", "Coverage Begins", "Eff. Date", "Start Date"),
    BIN: ("RxBIN", "BIN", "Rx Bin", "BIN #"), PCN: ("RxPCN", "PCN", "Rx PCN"), GRP: ("RxGrp", "Rx Group", "GRP"),
    PHONE: ("Member Services", "Customer Service", "Customer Care", "Questions? Call", "Members call", "Member Service Phone"),
    "-doctor": ("PCP", "Primary Care Physician"), "-payer_id": ("Payer ID", "EDI", "Issuer (80840)", "EDI Payer #"),
    "-dependent": ("Dependents", "Spouse", "Covered Dependents"), "-plan_code": ("Plan Code", "Network Code", "Division"),
    "-birth": ("DOB", "Date of Birth"), "-issued": ("Issued", "Card Issued", "Print Date"), "-person": ("Suffix", "Person Code", "Seq"),
    "-provider_phone": ("Providers", "Prior Auth", "Pre-Cert"), "-nurse_phone": ("Nurse Line", "Telehealth"),
    "-pharmacy_phone": ("Pharmacists", "Rx Help Desk", "Pharmacist Line"),
    "id_number": ("DL", "LIC NO.", "License No.", "DLN", "Customer ID"), "dob": ("DOB", "Date of Birth"), "expiry": ("EXP", "Expires", "Valid Until"),
}  # fmt: skip
ASIDE = ("-doctor", "-payer_id", "-dependent", "-plan_code", "-birth", "-issued", "-person")
OTHER_PHONES = ("-provider_phone", "-nurse_phone", "-pharmacy_phone")
SMALL_PRINT = (
    "Mail claims to: Harbor Health Claims, PO Box 1427", "Send claims to Blue River Benefit Services",
    "Emergency care: call 911 or go to the nearest hospital.", "Pharmacy benefits by Northern Rx Health",
    "Precertification is required for inpatient stays.", "This card does not guarantee coverage.",
)  # fmt: skip


def _item(key: str, rng: random.Random) -> Item:
    return key, rng.choice(WORDINGS[key]) + rng.choice(("", ":"))


def _some(keys: tuple[str, ...], chance: float, rng: random.Random) -> list[str]:
    return [key for key in keys if rng.random() < chance]


def _block(x: int, y: int, keys: list[str], wide: int, rng: random.Random) -> tuple[Block, int]:
    """The keys under each other in one of the four ways that cards have, and how deep that is."""
    items, way = [_item(key, rng) for key in keys], rng.choice(("left", "list", "above", "columns"))
    if way == "left":
        return left(x, y, *items, tab=rng.choice((200, 240)), step=46, size=rng.choice((22, 26))), 46 * len(items)
    if way == "list":
        return lines(x, y, *items, step=42, size=rng.choice((22, 26))), 42 * len(items)
    if way == "above":
        return above(x, y, *items, step=82, label_size=rng.choice((0, 17))), 82 * len(items)
    return above(x, y, *items, columns=2, wide=wide // 2, step=88), 88 * -(-len(items) // 2)


def _phones(y: int, chance: float, rng: random.Random) -> Block:
    keys = [PHONE, *_some(OTHER_PHONES, chance, rng)]
    rng.shuffle(keys)
    return lines(40, y, *(_item(key, rng) for key in keys), step=30, size=19)


def front(rng: random.Random) -> Template:
    keys = [NAME, ID, GROUP, *_some((PLAN, DATE), 0.85, rng), *_some(ASIDE, 0.3, rng)]
    if rng.random() < 0.5:
        rng.shuffle(keys)
    half = rng.randint(2, len(keys) - 1)
    one, deep = _block(40, 145, keys[:half], 460, rng)
    other, deeper = _block(530, 145, keys[half:], 440, rng)
    y = min(160 + max(deep, deeper), 520)
    rx = inline(40, y, _item(BIN, rng), _item(PCN, rng), _item(GRP, rng), size=22)
    head = rng.choice(("plain", "band", "logo", "centre", "right"))
    return Template(
        "invented", FRONT, (one, other, rx, _phones(y + 40, 0.4, rng)), head, upper_labels=rng.random() < 0.4
    )


def back(rng: random.Random) -> Template:
    prose = text(40, 260, *rng.sample(SMALL_PRINT, rng.randint(1, 4)), size=rng.choice((18, 24, 30)), step=40)
    rx = inline(40, 480, _item(BIN, rng), _item(PCN, rng), _item(GRP, rng), size=22)
    return Template("invented", BACK, (_phones(80, 0.6, rng), prose, rx))


def identity(rng: random.Random) -> Template:
    keys = ["id_number", "dob", "expiry", "-issued"]
    rng.shuffle(keys)
    facts, deep = _block(340, 125, keys, 640, rng)
    y = min(135 + deep, 400)
    name = rng.choice((
        plain(340, y, "name", size=25), plain(340, y, "-last", "-first", size=25, step=36),
        lines(340, y, ("-last", "LN"), ("-first", "FN"), size=24, step=40), above(340, y, ("name", "Full Name"), label_size=16),
    ))  # fmt: skip
    return Template(
        "invented", IDENTITY, (facts, name, plain(340, y + 84, "-street", "-place", size=24, step=34)), "state"
    )


LAYOUTS = {FRONT: front, BACK: back, IDENTITY: identity}
