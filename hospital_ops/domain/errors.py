"""Refusals: what the hospital says when something may not be done. Each has a stable code and a sentence for a nurse."""

from __future__ import annotations


class Refused(Exception):
    """Something may not be done.

    `code` is stable and machine-readable; `sentence` is shown to a person as it stands.
    """

    code = "refused"

    def __init__(self, sentence: str, *, code: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        if code is not None:
            self.code = code


class NotSignedIn(Refused):
    """Nobody, or nobody any longer, is behind this request."""

    code = "not_signed_in"

    def __init__(self, sentence: str = "Please sign in first.") -> None:
        super().__init__(sentence)


class WrongCredentials(Refused):
    """The same words for a wrong name, a wrong password and a closed account."""

    code = "wrong_credentials"

    def __init__(self, sentence: str = "That name and password do not fit together. Please try again.") -> None:
        super().__init__(sentence)


class SecondFactorRequired(Refused):
    """The password was right and the account has a second factor. `step` lets the login page go on without it."""

    code = "second_factor_required"

    def __init__(
        self, sentence: str = "Please give the code from your authenticator app too.", *, step: str = ""
    ) -> None:
        super().__init__(sentence)
        self.step = step


class SecondFactorWrong(Refused):
    """The password was right, the code was not, or it was used before."""

    code = "second_factor_wrong"

    def __init__(self, sentence: str = "That code is not right, or was used before. Wait for the next one.") -> None:
        super().__init__(sentence)


class NotAllowed(Refused):
    """This person may not do this, or not in this ward."""

    code = "not_allowed"


class NotFound(Refused):
    """There is no such thing, or it is not theirs to know of: the two read alike on purpose."""

    code = "not_found"


class Invalid(Refused):
    """What was given cannot be used as it is."""

    code = "invalid"


class Conflict(Refused):
    """The hospital has moved on, or its rules forbid this now."""

    code = "conflict"


class ChangedMeanwhile(Conflict):
    """The loser of a race is told so."""

    code = "changed_meanwhile"

    def __init__(self, sentence: str = "Someone else changed this first. Look again.") -> None:
        super().__init__(sentence)


class TooMany(Refused):
    """Too many attempts; `retry_after` is in seconds."""

    code = "too_many"

    def __init__(self, sentence: str, *, retry_after: int = 60) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Unavailable(Refused):
    """A part of the house is away for the moment."""

    code = "unavailable"
