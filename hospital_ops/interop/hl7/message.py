"""One HL7 v2 message, read field by field: text, identifiers, places and times. Versions 2.1 to 2.8."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import hl7

# MSH-18, table 0211. What is not said is UTF-8, which ASCII is part of.
CHARSETS = {
    "": "utf-8",
    "ASCII": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UNICODE": "utf-8",
    "UTF-8": "utf-8",
    "UNICODE UTF-16": "utf-16",
    "ISO IR87": "iso2022_jp",
    "GB 18030-2000": "gb18030",
    "BIG-5": "big5",
    "KS X 1001": "euc_kr",
    **{f"8859/{part}": f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)},
}
_TIME = re.compile(r"(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:\.\d+)?([+-]\d{4})?$")


class Unreadable(Exception):
    """A message that cannot be used. `code` is that of table 0357, which an acknowledgement carries in ERR-3."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


SEGMENT_ORDER, FIELD_MISSING, WRONG_TYPE, NOT_SUPPORTED, DUPLICATE_KEY = 100, 101, 102, 200, 205


@dataclass(frozen=True)
class Message:
    """Fields by segment, number, repetition and component, all counted from one as the standard does; "" where nothing is said."""

    parsed: hl7.Message
    zone: ZoneInfo

    def field(self, segment: str, field: int, component: int = 1, *, nth: int = 1, repeat: int = 1) -> str:
        """Escapes read (`\\T\\` is &). `nth`: of segments of that name. Two quotes say that a value was taken away."""
        try:
            value = str(self.parsed.extract_field(segment, nth, field, repeat, component))
        except (KeyError, IndexError):
            return ""
        return "" if value == '""' else value.strip()

    def count(self, segment: str) -> int:
        return sum(str(one[0]) == segment for one in self.parsed)

    def repeats(self, segment: str, field: int, *, nth: int = 1) -> int:
        try:
            return len(self.parsed.segments(segment)[nth - 1](field))
        except (KeyError, IndexError):
            return 0

    def time(self, segment: str, field: int, *, nth: int = 1) -> datetime | None:
        """In UTC; a time without an offset is one of the sender's zone. None where there is none.

        Raises Unreadable for something that is no time.
        """
        text = self.field(segment, field, nth=nth)
        if not text:
            return None
        found = _TIME.match(text)
        try:
            if found is None or found[3] is None:
                raise ValueError
            parts = [int(part or 0) for part in found.groups()[:6]]
            zone = _offset(found[7]) if found[7] else self.zone
            return datetime(*parts, tzinfo=zone).astimezone(UTC)  # type: ignore[misc, arg-type]
        except (ValueError, OverflowError):
            raise Unreadable(
                WRONG_TYPE, f"{segment}-{field} should be a time such as 202611240601, and is not."
            ) from None

    @property
    def kind(self) -> str:
        """Message code and trigger event: "ADT^A01"."""
        return f"{self.field('MSH', 9)}^{self.field('MSH', 9, 2)}".rstrip("^")

    @property
    def key(self) -> str:
        """Sender and control id: the same twice is the same message."""
        return "|".join((self.field("MSH", 3), self.field("MSH", 4), self.field("MSH", 10)))


def _offset(text: str) -> timezone:
    return timezone((-1 if text[0] == "-" else 1) * timedelta(hours=int(text[1:3]), minutes=int(text[3:])))


def read(data: bytes, zone: ZoneInfo) -> Message:
    """A message's bytes, as `frames.messages` gives them. Raises Unreadable."""
    if not data.startswith(b"MSH") or len(data) < 9:
        raise Unreadable(SEGMENT_ORDER, "It does not begin with an MSH segment, so it is no HL7 message.")
    try:
        parsed = hl7.parse(_text(data))
    except (hl7.HL7Exception, IndexError) as error:
        raise Unreadable(SEGMENT_ORDER, "Its segments cannot be told apart.") from error
    message = Message(parsed, zone)
    for field, name in ((9, "what kind of message it is"), (10, "its control id")):
        if not message.field("MSH", field):
            raise Unreadable(FIELD_MISSING, f"MSH-{field} is empty: it does not say {name}.")
    return message


def _text(data: bytes) -> str:
    header = data.split(b"\r", 1)[0].split(data[3:4])
    # A repetition would name a second alphabet, switched to by escapes; the first is what everything begins in.
    name = header[17].split(b"~")[0].decode("ascii", "replace").strip().upper() if len(header) > 17 else ""
    if name not in CHARSETS:
        raise Unreadable(NOT_SUPPORTED, f"MSH-18 names the character set {name!r}, which is not read here.")
    try:
        return data.decode(CHARSETS[name])
    except UnicodeDecodeError as error:
        said = f"MSH-18 says {name}" if name else "MSH-18 names no other character set"
        raise Unreadable(WRONG_TYPE, f"Its bytes are not {CHARSETS[name]}, though {said}.") from error
