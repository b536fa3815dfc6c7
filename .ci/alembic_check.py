"""`alembic check` on an embedded server of its own: the migrations make exactly the tables that the models describe."""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hospital_ops.infra.embedded import both  # noqa: E402


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, both(Path(folder) / "data", durable=False) as (postgres, _):
        os.environ["HOSPITAL_DATABASE_URL"] = postgres.url
        from alembic.config import Config

        from alembic import command

        config = Config(ROOT / "alembic.ini")
        command.upgrade(config, "head")
        command.check(config)


if __name__ == "__main__":
    main()
