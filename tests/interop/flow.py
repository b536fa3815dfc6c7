"""A feed to read: a few wards whose patients come, move, change places and leave, with mistakes taken back.

The truth is kept beside it by moving people about, not by reading messages. What makes a real feed hard is in it: a move taken
back without saying to where, a discharge without the visit's number, a merged record, a bed given away before its patient
is taken back into it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

Bed = tuple[str, str, str]
START = datetime(2026, 3, 2, 6, tzinfo=UTC)


def stamp(when: datetime) -> str:
    return when.strftime("%Y%m%d%H%M%S")


def place(bed: Bed | None) -> str:
    return f"{'^'.join(bed)}^North Hospital^^BED" if bed else ""


def message(number: int, event: str, when: datetime, *groups: str, occurred: str = "") -> bytes:
    head = f"MSH|^~\\&|EHR|NORTH|HOUSE|NORTH|{stamp(when)}||ADT^{event}|{number}|P|2.5|||AL||44|UNICODE UTF-8"
    return "\r".join([head, f"EVN|{event}|{stamp(when)}||||{occurred}", *groups, ""]).encode()


def person(patient: str) -> str:
    return f"PID|1||N{patient}^^^OTHER^PI~{patient}^^^NORTH^MR||Núñez\\T\\Söhne^Ana"


def visit(bed: Bed | None, number: str, left: Bed | None = None) -> str:
    return f"PV1|1|I|{place(bed)}|||{place(left)}|||||||||||||{number}"


@dataclass
class Flow:
    """`lying`: the truth so far, bed by patient."""

    seed: int
    messages: list[bytes] = field(default_factory=list)
    lying: dict[str, Bed] = field(default_factory=dict)
    visits: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.now = START
        self.beds = [(ward, str(room), bed) for ward in ("EAST", "WEST") for room in range(1, 6) for bed in "AB"]
        self.named = 0

    def free(self) -> list[Bed]:
        return [bed for bed in self.beds if bed not in self.lying.values()]

    def tell(self, event: str, *groups: str, occurred: str = "") -> None:
        self.messages.append(message(len(self.messages) + 1, event, self.now, *groups, occurred=occurred))

    def run(self, steps: int) -> Flow:
        verbs = [self.come, self.come, self.move, self.leave, self.swap, self.wrong_move, self.wrong_leave, self.merge,
                 self.wrong_coming, self.too_late]  # fmt: skip
        for _ in range(steps):
            self.now += timedelta(minutes=self.dice.randrange(3, 40))
            self.dice.choice(verbs)()
        return self

    def later(self) -> str:
        """Some minutes pass; the time before them, as a message names it."""
        before = stamp(self.now)
        self.now += timedelta(minutes=1)
        return before

    def come(self) -> str | None:
        if not (free := self.free()):
            return None
        self.named += 1
        patient, number = f"P{self.named}", f"{9_000_000_000_000_000_000 + self.named}"
        self.lying[patient], self.visits[patient] = self.dice.choice(free), number
        self.tell("A01", person(patient), visit(self.lying[patient], number))
        return patient

    def somebody(self) -> str | None:
        return self.dice.choice(sorted(self.lying)) if self.lying else None

    def move(self) -> str | None:
        patient, free = self.somebody(), self.free()
        if not patient or not free:
            return None
        before, self.lying[patient] = self.lying[patient], self.dice.choice(free)
        self.tell("A02", person(patient), visit(self.lying[patient], self.visits[patient], before))
        return patient

    def leave(self) -> str | None:
        if patient := self.somebody():
            bed = self.lying.pop(patient)
            blank = self.dice.random() < 0.3
            self.tell("A03", person(patient), visit(None if blank else bed, "" if blank else self.visits[patient]))
        return patient

    def swap(self) -> None:
        if len(self.lying) > 1:
            one, other = self.dice.sample(sorted(self.lying), 2)
            self.lying[one], self.lying[other] = self.lying[other], self.lying[one]
            groups = [part for who in (one, other) for part in (person(who), visit(self.lying[who], self.visits[who]))]
            self.tell("A17", *groups)

    def wrong_move(self) -> None:
        before = dict(self.lying)
        if patient := self.move():
            wrong, self.lying = self.lying[patient], before
            self.tell("A12", person(patient), visit(None, self.visits[patient], wrong), occurred=self.later())

    def wrong_coming(self) -> None:
        if patient := self.come():
            del self.lying[patient]
            self.tell("A11", person(patient), visit(None, self.visits[patient]), occurred=self.later())

    def wrong_leave(self) -> None:
        before = dict(self.lying)
        if patient := self.leave():
            self.lying = before
            self.later()
            self.tell("A13", person(patient), visit(None, ""))

    def too_late(self) -> None:
        """A discharge is taken back when the bed is somebody else's: they keep it, and the patient gets another or leaves."""
        if patient := self.somebody():
            bed = self.lying.pop(patient)
            self.tell("A03", person(patient), visit(bed, self.visits[patient]))
            self.later()
            self.named += 1
            newcomer, number = f"P{self.named}", f"{9_000_000_000_000_000_000 + self.named}"
            self.lying[newcomer], self.visits[newcomer] = bed, number
            self.tell("A01", person(newcomer), visit(bed, number))
            self.later()
            self.tell("A13", person(patient), visit(bed if self.dice.random() < 0.5 else None, self.visits[patient]))
            self.later()
            if free := self.free():
                self.lying[patient] = self.dice.choice(free)
                self.tell("A02", person(patient), visit(self.lying[patient], self.visits[patient]))
            else:
                self.tell("A03", person(patient), visit(None, self.visits[patient]))

    def merge(self) -> None:
        """Somebody's record goes on under a new number, and so does the stay."""
        if patient := self.somebody():
            self.named += 1
            survivor = f"P{self.named}"
            self.lying[survivor], self.visits[survivor] = self.lying.pop(patient), self.visits[patient]
            self.tell("A40", person(survivor), f"MRG|N{patient}^^^OTHER^PI~{patient}^^^NORTH^MR")
