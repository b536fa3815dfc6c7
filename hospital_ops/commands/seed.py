"""`seed`: fill an empty database with the demo hospital; apply what each `up` may change (the password, the speed)."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--empty", action="store_true", help="wards, beds and the eight accounts, and nobody in them")


def run(args: argparse.Namespace) -> int:
    from hospital_ops.commands.progress import bar
    from hospital_ops.sim.seed import seed

    with bar("The hospital is there") as progress:
        seed(progress, empty=args.empty)
    return 0
