"""`bench`: measure what is promised. Each benchmark is a module of benchmarks/ with a `main(arguments)`."""

from __future__ import annotations

import argparse
import importlib

BENCHMARKS: dict[str, str] = {
    "push": "commit → frame received, with many boards open",
    "ocr": "synthetic cards read, field by field",
    "accept": "a photo accepted while every worker is busy",
    "first_load": "the registration page on a slow phone",
    "board": "the board of 300 and of 1,000 beds until one can work with it",
    "audit": "a page of the audit, by each filter, with a million lines",
    "dispatch": "our rule against nearest-first and first come, on the demo's floor plan",
    "placement": "a bed for everybody who waits, against taking turns",
    "roster": "two weeks of the demo's wards, against taking turns",
    "models": "discharge and arrivals on real data, given by --data DIR",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("which", choices=list(BENCHMARKS), help="; ".join(f"{k}: {v}" for k, v in BENCHMARKS.items()))
    parser.add_argument(
        "rest", nargs=argparse.REMAINDER, metavar="…", help="the benchmark's own arguments, such as --json"
    )


def run(args: argparse.Namespace) -> int:
    return int(importlib.import_module(f"benchmarks.{args.which}").main(args.rest))
