"""Every topic with every role: who may join which room, and what the masked room is spared."""

from __future__ import annotations

import json

import pytest

from hospital_ops.domain.access import Actor, Role
from hospital_ops.services import placement
from hospital_ops.state.feed import Feed
from hospital_ops.state.topic_table import TOPICS
from hospital_ops.state.topics import channel_for
from tests.cast import Cast

# name: rooms joined of those in `ROOMS`; "-" for none. Written out, so that a new permission is seen here.
ROOMS = ("ward east", "ward west", "hospital", "bed E1", "bed W1", "dispatch", "desk")
EXPECTED: dict[str, tuple[str, ...]] = {
    "admin": ("masked", "masked", "masked", "masked", "masked", "masked", "-"),
    "manager": ("full", "full", "full", "full", "full", "full", "-"),
    "staffing": ("masked", "masked", "masked", "masked", "masked", "masked", "-"),
    "desk": ("full", "full", "full", "full", "full", "-", "full"),
    "nurse": ("full", "-", "masked", "full", "-", "-", "-"),
    "nurse_west": ("-", "full", "masked", "-", "full", "-", "-"),
    "doctor": ("full", "-", "masked", "full", "-", "-", "-"),
    "hanna": ("masked", "-", "masked", "masked", "-", "-", "-"),
    "porter": ("masked", "masked", "masked", "masked", "masked", "-", "-"),
}


def topic_of(cast: Cast, words: str) -> str:
    kind, _, name = words.partition(" ")
    ids = {"ward": cast.wards, "bed": cast.beds}.get(kind)
    return f"{kind}:{ids[name]}" if ids else kind


@pytest.mark.parametrize("name", EXPECTED)
def test_each_role_joins_its_rooms_and_no_other(cast: Cast, name: str) -> None:
    actor = cast.as_actor(name)
    found = [channel_for(TOPICS, actor, topic_of(cast, room)) for room in ROOMS]
    assert tuple(channel.variant if channel else "-" for channel in found) == EXPECTED[name]


def test_ones_own_list_is_ones_own(cast: Cast) -> None:
    assert channel_for(TOPICS, cast.hanna, f"user:{cast.people['hanna']}") is not None
    for other in (cast.hugo, cast.manager, cast.admin):
        assert channel_for(TOPICS, other, f"user:{cast.people['hanna']}") is None


def test_a_patient_hears_of_their_registration_alone(cast: Cast) -> None:
    patient = Actor(Role.PATIENT, "patient", registration_id=7)
    joined = [topic for topic in ("registration:7", "registration:8", *TOPICS) if channel_for(TOPICS, patient, topic)]
    assert joined == ["registration:7"]


def test_there_is_no_room_for_what_is_not_there(cast: Cast) -> None:
    for topic in ("bed:999999", "ward", "ward:-", "nothing:1", "", ":", "bed:1e3"):
        assert channel_for(TOPICS, cast.nurse, topic) is None


def test_the_masked_value_names_nobody(cast: Cast) -> None:
    cast.occupy("E1", cast.patient("Zelda", "Quimby"))
    cast.waiting(cast.patient("Zelda", "Quint"))
    for topic in ("ward east", "hospital", "bed E1", "dispatch"):
        kind, _, number = topic_of(cast, topic).partition(":")
        full, masked = (json.dumps(TOPICS[kind].read(int(number or 0), hide), default=str) for hide in (False, True))
        assert "ZQ" not in masked
        assert "Zelda" not in full + masked  # Initials at most, ever.
    ward = TOPICS["ward"].read(cast.wards["east"], False)
    assert ward is not None
    assert ward["beds"][0]["patient"] == "ZQ"


@pytest.mark.parametrize("masked", [False, True], ids=["full", "masked"])
def test_wards_read_together_are_what_each_is_by_itself(cast: Cast, masked: bool) -> None:
    cast.occupy("E1")
    ids = [*cast.wards.values()]
    together = TOPICS["ward"].read_many
    assert together is not None
    found = together([*ids, 999_999], masked)
    alone = {number: TOPICS["ward"].read(number, masked) or {} for number in ids}
    assert {number: {**ward, "at": ""} for number, ward in found.items()} == {
        number: {**ward, "at": ""} for number, ward in alone.items()
    }
    assert [tile["label"] for tile in found[ids[0]]["beds"]] == ["E1", "E2", "E3", "E4"]


def test_every_topic_has_its_var(cast: Cast) -> None:
    cast.occupy("E1")
    for topic in ("ward east", "hospital", "bed E1", "dispatch", "desk"):
        kind, _, number = topic_of(cast, topic).partition(":")
        value = TOPICS[kind].read(int(number or 0), True)
        assert value
        assert TOPICS[kind].var(value) in Feed.base_vars


def test_every_panel_that_names_patients_is_written_down_when_opened() -> None:
    """Pinned by hand: a new topic is looked at here. A patient's page writes its own line, and their own their own."""
    assert {kind for kind, topic in TOPICS.items() if topic.is_look} == {
        "user",
        "dispatch",
        "ward",
        "hospital",
        "bed",
        "desk",
        "verify",
        "own_strain",
        "strain",
        "contests",
    }


def test_a_transferred_patients_page_is_no_longer_the_nurses(cast: Cast) -> None:
    patient = cast.occupy("E1")
    topic = f"patient:{patient}"
    assert channel_for(TOPICS, cast.nurse, topic) is not None
    placement.transfer(cast.manager, cast.beds["E1"], cast.beds["W1"], override="as the scene wants it")
    assert TOPICS["patient"].wanders
    assert channel_for(TOPICS, cast.nurse, topic) is None
    assert channel_for(TOPICS, cast.nurse_west, topic) is not None
    assert topic in cast.topics("bed.status_changed") | cast.topics("stay.moved")
