"""How long before leaving a bed was marked as leaving: the first word counts, it moves along, and it is kept."""

from __future__ import annotations

from typing import Any

from hospital_ops.domain.access import WORKER, Permission
from hospital_ops.domain.stays import DEFAULT_NOTICE_MINUTES, PendingSource
from hospital_ops.infra.db import new_session
from hospital_ops.models import Ward
from hospital_ops.queries.board import bed_story
from hospital_ops.services import placement, stays, undo
from hospital_ops.services.bed_door import lock_bed
from hospital_ops.services.unit_of_work import unit_of_work
from tests.cast import Cast


def notice(cast: Cast, label: str) -> dict[str, Any]:
    value: dict[str, Any] = bed_story(cast.beds[label], masked=True)["notice"]
    return value


def test_since_when_and_how_long_before(cast: Cast) -> None:
    cast.occupy("E1")
    assert notice(cast, "E1") == {}
    said = cast.now
    stays.order_discharge(cast.nurse, cast.beds["E1"])
    waits = {"since": said.isoformat(), "target_minutes": DEFAULT_NOTICE_MINUTES, "minutes": None, "met": None}
    assert notice(cast, "E1") == waits
    cast.later(150)
    stays.leave(cast.nurse, cast.beds["E1"])
    assert notice(cast, "E1") == {**waits, "minutes": 150, "met": True}
    undo.cancel_discharge(cast.nurse, cast.beds["E1"])
    assert notice(cast, "E1") == waits, "still here, and still known since then"


def test_an_order_that_confirms_a_forecast_does_not_begin_the_clock_again(cast: Cast) -> None:
    cast.occupy("E1")
    said = cast.now
    with unit_of_work(WORKER) as work:
        bed = lock_bed(work, cast.beds["E1"], Permission.STAY_DISCHARGE)
        stay, _ = stays.open_stay(work, bed)
        stays.mark_pending(work, bed, stay, PendingSource.PREDICTION)
    cast.later(90)
    stays.order_discharge(cast.nurse, cast.beds["E1"])
    assert notice(cast, "E1")["since"] == said.isoformat()


def test_a_ward_has_a_target_of_its_own(cast: Cast) -> None:
    with new_session() as session:
        session.get_one(Ward, cast.wards["east"]).notice_target_minutes = 240
        session.commit()
    cast.occupy("E1")
    stays.order_discharge(cast.nurse, cast.beds["E1"])
    cast.later(150)
    stays.leave(cast.nurse, cast.beds["E1"])
    found = notice(cast, "E1")
    assert (found["minutes"], found["target_minutes"], found["met"]) == (150, 240, False)


def test_who_left_without_a_word_had_no_notice(cast: Cast) -> None:
    cast.occupy("E1")
    cast.later(600)
    stays.leave(cast.nurse, cast.beds["E1"])
    assert (notice(cast, "E1")["minutes"], notice(cast, "E1")["met"]) == (0, False)


def test_a_word_taken_back_was_never_said(cast: Cast) -> None:
    cast.occupy("E1")
    stays.order_discharge(cast.nurse, cast.beds["E1"])
    cast.later(60)
    stays.withdraw_order(cast.nurse, cast.beds["E1"])
    assert notice(cast, "E1") == {}
    cast.later(60)
    stays.order_discharge(cast.nurse, cast.beds["E1"])
    cast.later(30)
    stays.leave(cast.nurse, cast.beds["E1"])
    assert notice(cast, "E1")["minutes"] == 30


def test_it_goes_along_to_another_bed_and_the_old_one_is_silent(cast: Cast) -> None:
    cast.occupy("E1")
    said = cast.now
    stays.order_discharge(cast.nurse, cast.beds["E1"])
    cast.later(45)
    placement.transfer(cast.nurse, cast.beds["E1"], cast.beds["E2"], override="as the scene wants it")
    assert notice(cast, "E1") == {}
    assert notice(cast, "E2")["since"] == said.isoformat()


def test_nobody_was_marked_who_was_never_there(cast: Cast) -> None:
    cast.occupy("E1")
    stays.order_discharge(cast.nurse, cast.beds["E1"])
    undo.cancel_placement(cast.manager, cast.beds["E1"])
    assert notice(cast, "E1") == {}
