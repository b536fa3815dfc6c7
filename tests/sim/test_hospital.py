"""The demo hospital adds up: 300 beds, twelve wards, no bed twice, no person twice."""

from __future__ import annotations

from collections import Counter

from hospital_ops.sim.hospital import ALL_BEDS, DEMO_ACCOUNTS, STAFF, WARDS, beds, room_sizes, walking_metres


def test_three_hundred_beds_in_twelve_wards() -> None:
    assert len(WARDS) == 12
    assert [ward.position for ward in WARDS] == list(range(1, 13))
    assert len(ALL_BEDS) == sum(ward.beds for ward in WARDS) == 300
    assert all(len(beds(ward)) == ward.beds for ward in WARDS)


def test_no_bed_room_or_place_is_used_twice() -> None:
    assert len({bed.label for bed in ALL_BEDS}) == 300
    assert len({(bed.floor, bed.x, bed.y) for bed in ALL_BEDS}) == 300
    wards_of_room: dict[str, set[str]] = {}
    for bed in ALL_BEDS:
        wards_of_room.setdefault(bed.room_number, set()).add(bed.ward_code)
    assert all(len(codes) == 1 for codes in wards_of_room.values())
    assert "405" in wards_of_room


def test_rooms_hold_one_to_four_beds_of_one_sex() -> None:
    assert all(1 <= size <= 4 for ward in WARDS for size in room_sizes(ward))
    sexes: dict[str, set[str]] = {}
    for bed in ALL_BEDS:
        sexes.setdefault(bed.room_number, set()).add(bed.sex_of_room)
    assert all(len(found) == 1 for found in sexes.values())
    shared = {"female", "male"}
    assert all(shared <= {bed.sex_of_room for bed in beds(ward)} for ward in WARDS if ward.sex == "mixed")


def test_every_ward_can_isolate_and_intensive_care_can_watch() -> None:
    assert all(any(bed.isolation for bed in beds(ward)) for ward in WARDS)
    assert all(bed.telemetry for bed in ALL_BEDS if bed.ward_code in ("2A", "3A"))


def test_the_cast_is_large_enough_and_nobody_is_twice_there() -> None:
    roles = Counter(person.role for person in STAFF)
    least = {"housekeeper": 14, "transporter": 10, "bed_manager": 2, "staffing_manager": 1, "desk": 3, "doctor": 24}
    assert all(roles[role] >= count for role, count in least.items())
    usernames = [person.username for person in STAFF] + [account.username for account in DEMO_ACCOUNTS]
    assert len(set(usernames)) == len(usernames)
    names = [person.display_name for person in STAFF] + [account.display_name for account in DEMO_ACCOUNTS]
    assert len(set(names)) == len(names)
    assert all(username.replace(".", "").isascii() and username == username.lower() for username in usernames)


def test_behind_every_post_stand_enough_people_for_seven_days() -> None:
    for ward in WARDS:
        for shift, needed in zip(("day", "evening", "night"), ward.shift_nurses, strict=True):
            own = [p for p in STAFF if p.role == "nurse" and p.ward_codes == (ward.code,) and p.shift == shift]
            assert len(own) >= needed * 7 / 5 > 0


def test_another_floor_is_farther_than_the_next_room() -> None:
    near, next_door, upstairs = beds(WARDS[5])[0], beds(WARDS[5])[4], beds(WARDS[7])[0]
    a, b, c = ((bed.floor, bed.x, bed.y) for bed in (near, next_door, upstairs))
    assert walking_metres(a, b) < 40 < walking_metres(a, c)
    assert walking_metres(a, c) == walking_metres(c, a)
