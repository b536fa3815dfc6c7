"""Whether the database answers."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hospital_ops.infra.db import engine


def database_answers() -> bool:
    """False while it is away."""
    try:
        with engine().connect() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar_one())
    except SQLAlchemyError:
        return False
