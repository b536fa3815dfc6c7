"""Photos of cards, and what a reader saw on them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ARRAY, Index, Integer, LargeBinary, text
from sqlmodel import Field, SQLModel

from hospital_ops.domain.intake import DocumentSide, DocumentStatus
from hospital_ops.models.base import box, moment, one_of, sealed


class Document(SQLModel, table=True):
    """One photo. `raw_file` is destroyed once `clean_file` (re-encoded, without metadata) is there."""

    __tablename__ = "document"
    __table_args__ = (
        one_of("side", DocumentSide),
        one_of("status", DocumentStatus),
        # A newer photo of the same side replaces the older one; only one counts.
        Index(
            "one_current_side",
            "registration_id",
            "side",
            unique=True,
            postgresql_where=text("status <> 'replaced'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    registration_id: int = Field(foreign_key="registration.id", index=True)
    side: str
    status: str = DocumentStatus.RECEIVED.value
    raw_file: str | None = None
    clean_file: str | None = None
    content_hash: bytes = Field(sa_type=LargeBinary)
    media_type: str = ""
    size_bytes: int = 0
    rotated: int = 0
    width: int = 0  # of the clean picture, in pixels
    height: int = 0
    problem: str = ""
    attempts: int = 0
    received_at: datetime = moment()
    reading_since: datetime | None = moment(default=None)
    read_at: datetime | None = moment(default=None)
    version: int = 1


class DocumentField(SQLModel, table=True):
    """One value read from a card, with who read it and how sure. It is no fact until a person confirmed it."""

    __tablename__ = "document_field"
    __table_args__ = (Index("one_value_a_field", "document_id", "name", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    row_key: uuid.UUID = Field(default_factory=uuid.uuid4, unique=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    name: str
    value_sealed: bytes | None = box()
    confidence: float = 0.0
    unsure: bool = True
    reader: str = ""
    box: list[int] = Field(default_factory=list, sa_type=ARRAY(Integer))  # left, top, right, bottom in the picture

    value = sealed("value")  # type: ignore[pydantic-field]
