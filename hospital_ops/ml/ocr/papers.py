"""Papers that are no card of a hospital's: a till's receipt, a slip with an hour, a shop's, a bank's or a discount's card.

They name people, telephones and members too; what gives them away is what else they speak of.
"""

from __future__ import annotations

import re

# Kind → what it speaks of, and how many of that it takes.
OTHERS: dict[str, tuple[int, tuple[str, ...]]] = {
    "receipt": (3, (r"\bsub-?total\b", r"\btotal\b", r"\btax\b", r"\bcash(?:ier)?\b|\bchange due\b", r"\bvisa\b|mastercard|\bamex\b|\bdebit\b",
                    r"\bqty\b|\bitems?\b", r"\brefunds?\b|\breturns?\b", r"\bthank you\b", r"\breceipt\b")),
    "appointment": (3, (r"\bappointments?\b|\bcita\b", r"\barriv(?:e|al)\b|\bllegu?e\b", r"\bcancel\b|\bre-?schedule|\bcancelar\b", r"\breminder\b|\brecordatorio\b")),
    "bill": (2, (r"\b(?:amount|balance|total|payment) due\b", r"\bdue date\b|\bdue by\b|\bpay by\b", r"\bstatement date\b|\bbilling (?:date|period)\b", r"\bminimum payment\b",
                 r"\binvoice\b")),
    "vehicle": (2, (r"\bvin\b", r"\bvehicles?\b|\bveh[ií]culos?\b", r"\b(?:auto(?:mobile)?|motor|car) (?:insurance|policy|liability)\b|\bmotorist")),
    "letter": (2, (r"\bdear\b|\bestimad[oa]\b", r"\bsincerely\b|\bregards\b|\batentamente\b")),
    "shop": (2, (r"\brewards\b", r"\bpoints\b", r"\bloyalty\b", r"\bredeem", r"\bgift card\b", r"\bcheckout\b", r"\bmember since\b")),
    "discount": (2, (r"\bnot (?:an? )?(?:health )?insurance\b|\bno es (?:un )?seguro", r"\b(?:discount|savings) (?:card|program|plan)|\btarjeta de descuento",
                     r"\bdiscounts? only\b|\bcoupon\b|\bcup[oó]n\b|\bsave up to\b")),
    "bank": (3, (r"\bdebit\b|\bcredit\b", r"\bvisa\b|\bmastercard\b|\bamex\b", r"\b(?:valid|good) thru\b", r"\bbank\b|\bcredit union\b",
                 r"\b\d{4} \d{4} \d{4} \d{4}\b")),
}  # fmt: skip
_OTHERS = {kind: (least, [re.compile(about, re.I) for about in abouts]) for kind, (least, abouts) in OTHERS.items()}

TRADE = [re.compile(word, re.I) for word in (
    r"health|salud", r"medic|m[eé]dic", r"insur|segur|assur|mutual", r"co-?pay|copago", r"deduct|deduc", r"co-?insur|coaseguro", r"coverage|cobertura|cubierta",
    r"benefit|beneficio", r"subscriber|suscriptor|afiliad", r"enrollee", r"dental", r"vision", r"\b(?:hmo|ppo|epo|pos|hdhp|pdp)\b", r"\bclaims?\b",
    r"provider|proveedor", r"rx|\bpcn\b", r"\bbin\b", r"\bplan\b", r"\b(?:group|grp|grupo)\b", r"pharma|farmacia", r"\bpolicy|p[oó]liza", r"\btty\b",
    r"\bpcp\b", r"member services|customer service|servicio al cliente", r"blue|cross|shield|aetna|cigna|humana|kaiser|tricare|care\b",
)]  # fmt: skip


def another_paper(words: str) -> str | None:
    """What else it is, or None."""
    return next(
        (
            kind
            for kind, (least, abouts) in _OTHERS.items()
            if sum(bool(about.search(words)) for about in abouts) >= least
        ),
        None,
    )


def words_of_the_trade(words: str) -> int:
    """How many matters of an insurance card it speaks of."""
    return sum(bool(word.search(words)) for word in TRADE)
