"""Intake: the steps of a registration, the states of a card, and the sentence for each."""

from __future__ import annotations

from enum import StrEnum


class RegistrationStatus(StrEnum):
    STARTED = "started"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    ADMITTED = "admitted"
    CANCELLED = "cancelled"


class DocumentSide(StrEnum):
    INSURANCE_FRONT = "insurance_front"
    INSURANCE_BACK = "insurance_back"
    ID_PHOTO = "id_photo"


class DocumentStatus(StrEnum):
    RECEIVED = "received"
    READING = "reading"
    READ = "read"
    UNSURE = "unsure"
    NOT_A_CARD = "not_a_card"
    UNREADABLE = "unreadable"
    FAILED = "failed"
    REPLACED = "replaced"


STEPS: tuple[str, ...] = ("who", "why", "insurance", "photos", "consent", "review", "done")
