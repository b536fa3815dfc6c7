"""What a card says beside what the patient typed. Agreement confirms, disagreement asks; nothing read is a fact yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hospital_ops.domain.documents import Side, comparable
from hospital_ops.domain.identifiers import plain


class Agreement(StrEnum):
    """`agrees`: the same on both. `ask`: different, or unsure and nothing typed. `offer`: read well, nothing typed.
    `kept`: the patient has said that their own answer is right. `told`: nobody is asked about this field."""

    AGREES = "agrees"
    ASK = "ask"
    OFFER = "offer"
    KEPT = "kept"
    TOLD = "told"


# Which answer a field of a card speaks about. Two fields speak of the whole name, which is compared but never split.
ANSWER_OF: dict[tuple[Side, str], str] = {
    **{
        (side, card): answer
        for side in (Side.INSURANCE_FRONT, Side.INSURANCE_BACK)
        for card, answer in (
            ("member_id", "insurance_policy_num"),
            ("payer", "insurance_payer"),
            ("group_number", "insurance_group"),
            ("member_name", "name"),
        )
    },
    (Side.ID_PHOTO, "name"): "name",
    (Side.ID_PHOTO, "dob"): "dob",
    (Side.ID_PHOTO, "address"): "address",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of a card. `answer` is the question that it speaks about ("" when none), `typed` what stands there."""

    answer: str
    typed: str
    agreement: Agreement


def compare(
    side: Side, card_field: str, read: str, unsure: bool, values: Mapping[str, str], kept: str = ""
) -> Compared:
    """Hold one read value against the answers. `kept` is what the card said when the patient kept their own."""
    answer = ANSWER_OF.get((side, card_field), "")
    if answer == "name":
        return _compare_name(read, unsure, values, kept)
    typed = values.get(answer, "") if answer else ""
    if not answer:
        return Compared("", "", Agreement.TOLD)
    key = "dob" if answer == "dob" else card_field
    if typed and comparable(key, typed) == comparable(key, read):
        return Compared(answer, typed, Agreement.AGREES)
    if typed and kept == read:
        return Compared(answer, typed, Agreement.KEPT)
    if not typed and not unsure:
        return Compared(answer, typed, Agreement.OFFER)
    return Compared(answer, typed, Agreement.ASK)


def _compare_name(read: str, unsure: bool, values: Mapping[str, str], kept: str) -> Compared:
    typed = " ".join(part for part in (values.get("first_name", ""), values.get("last_name", "")) if part)
    on_card = set(plain(read).replace(",", " ").split())
    if typed and set(plain(typed).split()) <= on_card:
        return Compared("name", typed, Agreement.AGREES)
    if not typed:
        return Compared("name", typed, Agreement.TOLD)
    return Compared("name", typed, Agreement.KEPT if kept == read else Agreement.ASK)
