"""One ward by its address, and the wall: each person's own wards only, and on the wall nobody's name."""

from __future__ import annotations

import pytest

from hospital_ops.domain.errors import NotAllowed, NotFound
from hospital_ops.queries.places import ward_of_code
from hospital_ops.state.routes import BY_PATH, topics_of
from hospital_ops.state.ward import one_ward
from tests.cast import Cast


def test_a_ward_is_found_by_its_code_however_it_is_typed(cast: Cast) -> None:
    for code in ("east", "EAST", "East"):
        found = ward_of_code(code)
        assert found is not None
        assert (found.ward_id, found.position, found.code) == (cast.wards["east"], 1, "east")
    for code in ("", "nowhere", "ea%", "east ", "' OR 1=1 --"):
        assert ward_of_code(code) is None


def test_its_page_watches_that_ward_alone(cast: Cast) -> None:
    for code in ("east", "EAST"):
        assert topics_of("/board/[ward]", cast.nurse, {"ward": code}) == ["hospital", f"ward:{cast.wards['east']}"]


@pytest.mark.parametrize("code", ["west", "nowhere", ""])
def test_another_ward_or_none_is_not_watched(cast: Cast, code: str) -> None:
    assert topics_of("/board/[ward]", cast.nurse, {"ward": code}) == []


def test_the_house_wide_watch_any_ward(cast: Cast) -> None:
    for ward in ("east", "west"):
        assert f"ward:{cast.wards[ward]}" in topics_of("/board/[ward]", cast.manager, {"ward": ward})


def test_a_ward_that_is_not_there_is_said_so(cast: Cast) -> None:
    with pytest.raises(NotFound, match="no ward of that name"):
        one_ward(cast.nurse, "9Z")
    assert cast.audited("access.deny") == []


def test_another_ward_is_refused_and_written_down(cast: Cast) -> None:
    assert one_ward(cast.nurse, "east").position == 1
    before = len(cast.audited())
    with pytest.raises(NotAllowed, match="not one of yours") as refusal:
        one_ward(cast.nurse, "west")
    assert refusal.value.code == "not_your_ward"
    (line,) = cast.audited()[before:]
    assert (line.action, line.user_id) == ("access.deny", cast.people["nurse"])


def test_the_wall_is_the_one_page_without_names() -> None:
    assert [path for path, route in BY_PATH.items() if route.masked] == ["/wall"]


def test_the_wall_watches_what_the_board_watches(cast: Cast) -> None:
    for actor in (cast.nurse, cast.manager, cast.porter):
        assert topics_of("/wall", actor, {}) == topics_of("/board", actor, {})
