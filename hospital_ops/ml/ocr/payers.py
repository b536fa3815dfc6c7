"""Names that US payers print alone, without a word of their trade."""

from __future__ import annotations

import re

NAMES = (
    "geha", "surest", "eyemed", "metlife", "guardian", "principal", "highmark", "carefirst", "premera", "regence", "meridian",
    "silverscript", "triple-s", "optum", "umr", "emblemhealth", "fidelis", "healthfirst", "amerigroup", "buckeye", "magellan",
    "harvard pilgrim", "tufts", "geisinger", "upmc", "medica", "sanford", "quartz", "moda", "pacificsource", "selecthealth", "clover",
    "devoted", "iehp", "caloptima", "meritain", "allegiance", "spectera", "vsp", "dentaquest", "ameritas", "lincoln financial", "sun life",
    "unum", "aflac", "hmsa", "bcbs", "hap", "wps", "champva", "railroad retirement board", "medi-cal", "masshealth", "tenncare", "soonercare",
    "peachcare", "husky", "badgercare", "apple health", "denti-cal", "mmm", "nalc", "apwu", "mhbp", "delta dental", "willamette", "elevance",
    "wellpoint", "excellus", "univera", "sentara", "optima", "avmed", "healthspring", "wellsense", "independence", "carelon",
)  # fmt: skip
_NAMED = re.compile(rf"\W*(?:{'|'.join(map(re.escape, NAMES))})\b", re.I)


def is_named(string: str) -> bool:
    """Whether it begins with such a name."""
    return _NAMED.match(string) is not None
