"""An insurance card's fields from its lines, labelled or not."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from hospital_ops.ml.ocr.candidates import Candidate, with_last
from hospital_ops.ml.ocr.labels import INSURANCE, WEAK, Labels
from hospital_ops.ml.ocr.layout import Piece, same_row
from hospital_ops.ml.ocr.pairing import Label, Marked, Pair, assign, mark, pairs
from hospital_ops.ml.ocr.payers import is_named
from hospital_ops.ml.ocr.shapes import NAME, PHONE, VALUES, Value
from hospital_ops.ml.ocr.sharing import shared

LABELS = Labels(INSURANCE)
LABELLED = ("member_id", "member_name", "group_number", "plan", "rx_bin", "rx_pcn", "effective_date")

PAYER_WORDS = re.compile(
    r"health|insur|blue|cross|shield|assurance|mutual|medicare|medicaid|aetna|cigna|humana|kaiser|anthem|united|molina|"
    r"centene|ambetter|oscar|tricare|wellcare|caresource|medical|benefit|care\b|plans?\b|life|casualty|indemnity|wellness|"
    r"advantage|alliance|cooperative|hmo\b|salud|seguros",
    re.I,
)
# Words that only back a payer's name up, for a benefit is called so as well.
BACKS_UP = re.compile(r"dental|vision|optical", re.I)
WEB = re.compile(r"www\.|\.(?:com|org|gov|net)\b|@", re.I)
PLAN_WORDS = re.compile(
    r"\b(?:PP[O0]|HM[O0]|EP[O0]|P[O0]S|HDHP|HSA|PFFS|DHMO|gold|silver|bronze|platinum|choice|select|premier|"
    r"advantage|open access|PDP|MAPD|SNP)\b",
    re.I,
)
PLAN_KIND = re.compile(r"\b(?:PP[O0]|HM[O0]|EP[O0]|P[O0]S|HDHP|PFFS|DHM[O0]|PDP|MAPD|SNP)\b")
# Marks that cards bear beside their payer's name, and what a card calls itself.
MARKS = re.compile(
    r"medicare\W?\s?r[x\W]?\b|prescription drug|\b(?:id|identification|insurance|membership) card\b|^united states of america",
    re.I,
)
# Labels whose value is mostly, but not always, what is looked for: an employer's number of a person, the day a card ends.
PERHAPS = {"employee id", "employee id number", "vigencia"}
TITLE = 1.35  # times the usual height
LIKE_ITSELF = 0.15  # two lines of one name are as tall as each other, within this share
OURS = re.compile(r"member|customer|subscriber|miembro|cliente|enrollee", re.I)
SENTENCE = re.compile(
    r"\b(?:are|is|the|this|please|your|card|contacts?|subject|call|send|claims|not|present|important|emergency)\b", re.I
)
# What the back of a card is about; a letter or a receipt speaks of one or two of them.
ON_A_BACK = (
    r"\bclaims?\b|reclamaci", r"\bproviders?\b|proveedor", r"\bpharmac(?:y|ists?)\b|farmac", r"\bpre-?cert|\bprior auth|\bpre-?auth",
    r"\bmembers?\b|\bcustomer service\b|\bafiliado|\basegurado|\bmiembro", r"\bpay[eo]r id\b|\bedi\b", r"\btty\b|\b711\b", r"\bemergency\b|\bemergencia", r"\beligib|\belegib",
    r"\bnurse\b|enfermer[ií]a", r"\brx ?bin\b|\bpcn\b", r"\bguarantee\b|garantiza",
)  # fmt: skip
BACKS_SAY = 3
LARGE = 1.2  # times the usual height of the card's text
PROSE = 7  # words; a longer line explains rather than names


def says_back(words: str) -> bool:
    """Whether all that a photo says is what the back of a card is about."""
    return sum(bool(re.search(about, words, re.I)) for about in ON_A_BACK) >= BACKS_SAY


def insurance_fields(lines: list[Piece]) -> dict[str, Candidate]:
    """The fields found, each with the doubts that its place on the card raises."""
    marked = _pharmacy_group(shared(_without_titles(mark(lines, LABELS), lines)))
    taken, rivalled = assign(pairs(marked))
    found = {
        key: candidate for key in LABELLED
        if (candidate := _labelled(key, [pair for pair in taken if pair.label.field == key], rivalled))
    }  # fmt: skip
    if "member_name" not in found:
        _add(found, "member_name", _name_in_two(taken, rivalled))
    elif last := _labelled("last_name", [pair for pair in taken if pair.label.field == "last_name"], rivalled):
        found["member_name"] = with_last(found["member_name"], last)
    if "group_number" in found and _beside_pharmacy(found["group_number"], taken, marked):
        found["group_number"] = found["group_number"].doubted("pharmacy's, perhaps")
    free = _unclaimed(marked, taken)
    _add(found, "phone", _phone(taken, rivalled, free))
    _add(found, "payer", _payer(free, lines))
    if "plan" not in found:
        _add(found, "plan", _plan(free, found))
    if "member_name" not in found:
        _add(found, "member_name", _name(free, found))
    return found


def _without_titles(marked: Marked, lines: list[Piece]) -> Marked:
    """A payer's name in large letters may begin like a label: "Plan Medico del Sur" is no plan called so."""
    typical = float(np.median([line.height for line in lines])) if lines else 1.0
    titles = [label for label in marked.labels if _begins_a_title(label, typical)]
    whole = [
        line for line in lines for title in titles if line.line is title.piece.line and line.left <= title.piece.left
    ]
    return Marked([label for label in marked.labels if label not in titles], [*marked.free, *whole])


