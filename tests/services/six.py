"""The six questions that every action answers, asked in one place.

A noun's module tells each action's scene and what is expected; the questions themselves stand here:

    ACTIONS = [Action(beds.mark_clean, dirty_bed, who="nurse", ...)]

    @pytest.mark.parametrize("action", ACTIONS, ids=str)
    class TestSixQuestions(SixQuestions): ...

A sweep, which nobody races and no ward limits, answers the same questions by a class of its own in its noun's module.
`test_every_action.py` fails for an action of the hospital's rules that no module tells of.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlmodel import col, select

from hospital_ops.domain.access import Actor
from hospital_ops.domain.errors import NotAllowed, Refused
from hospital_ops.infra.db import read_session
from hospital_ops.models import AuditEntry, Bed, OutboxEvent
from tests.cast import Cast, fresh

Given = dict[str, Any]


@dataclass(frozen=True)
class Action:
    """One public action of a service.

    `scene` sets the stage and returns the action's arguments. `audit` and `events` are all that one call writes, by name
    and in order. `again`: the code of the refusal when it is done twice, "" when the second time does nothing.
    `rival` is what somebody else does first, `told` the code that the loser then reads ("": both asked for the same, and
    it is done); without a rival the action takes the row's version, and a stale one is refused. `no_ward` says why there is no wrong ward to ask about.
    """

    service: Callable[..., Any]
    scene: Callable[[Cast], Given]
    who: str
    works: Callable[[Cast, Given], bool]
    audit: tuple[str, ...]
    events: tuple[str, ...]
    wrong_role: str
    wrong_ward: str = ""
    ward_code: str = "not_your_ward"
    no_ward: str = ""
    again: str = ""
    rival: Callable[[Cast, Given], object] | None = None
    told: str = "changed_meanwhile"
    named: str = ""

    def __str__(self) -> str:
        return self.named or self.service.__name__

    def do(self, cast: Cast, given: Given, who: str = "", **more: Any) -> Any:
        return self.service(actor_of(cast, who or self.who), **(given | more))

    @property
    def takes_version(self) -> bool:
        return "version" in inspect.signature(self.service).parameters


def actor_of(cast: Cast, name: str) -> Actor:
    """Somebody of the cast; "desk of west" is the desk with that one ward."""
    who, _, ward = name.partition(" of ")
    actor = cast.as_actor(who)
    return replace(actor, ward_ids=frozenset({cast.wards[ward]})) if ward else actor


@dataclass(frozen=True)
class Written:
    """What the database has been told so far."""

    audit: list[AuditEntry]
    events: list[OutboxEvent]

    @classmethod
    def now(cls) -> Written:
        with read_session() as session:
            audit = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
            return cls(list(audit), list(session.exec(select(OutboxEvent).order_by(col(OutboxEvent.id)))))

    def since(self, before: Written) -> Written:
        return Written(self.audit[len(before.audit) :], self.events[len(before.events) :])

    @property
    def names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return tuple(line.action for line in self.audit), tuple(event.name for event in self.events)


def bed_is(status: str) -> Callable[[Cast, Given], bool]:
    """For `works`: the bed that was given has this status."""
    return lambda cast, given: fresh(Bed, given["bed_id"]).status == status


def task_is(status: str) -> Callable[[Cast, Given], bool]:
    """For `works`: the task that was given has this status."""
    return lambda cast, given: cast.task(given["task_id"]).status == status


def nothing_written(before: Written) -> bool:
    return Written.now().since(before).names == ((), ())


class SixQuestions:
    """Inherited by each noun's module, with `action` parametrised."""

    def test_it_works(self, cast: Cast, action: Action) -> None:
        given = action.scene(cast)
        assert not action.works(cast, given), "the scene alone must not look like the outcome"
        action.do(cast, given)
        assert action.works(cast, given)

    def test_the_wrong_role_may_not(self, cast: Cast, action: Action) -> None:
        given = action.scene(cast)
        before = Written.now()
        with pytest.raises(NotAllowed) as refusal:
            action.do(cast, given, action.wrong_role)
        assert refusal.value.code == "not_allowed"
        assert nothing_written(before)

    def test_the_wrong_ward_may_not(self, cast: Cast, action: Action) -> None:
        given = action.scene(cast)
        if action.no_ward:
            assert not action.wrong_ward
            return
        before = Written.now()
        with pytest.raises(Refused) as refusal:
            action.do(cast, given, action.wrong_ward)
        assert refusal.value.code == action.ward_code
        assert nothing_written(before)

    def test_twice_changes_nothing_more(self, cast: Cast, action: Action) -> None:
        given = action.scene(cast)
        action.do(cast, given)
        before = Written.now()
        if action.again:
            with pytest.raises(Refused) as refusal:
                action.do(cast, given)
            assert refusal.value.code == action.again
        else:
            action.do(cast, given)
        assert nothing_written(before)
        assert action.works(cast, given)

    def test_the_loser_of_a_race_is_told(self, cast: Cast, action: Action) -> None:
        given = action.scene(cast)
        more: Given = {}
        if action.rival is not None:
            action.rival(cast, given)
        else:
            assert action.takes_version, "tell what a rival does"
            more = {"version": 0}  # As somebody saw the bed before others changed it.
        before = Written.now()
        if not action.told:
            action.do(cast, given)
            assert nothing_written(before)
            return
        with pytest.raises(Refused) as refusal:
            action.do(cast, given, **more)
        assert refusal.value.code == action.told
        assert refusal.value.sentence.endswith((".", "?"))
        assert nothing_written(before)

    def test_audit_and_event_are_written(self, cast: Cast, action: Action) -> None:
        given = action.scene(cast)
        before = Written.now()
        action.do(cast, given)
        written = Written.now().since(before)
        assert written.names == (action.audit, action.events)
        assert {line.user_id for line in written.audit} == {actor_of(cast, action.who).user_id}
        assert all(line.allowed for line in written.audit)
        told = json.dumps([line.facts for line in written.audit] + [event.facts for event in written.events])
        assert not [name for name in ("Maria", "Sandoval") if name in told], "ids only, never a patient's words"
        assert all(event.topics for event in written.events)
