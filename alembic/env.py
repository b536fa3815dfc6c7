"""Alembic's environment: our tables, our address, one transaction for a whole upgrade."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlmodel import SQLModel

import hospital_ops.models  # noqa: F401 - registers every table
from alembic import context
from hospital_ops.infra.db import engine


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, compare_server_default=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with engine().connect() as connection:
        run(connection)
