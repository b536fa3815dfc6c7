"""`audit verify`: walk the audit's chain and name its first broken link. Changes nothing."""

from __future__ import annotations

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("verify",), help="verify: walk the chain from its first link to its head")
    parser.add_argument("--head", metavar="N:MAC", default="", help="a head printed earlier, which must still be in it")
    parser.add_argument("--json", action="store_true", help="for machines: one object")


def run(args: argparse.Namespace) -> int:
    from hospital_ops.domain.audit_chain import head_words, read_head
    from hospital_ops.exits import Exit, Refusal
    from hospital_ops.queries.audit_chain import verify
    from hospital_ops.queries.clock import real_now
    from hospital_ops.services.audit_chain import chain_key

    try:
        known = read_head(args.head) if args.head else None
    except ValueError as wrong:
        raise Refusal(Exit.USAGE, str(wrong)) from wrong
    verdict = verify(chain_key(), real_now(), known=known)
    head = head_words(verdict.links, verdict.head)
    if args.json:
        print(
            json.dumps(
                {
                    "whole": verdict.is_whole,
                    "links": verdict.links,
                    "head": head,
                    "broken": verdict.broken,
                    "waiting": verdict.waiting,
                    "late": verdict.late,
                }
            )
        )
    else:
        _tell(verdict, head)
    return Exit.OK if verdict.is_whole else Exit.AUDIT_BROKEN


def _tell(verdict: object, head: str) -> None:
    from hospital_ops.queries.audit_chain import Verdict

    assert isinstance(verdict, Verdict)
    print(f"{verdict.links} lines of the audit are bound; {verdict.waiting} wait for the next sealing.")
    if verdict.late:
        print(f"{verdict.late} lines are older than an hour and bound by nothing: slipped in, or nothing seals.")
    if verdict.broken:
        print(f"{verdict.broken} Nothing after it is proven.")
        print("With another HOSPITAL_MASTER_KEY than it was sealed with, every chain breaks at its first link.")
        return
    print(f"Head, to be kept elsewhere: {head}")
