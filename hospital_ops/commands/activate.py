"""`activate`: let another release of a model serve, or the one before again. The gate may refuse; the audit knows."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="the model, such as length_of_stay")
    parser.add_argument("release", nargs="?", default="", help="the release, as `models` lists it")
    parser.add_argument("--back", action="store_true", help="the release that served before")
    parser.add_argument(
        "--override", default="", metavar="REASON", help="serve it against the gate; written in the audit"
    )


def run(args: argparse.Namespace) -> int:
    from hospital_ops.domain.access import Actor, Role
    from hospital_ops.domain.errors import Refused
    from hospital_ops.exits import Exit, Refusal
    from hospital_ops.services import releases

    if bool(args.release) == args.back:
        raise Refusal(Exit.USAGE, "Name a release, or say --back.")
    actor, kind = Actor(role=Role.ADMIN, name="command line"), args.name.replace("-", "_")
    try:
        if args.back:
            now = releases.roll_back(actor, kind)
        else:
            now = releases.activate(actor, kind, args.release, args.override)
    except Refused as refusal:
        raise Refusal(Exit.RELEASE_REFUSED, refusal.sentence) from refusal
    print(f"{now.kind}: release {now.version} serves.")
    return Exit.OK
