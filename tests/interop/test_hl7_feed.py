"""A feed read from end to end: late, mixed, twice and in pieces, the beds are those of the truth kept beside it."""

from __future__ import annotations

import random

import pytest

from hospital_ops.interop.hl7.feed import Feed
from hospital_ops.interop.hl7.profile import SiteProfile
from tests.interop import flow

PROFILE = SiteProfile(authority="NORTH", zone="UTC")


def framed(messages: list[bytes]) -> bytes:
    return b"".join(b"\x0b" + one + b"\x1c\r" for one in messages)


def read(*files: bytes) -> Feed:
    feed = Feed(PROFILE)
    for number, data in enumerate(files):
        feed.read(f"{number}.mllp", data)
    return feed


@pytest.mark.parametrize("seed", range(12))
def test_the_beds_are_the_truth_in_whatever_order_the_messages_come(seed: int) -> None:
    told = flow.Flow(seed).run(120)
    assert len(told.lying) > 3
    dice = random.Random(seed)
    for mixed in range(4):
        messages = list(told.messages)
        if mixed:
            messages += dice.sample(messages, 30)
            dice.shuffle(messages)
        half = len(messages) // 2
        feed = read(framed(messages[:half]), framed(messages[half:]))
        assert feed.refused == []
        assert feed.twice == (30 if mixed else 0)
        beds = {tuple(place): visit.patient for place, visit in feed.picture.beds.items()}
        assert beds == {bed: patient for patient, bed in told.lying.items()}
        assert {one.code for one in feed.picture.findings} <= {"two_in_a_bed"}


def test_messages_one_after_another_need_no_frames() -> None:
    told = flow.Flow(3).run(40)
    plain = b"\r\n".join(one.replace(b"\r", b"\r\n") for one in told.messages)
    assert read(plain).picture == read(framed(told.messages)).picture


def test_a_message_that_is_refused_leaves_the_others() -> None:
    told = flow.Flow(4).run(60)
    broken = told.messages[5].replace(b"|20260302", b"|yesterday", 2)
    strange = told.messages[6].replace(b"^A", b"^Q", 1)
    feed = read(framed([b"hello", broken, strange, *told.messages[:5]]))
    assert [(one.number, one.code) for one in feed.refused] == [(1, 100), (2, 102), (3, 200)]
    assert "should be a time" in feed.refused[1].sentence
    assert sum(feed.kinds.values()) == 5


def test_the_same_control_id_on_another_message_is_refused_whoever_came_first() -> None:
    first, second = flow.Flow(5).run(10).messages[:2]
    forged = second.replace(b"|2|P", b"|1|P")
    feed = read(framed([first, forged, first]))
    assert (feed.twice, [one.code for one in feed.refused]) == (1, [205])


def test_where_the_bed_stands_and_whose_number_counts_is_the_profiles() -> None:
    data = flow.message(1, "A01", flow.START, flow.person("P7"), "PV1|1|I|North^4A&x^^12^3|||||||||||||||V1")
    feed = Feed(SiteProfile(place=(2, 4, 5), authority="OTHER"))
    feed.read("one", data)
    (place,) = feed.picture.beds
    assert (str(place), feed.picture.beds[place].patient) == ("4A 12 3", "NP7")
    other = Feed(SiteProfile(authority="SOUTH"))
    other.read("one", data)
    assert other.refused[0].sentence == "PID-3 holds no patient's number of SOUTH."


def test_an_arrival_elsewhere_is_a_new_bed_only_where_the_profile_says_so() -> None:
    bed, elsewhere = ("EAST", "1", "A"), ("WEST", "2", "B")
    came = flow.message(1, "A01", flow.START, flow.person("P1"), flow.visit(bed, "1"))
    arrived = flow.message(2, "A10", flow.START.replace(hour=9), flow.person("P1"), flow.visit(elsewhere, "1", bed))
    for tracking, expected in ((False, bed), (True, elsewhere)):
        feed = Feed(SiteProfile(authority="NORTH", tracking_moves=tracking))
        feed.read("two", framed([came, arrived]))
        assert [tuple(one) for one in feed.picture.beds] == [expected]
