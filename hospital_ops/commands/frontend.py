"""`frontend`: build the pages when their sources have changed."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")


def run(args: argparse.Namespace) -> int:
    from hospital_ops.infra import frontend

    built = frontend.build(force=args.force)
    print(f"The pages are {'built' if built else 'up to date'}: {frontend.output_folder()}")
    return 0
