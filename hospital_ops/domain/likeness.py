"""Could these two be one person? Reasons in words, for the desk to judge; never a reason to stop a patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hospital_ops.domain.identifiers import plain, policy_key, sound_key


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is compared of a person. `dob` is an ISO date or ""."""

    first_name: str
    last_name: str
    dob: str
    policy: str = ""


def why_alike(new: Likeness, known: Likeness) -> list[str]:
    """Reasons, strongest first; [] when nothing but chance speaks for it."""
    reasons = []
    if policy_key(new.policy) and policy_key(new.policy) == policy_key(known.policy):
        reasons.append("Same policy number")
    surname, first = _like(new.last_name, known.last_name), _like(new.first_name, known.first_name)
    born = new.dob != "" and new.dob == known.dob
    if born and surname and first:
        same = plain(new.last_name) == plain(known.last_name) and plain(new.first_name) == plain(known.first_name)
        reasons.append(f"Same date of birth and {'the same' if same else 'a like'} name")
    elif born and (surname or first):
        reasons.append(f"Same date of birth and a like {'surname' if surname else 'first name'}")
    elif surname and first and known.dob in swapped(new.dob):
        reasons.append("A like name, and day and month of birth exchanged")
    return reasons


def _like(one: str, other: str) -> bool:
    """The same name, one that sounds like it, or one that is a part of the other (a second surname left out)."""
    first, second = set(plain(one).replace("-", " ").split()), set(plain(other).replace("-", " ").split())
    if not first or not second:
        return False
    return first <= second or second <= first or (sound_key(one) != "" and sound_key(one) == sound_key(other))


def swapped(dob: str) -> tuple[str, ...]:
    """The date with day and month exchanged, where that is a date: 1984-07-03 → 1984-03-07."""
    try:
        born = date.fromisoformat(dob)
        other = born.replace(month=born.day, day=born.month)
    except ValueError:
        return ()
    return () if other == born else (other.isoformat(),)
