"""One message, byte by byte: alphabets, escapes, times, identifiers; and what cannot be read is a sentence."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hospital_ops.interop.hl7 import frames, message, profile
from hospital_ops.interop.hl7.message import Message, Unreadable

CHICAGO = ZoneInfo("America/Chicago")
HEAD = "MSH|^~\\&|EHR|NORTH|HOUSE|NORTH|20260302080000||ADT^A01^ADT_A01|17|P|2.5|||AL||USA|{charset}"


def read(*segments: str, charset: str = "", encoding: str = "utf-8") -> Message:
    text = "\r".join([HEAD.format(charset=charset), *segments, ""])
    return message.read(text.encode(encoding), CHICAGO)


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("", "utf-8"),
        ("UNICODE UTF-8", "utf-8"),
        ("8859/1", "latin-1"),
        ("8859/15", "iso8859-15"),
        ("8859/1~", "latin-1"),
    ],
)
def test_a_name_survives_the_alphabet_it_was_sent_in(charset: str, encoding: str) -> None:
    assert read("PID|1||7||Núñez^Søren", charset=charset, encoding=encoding).field("PID", 5) == "Núñez"


def test_escapes_are_read_and_what_was_taken_away_is_nothing() -> None:
    found = read('PID|1||7^^^A&B&ISO||M\\T\\S \\S\\ \\F\\ \\E\\^""', "PV1|1|I")
    assert found.field("PID", 5) == "M&S ^ | \\"
    assert found.field("PID", 5, 2) == ""
    assert found.field("PID", 3, 4) == "A"
    assert (found.field("PV1", 44), found.field("ZZZ", 1), found.field("PID", 3, 1, repeat=2)) == ("", "", "")


def test_numbers_of_twenty_digits_and_several_of_them_are_text() -> None:
    found = read("PID|1||00012^^^X~98765432109876543210^^^Y")
    assert [found.field("PID", 3, repeat=n) for n in (1, 2)] == ["00012", "98765432109876543210"]
    assert (found.repeats("PID", 3), found.repeats("MRG", 1), found.count("PID"), found.count("ZPI")) == (2, 0, 1, 0)


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("20260302", 6, 0),
        ("202603020215", 8, 15),
        ("20260302021559.1234", 8, 15),
        ("20260302021559+0100", 1, 15),
        ("202607020215", 7, 15),
    ],
)
def test_a_time_without_an_offset_is_the_senders(text: str, hour: int, minute: int) -> None:
    found = read(f"EVN|A01|{text}").time("EVN", 2)
    assert found is not None
    assert (found.hour, found.minute, found.tzinfo) == (hour, minute, UTC)


def test_no_time_is_none_and_no_time_at_all_is_refused() -> None:
    assert read("EVN|A01|").time("EVN", 2) is None
    for wrong in ("2026", "20261302", "yesterday", "20260302080000+2900"):
        with pytest.raises(Unreadable) as refused:
            read(f"EVN|A01|{wrong}").time("EVN", 2)
        assert refused.value.code == message.WRONG_TYPE
        assert refused.value.sentence == "EVN-2 should be a time such as 202611240601, and is not."


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", 100, "no HL7 message"),
        (b"PID|1\r", 100, "no HL7 message"),
        (b"MSH|^~\\&", 100, "no HL7 message"),
        (b"MSH|^~\\&|A|B|C|D|20260302||ADT^A01||P|2.5\r", 101, "MSH-10"),
        (b"MSH|^~\\&|A|B|C|D|20260302|||7|P|2.5\r", 101, "MSH-9"),
        (HEAD.format(charset="EBCDIC").encode() + b"\r", 200, "EBCDIC"),
        (HEAD.format(charset="").encode() + b"\rPID|1||7||N\xfa\xf1ez\r", 102, "no other character set"),
        (HEAD.format(charset="UNICODE UTF-8").encode() + b"\rPID|1||7||N\xfa\xf1ez\r", 102, "UNICODE UTF-8"),
    ],
)
def test_what_cannot_be_read_is_a_sentence_with_its_code(data: bytes, code: int, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        message.read(data, CHICAGO)
    assert refused.value.code == code
    assert words in refused.value.sentence


def test_cut_and_garbled_messages_are_read_or_refused_and_nothing_else() -> None:
    whole = HEAD.format(charset="").encode() + b"\rEVN|A01|202603020800\rPID|1||7^^^N||A\\T\\B\rPV1|1|I|E^1^2\r"
    for cut in range(len(whole)):
        for data in (whole[:cut], whole[:cut] + b"\\X\xff\r|" + whole[cut:], whole[cut:]):
            for one in frames.messages(data):
                with suppress(Unreadable):
                    message.read(one, CHICAGO).time("EVN", 2)


def test_frames_end_where_they_say_and_a_last_one_without_its_end_counts() -> None:
    data = b"noise\x0bMSH|a\nPID|b\x1c\r between \x0bMSH|c\r\nPID|d\x1c\n\x0bMSH|e"
    assert list(frames.messages(data)) == [b"MSH|a\rPID|b\r", b"MSH|c\rPID|d\r", b"MSH|e\r"]
    assert list(frames.messages(b"\xef\xbb\xbfMSH|a\r\n\r\nMSH|b\n\n\n")) == [b"MSH|a\r", b"MSH|b\r"]
    assert list(frames.messages(b"\r\n ")) == []
    assert list(frames.messages(b"hello")) == [b"hello\r"]


def test_the_moment_is_utc_whatever_the_offset() -> None:
    assert read("EVN|A01|20261101013000-0600").time("EVN", 2) == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("place = 3", "place should be three numbers"),
        ("place = [1, 2, 0]", "place should be three numbers"),
        ('zone = "Mars/Base"', "zone should be a time zone"),
        ("tracking_moves = 1", "true or false"),
        ("authority = 7", "authority should be a text"),
        ("bed = 3", "It sets bed; there are place"),
        ("place = [1,", "It is not TOML"),
    ],
)
def test_a_profile_that_cannot_be_used_says_why(text: str, words: str) -> None:
    with pytest.raises(profile.ProfileRefused, match=words.replace("(", r"\(")):
        profile.read(text)


def test_a_profile_says_only_what_is_other() -> None:
    found = profile.read('place = [2, 3, 4]\nzone = "America/Chicago"')
    assert (found.place, found.zone, found.authority) == ((2, 3, 4), "America/Chicago", "")
