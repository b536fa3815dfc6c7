"""`hl7`: read files of a hospital's HL7 v2 feed and say what would become of them. Needs no database and no server."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hospital_ops.exits import Exit, Refusal

if TYPE_CHECKING:
    from hospital_ops.interop.hl7.feed import Feed
    from hospital_ops.interop.hl7.profile import SiteProfile

SHOWN = 20  # of refused messages and findings, without --json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="MLLP frames, or messages one after another"
    )
    parser.add_argument("--profile", type=Path, metavar="FILE.toml", help="what is this hospital's own about its feed")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def run(args: argparse.Namespace) -> int:
    from hospital_ops.interop.hl7.feed import Feed
    from hospital_ops.interop.hl7.profile import SiteProfile

    feed = Feed(_profile(args.profile) if args.profile else SiteProfile())
    for path in args.files:
        feed.read(path.name, _bytes(path))
    if not feed.kinds and not feed.refused:
        raise Refusal(Exit.DATA_REFUSED, f"There is no message in {', '.join(path.name for path in args.files)}.")
    found = document(feed)
    print(json.dumps(found, indent=2) if args.json else "\n".join(_lines(found)))
    return Exit.OK


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refusal(Exit.DATA_REFUSED, f"{path} cannot be read: {error.strerror}.") from error


def _profile(path: Path) -> SiteProfile:
    from hospital_ops.interop.hl7 import profile

    try:
        return profile.read(_bytes(path).decode())
    except UnicodeDecodeError as error:
        raise Refusal(Exit.DATA_REFUSED, f"{path} is not UTF-8 text.") from error
    except profile.ProfileRefused as error:
        raise Refusal(Exit.DATA_REFUSED, f"{path} is no profile of a feed. {error}") from error


def document(feed: Feed) -> dict[str, Any]:
    """What `--json` prints: counts, places, codes and sentences; no patient is named in it."""
    picture = feed.picture
    open_ = [one for one in picture.visits if one.ended_at is None]
    return {
        "messages": dict(feed.kinds.most_common()),
        "came_twice": feed.twice,
        "refused": [one._asdict() for one in feed.refused],
        "visits": {
            "told_of": len(picture.visits),
            "ended": len(picture.visits) - len(open_),
            "open_without_bed": sum(one.place is None for one in open_),
            "away": sum(one.away for one in open_),
        },
        "occupied_beds": picture.by_ward(),
        "findings": [{"code": one.code, "about": one.about, "sentence": one.sentence} for one in picture.findings],
    }


def _lines(found: dict[str, Any]) -> list[str]:
    visits, beds = found["visits"], found["occupied_beds"]
    refused = [f"  {one['file']}, message {one['number']}: {one['sentence']}" for one in found["refused"]]
    findings = [f"  {one['about']}: {one['sentence']}" for one in found["findings"]]
    return [
        f"{sum(found['messages'].values())} messages read, {found['came_twice']} came twice, {len(refused)} refused",
        *(f"  {kind:<16} {n}" for kind, n in found["messages"].items()),
        f"{visits['told_of']} visits: {visits['ended']} ended, {visits['open_without_bed']} open without a bed, {visits['away']} away",
        f"{sum(beds.values())} beds occupied",
        *(f"  {ward:<16} {n}" for ward, n in beds.items()),
        *_some("Refused", refused),
        *_some("To look at", findings),
    ]


def _some(heading: str, lines: list[str]) -> list[str]:
    more = [f"  … and {len(lines) - SHOWN} more; --json has them all"] if len(lines) > SHOWN else []
    return [f"{heading}: {len(lines)}", *lines[:SHOWN], *more] if lines else []