def _begins_a_title(label: Label, typical: float) -> bool:
    if label.rest is None or label.marked or label.piece.height < TITLE * typical:
        return False
    if label.field == "plan":
        return not PLAN_WORDS.search(label.rest.string) and len(label.rest.string.split()) > 1
    named = NAME.fullmatch(label.rest.string.strip()) is not None
    return label.wording in WEAK and label.field.startswith("-") and named


def _pharmacy_group(marked: Marked) -> Marked:
    """ "Group" beside BIN and PCN, or next under them, is the pharmacy's group, not the employer's."""
    pharmacy = [label.piece for label in marked.labels if label.field in {"rx_bin", "rx_pcn"}]
    labels = [
        replace(label, field="-rx_group")
        if label.field == "group_number"
        and any(_beside(label.piece, other) or _next_under(label.piece, other) for other in pharmacy) else label
        for label in marked.labels
    ]  # fmt: skip
    others = any(label.field == "group_number" for label in labels)
    return Marked(labels, marked.free) if others else marked


def _beside_pharmacy(group: Candidate, taken: list[Pair], marked: Marked) -> bool:
    """Whether the card's one group stands beside BIN and PCN: an employer's or the pharmacy's, nobody can tell."""
    if any(label.field == "-rx_group" for label in marked.labels):
        return False
    mine = [pair.label.piece for pair in taken if pair.value.piece is group.parts[0].piece]
    pharmacy = [pair.label.piece for pair in taken if pair.label.field in {"rx_bin", "rx_pcn"}]
    return any(_beside(label, other) for label in mine for other in pharmacy)


def _next_under(a: Piece, b: Piece) -> bool:
    return 0 < a.middle - b.middle < 2 * b.height and abs(a.left - b.left) < b.height


def _beside(a: Piece, b: Piece) -> bool:
    return np.array_equal(a.line, b.line) or same_row(a, b)


def _add(found: dict[str, Candidate], key: str, candidate: Candidate | None) -> None:
    if candidate is not None:
        found[key] = candidate


def _labelled(key: str, taken: list[Pair], rivalled: set[int]) -> Candidate | None:
    if not taken:
        return None
    best = min(taken, key=lambda pair: pair.cost)
    others = {re.sub(r"\W", "", pair.value.string) for pair in taken}
    doubts = {
        "rival": id(best) in rivalled,
        "two values": len(others) > 1,
        "shape": best.value.fit < 0.6,
        "far": best.cost > 3.5,
        "words before it": best.led,
        "nearer above": best.astray,
        "another's, perhaps": best.label.wording in PERHAPS,
    }
    return Candidate(key, (best.value,), doubts=frozenset(why for why, so in doubts.items() if so))


def _name_in_two(taken: list[Pair], rivalled: set[int]) -> Candidate | None:
    """A state's card labels the family's name and the given ones apart."""
    last, first = (
        _labelled(key, [pair for pair in taken if pair.label.field == key], rivalled) for key in ("last_name", "first_name")
    )  # fmt: skip
    if last and first:
        return Candidate("member_name", (*first.parts, *last.parts), doubts=first.doubts | last.doubts)
    half = last or first
    return Candidate("member_name", half.parts, doubts=half.doubts | {"half a name"}) if half else None


def _unclaimed(marked: Marked, taken: list[Pair]) -> list[Piece]:
    claimed = [pair.value.piece for pair in taken]
    return [
        piece for piece in marked.free
        if not any(np.array_equal(piece.line, c.line) and c.left < piece.right and piece.left < c.right
                   for c in claimed)
    ]  # fmt: skip


def _phone(taken: list[Pair], rivalled: set[int], free: list[Piece]) -> Candidate | None:
    ours = [pair for pair in taken if pair.label.field == "phone"]
    if ours:
        named = [pair for pair in ours if OURS.search(pair.label.wording)] or ours
        best = min(named, key=lambda pair: pair.cost)
        rivals = {re.sub(r"\D", "", pair.value.string) for pair in named}
        doubts = {"rival"} if id(best) in rivalled or len(rivals) > 1 else set()
        doubts |= {"words before it"} if best.led else set()
        return Candidate("phone", (best.value,), doubts=frozenset(doubts))
    loose = [value for piece in free if PHONE.search(piece.string) and (value := VALUES["phone"](piece))]
    return Candidate("phone", (loose[0],), doubts=frozenset({"no label"})) if loose else None


