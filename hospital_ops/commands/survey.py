"""`survey`: fit the strain model on the answers of the staff. They are read and not kept."""

from __future__ import annotations

import argparse
from pathlib import Path

SHOWN_BAD = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV with the columns user,surveyed_on,exhausted")


def run(args: argparse.Namespace) -> int:
    from hospital_ops.domain.access import Actor, Role
    from hospital_ops.domain.errors import Refused
    from hospital_ops.exits import Exit, Refusal
    from hospital_ops.services.strain_survey import fit_survey

    try:
        text = args.file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(Exit.DATA_REFUSED, f"{args.file} cannot be read as UTF-8 text.") from error
    try:
        fitted = fit_survey(Actor(role=Role.ADMIN, name="command line"), text)
    except Refused as refusal:
        raise Refusal(Exit.DATA_REFUSED, refusal.sentence) from refusal
    for words in fitted.bad[:SHOWN_BAD]:
        print(words)
    if len(fitted.bad) > SHOWN_BAD:
        print(f"… and {len(fitted.bad) - SHOWN_BAD} more lines like these.")
    print(
        f"On people left out: log loss {fitted.log_loss:.3f}, {fitted.log_loss_of_the_share:.3f} for the plain share."
    )
    if fitted.why_not:
        refused = f"Release {fitted.version} is kept and does not serve; what served before serves on."
        raise Refusal(Exit.RELEASE_REFUSED, " ".join([*fitted.why_not, refused]))
    print(f"{fitted.name}. It serves from the next daily scoring on ({fitted.version}).")
    return Exit.OK
