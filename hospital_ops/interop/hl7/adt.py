"""ADT messages as movements. One table says what each trigger event is; what is kept and moves nobody is in it too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from hospital_ops.domain.movements import ABOUT_PEOPLE, CANCELS, Kind, Movement, Place
from hospital_ops.interop.hl7.message import FIELD_MISSING, NOT_SUPPORTED, Message, Unreadable
from hospital_ops.interop.hl7.profile import SiteProfile

# None: understood, kept, and changes nobody's bed (what is pending, what describes a person).
EVENTS: dict[str, Kind | None] = {
    "A01": Kind.ADMIT,
    "A02": Kind.TRANSFER,
    "A03": Kind.DISCHARGE,
    "A04": Kind.REGISTER,
    "A05": None,
    "A06": Kind.ADMIT,  # an outpatient becomes an inpatient
    "A07": Kind.REGISTER,  # and the other way
    "A08": Kind.UPDATE,
    "A09": Kind.GO_AWAY,
    "A10": Kind.COME_BACK,
    "A11": Kind.CANCEL_ADMIT,
    "A12": Kind.CANCEL_TRANSFER,
    "A13": Kind.CANCEL_DISCHARGE,
    "A14": None,
    "A15": None,
    "A16": None,
    "A17": Kind.TRANSFER,  # two patients in one message, each with the place of the other
    "A18": Kind.MERGE,
    "A20": None,
    "A21": Kind.GO_AWAY,
    "A22": Kind.COME_BACK,
    "A25": None,
    "A26": None,
    "A27": None,
    "A28": None,
    "A31": None,
    "A34": Kind.MERGE,
    "A40": Kind.MERGE,
    "A45": Kind.MOVE_VISIT,
    "A47": Kind.MERGE,  # a number of the patient's has changed: the old one goes on as the new one
}


def movements(message: Message, profile: SiteProfile) -> list[Movement]:
    """What the message says of each patient in it; [] where nobody moves. Raises Unreadable."""
    code, event = message.field("MSH", 9), message.field("MSH", 9, 2) or message.field("EVN", 1)
    if code != "ADT":
        return []
    if event not in EVENTS:
        raise Unreadable(NOT_SUPPORTED, f"ADT^{event} is not among the events that are read here.")
    kind = EVENTS[event]
    if kind is None:
        return []
    if event == "A10" and profile.tracking_moves:
        kind = Kind.TRANSFER
    told = _merges if kind in ABOUT_PEOPLE else _moves
    return list(told(message, kind, profile))


def _moves(message: Message, kind: Kind, profile: SiteProfile) -> Iterator[Movement]:
    happened, undoes = _times(message, kind)
    for nth in range(1, max(message.count("PID"), 1) + 1):
        yield Movement(
            kind,
            f"{message.key}#{nth}",
            happened,
            _patient(message, "PID", 3, profile, nth),
            visit=message.field("PV1", 19, nth=nth) or None,
            place=_place(message, 3, profile, nth),
            left=_place(message, 6, profile, nth),
            undoes_at=undoes,
        )


def _merges(message: Message, kind: Kind, profile: SiteProfile) -> Iterator[Movement]:
    happened, _ = _times(message, kind)
    for nth in range(1, max(message.count("PID"), 1) + 1):
        patient = _patient(message, "PID", 3, profile, nth)
        other = _patient(message, "MRG", 1, profile, nth)
        visit = message.field("PV1", 19, nth=nth) or message.field("MRG", 5, nth=nth) or None
        yield Movement(kind, f"{message.key}#{nth}", happened, patient, visit=visit, other=other)


def _times(message: Message, kind: Kind) -> tuple[datetime, datetime | None]:
    """When it happened: EVN-6, else EVN-2, else MSH-7. A cancel's EVN-6 is the time of what it takes back."""
    recorded = message.time("EVN", 2) or message.time("MSH", 7)
    occurred = message.time("EVN", 6)
    happened = recorded if kind in CANCELS else occurred or recorded
    if happened is None:
        raise Unreadable(FIELD_MISSING, "EVN-2 and MSH-7 are empty: it does not say when this happened.")
    return happened, occurred if kind in CANCELS else None


def _patient(message: Message, segment: str, field: int, profile: SiteProfile, nth: int) -> str:
    """The number of the authority that the profile names, else the first. PID-3 may hold several."""
    numbers = range(1, message.repeats(segment, field, nth=nth) + 1)
    found = [
        (message.field(segment, field, nth=nth, repeat=n), message.field(segment, field, 4, nth=nth, repeat=n))
        for n in numbers
    ]
    fitting = [number for number, authority in found if number and profile.authority in ("", authority)]
    if not fitting:
        of = f" of {profile.authority}" if profile.authority else ""
        raise Unreadable(FIELD_MISSING, f"{segment}-{field} holds no patient's number{of}.")
    return fitting[0]


def _place(message: Message, field: int, profile: SiteProfile, nth: int) -> Place | None:
    """None without a bed: a ward alone is where somebody waits, not where somebody lies."""
    place = Place(*(message.field("PV1", field, part, nth=nth) for part in profile.place))
    return place if place.bed else None