def _payer(free: list[Piece], lines: list[Piece]) -> Candidate | None:
    typical = float(np.median([line.height for line in lines])) if lines else 1.0
    top = min((line.top for line in lines), default=0.0)
    deep = max((line.bottom for line in lines), default=1.0) - top or 1.0
    scored = sorted(
        (
            (_payer_score(piece, typical, (piece.middle - top) / deep), piece)
            for piece in free
            if _could_be_payer(piece) and not _leads_to_a_phone(piece, free)
        ),
        key=lambda pair: -pair[0],
    )
    if not scored or scored[0][0] < 1.0:
        return None
    doubts = set()
    best = scored[0][1].string
    if not (PAYER_WORDS.search(best) or BACKS_UP.search(best) or is_named(best)):
        doubts.add("no word of a payer")
    if len(scored) > 1 and scored[1][0] > scored[0][0] - 0.3:
        doubts.add("rival")
    piece = scored[0][1]
    if piece.height < LARGE * typical:
        doubts.add("no larger than the rest")
    lines_of_it = _in_two_lines(piece, free, typical)
    doubts |= {"two lines"} if len(lines_of_it) > 1 else set()
    return Candidate("payer", tuple(Value(line, 1.0) for line in lines_of_it), doubts=frozenset(doubts))


def _in_two_lines(piece: Piece, free: list[Piece], typical: float) -> list[Piece]:
    """A large name may go on in a line under or over it that is as large."""
    others = [
        other for other in free
        if piece.height >= LARGE * typical and abs(other.height / piece.height - 1) < LIKE_ITSELF
        and 0.8 * piece.height < abs(other.middle - piece.middle) < 1.7 * piece.height
        and (abs(other.left - piece.left) < piece.height
             or abs(other.left + other.right - piece.left - piece.right) < piece.height)
        and _could_be_payer(other) and not PLAN_WORDS.search(other.string)
    ]  # fmt: skip
    return sorted([piece, *others], key=lambda line: line.middle) if len(others) == 1 else [piece]


def _could_be_payer(piece: Piece) -> bool:
    letters = sum(c.isalpha() for c in piece.string)
    string = piece.string.strip()
    if len(string.split()) >= PROSE or string.endswith(".") or SENTENCE.search(string) or WEB.search(string):
        return False
    if MARKS.search(string):
        return False
    return letters >= 4 and letters > 0.7 * len(string.replace(" ", ""))


def _leads_to_a_phone(piece: Piece, free: list[Piece]) -> bool:
    return any(other.left > piece.right and same_row(piece, other) and PHONE.search(other.string) for other in free)


def _payer_score(piece: Piece, typical: float, depth: float) -> float:
    """Payers print themselves large and high, and nearly always with a word of their trade."""
    known = piece.height >= LARGE * typical and is_named(piece.string)
    words = 1.0 if known or PAYER_WORDS.search(piece.string) else 0.0
    return words + min(1.5, piece.height / typical - 0.5) + max(0.0, 0.6 - depth)


def _plan(free: list[Piece], found: dict[str, Candidate]) -> Candidate | None:
    payer = found.get("payer")
    hits = [
        piece for piece in free
        if PLAN_WORDS.search(piece.string) and len(piece.string.split()) < PROSE
        and not (payer and piece is payer.parts[0].piece)
    ]  # fmt: skip
    if not hits:
        return None
    # Without its label only the trade's own abbreviation, standing once, names a plan beyond doubt.
    plainly = len(hits) == 1 and len(hits[0].string.split()) <= 4 and PLAN_KIND.search(hits[0].string)
    return Candidate("plan", (Value(hits[0], 0.8),), doubts=frozenset() if plainly else frozenset({"no label"}))


def _name(free: list[Piece], found: dict[str, Candidate]) -> Candidate | None:
    """An unlabelled name stands beside the number it belongs to; still only a guess."""
    number = found.get("member_id")
    names = [
        value for piece in free if NAME.fullmatch(piece.string.strip()) and (value := VALUES["member_name"](piece))
    ]
    names = [value for value in names if 2 <= len(value.string.split()) <= 4 and value.string[0].isupper()]
    payer = found.get("payer")
    names = [value for value in names if not (payer and value.piece.quad is payer.parts[0].piece.quad)]
    if not names or not number:
        return None
    here = number.parts[0].piece
    nearest = min(names, key=lambda value: abs(value.piece.middle - here.middle))
    return Candidate("member_name", (nearest,), doubts=frozenset({"no label"}))
