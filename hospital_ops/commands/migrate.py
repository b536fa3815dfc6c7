"""`migrate`: bring the database to this code's version."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only say whether migrations are due")


def run(args: argparse.Namespace) -> int:
    from hospital_ops.config import get_settings
    from hospital_ops.infra import launch, migrations

    url = get_settings().database_url
    due = migrations.behind(url)
    if due and not args.check:
        migrations.upgrade(launch.environment({"DATABASE_URL": url}))
    verdict = "The database is up to date." if not due else "Migrations are due." if args.check else "Migrated."
    print(verdict)
    return 1 if due and args.check else 0
