"""`seed`: fill an empty database with the demo hospital, and apply what each `up` may change (password, speed)."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    return


def run(args: argparse.Namespace) -> int:
    from hospital_ops.exits import Exit, Refusal
    from hospital_ops.infra.launch import is_here

    if not is_here("hospital_ops.sim.seed"):
        raise Refusal(Exit.NOT_HERE_YET, "The demo hospital is not written yet.")
    return 0
