"""What all tables share: constraint names, column kinds, and the sealed attribute."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, LargeBinary
from sqlmodel import Field, SQLModel

from hospital_ops.infra.crypto import open_bytes, seal_bytes

# Alembic needs every constraint to have the same name on every machine.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def moment(*, index: bool = False, default: Any = ...) -> Any:
    """A timestamptz column."""
    return Field(default=default, sa_type=DateTime(timezone=True), index=index)


def box() -> Any:
    """A bytea column that holds what `sealed` keeps."""
    return Field(default=None, sa_type=LargeBinary, nullable=True)


def one_of(column: str, values: type[StrEnum], *, or_none: bool = False) -> CheckConstraint:
    """The database too refuses a word that is not in the list."""
    words = ", ".join(f"'{v}'" for v in values)
    nothing = f"{column} IS NULL OR " if or_none else ""
    return CheckConstraint(f"{nothing}{column} IN ({words})", name=f"{column}_known")


class sealed(property):
    """A text attribute that is stored encrypted in the column `<name>_sealed`.

    AES-256-GCM with a key id in its header; the associated data is table, column and the row's own `row_key`, so a box
    does not open in another row. Opening happens on reading the attribute, never on loading the row.
    """

    def __init__(self, name: str) -> None:
        column = f"{name}_sealed"

        def read(row: Any) -> str | None:
            value = getattr(row, column)
            return None if value is None else open_bytes(bytes(value), _where(row, column)).decode()

        def write(row: Any, value: str | None) -> None:
            setattr(row, column, None if value is None else seal_bytes(value.encode(), _where(row, column)))

        super().__init__(read, write)


def _where(row: Any, column: str) -> str:
    return f"{row.__tablename__}|{column}|{row.row_key}"
