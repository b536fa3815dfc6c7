"""Nobody but the person reads their strain index: asked of every topic, every route and every module there is."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from hospital_ops.api import routes_of
from hospital_ops.domain.access import PERMISSIONS, Actor, Role
from hospital_ops.infra.db import new_session
from hospital_ops.models import StrainIndex
from hospital_ops.state.topic_table import TOPICS
from hospital_ops.state.topics import channel_for
from tests.api.client import Api, app
from tests.cast import PEOPLE, Cast
from tests.services.strain_scenes import scored
from tests.state.test_announced import ids_of

ROOT = Path(__file__).resolve().parents[2] / "hospital_ops"
PLANTED = "planted-cause-8731"
# Who may touch what is sealed, and who may call its one reader.
MAY_TOUCH = {
    "models/strain.py",
    "models/__init__.py",
    "services/strain.py",
    "services/strain_contests.py",
    "queries/strain.py",
}
MAY_READ = {"queries/strain.py", "state/topic_table.py"}


@pytest.fixture
def planted(cast: Cast) -> int:
    """The nurse's index carries a word that nothing else in the house has. Returns her id."""
    user_id = scored(cast)
    with new_session() as session:
        row = session.get_one(StrainIndex, user_id)
        told = json.loads(row.told or "{}")
        told["causes"][0]["words"] = PLANTED
        row.told = json.dumps(told)
        session.add(row)
        session.commit()
    return user_id


def everybody(cast: Cast) -> list[Actor]:
    """The cast, and one of each role that has no ward, no account, or a patient's link."""
    return [cast.as_actor(name) for name in PEOPLE] + [Actor(role, role.value) for role in Role]


def test_every_role_is_asked(cast: Cast) -> None:
    assert {actor.role for actor in everybody(cast)} == set(PERMISSIONS)


def test_no_topic_gives_it_to_anybody_else(cast: Cast, planted: int) -> None:
    """Each topic that each person may join, read as it would be sent to them."""
    readers = set()
    for kind, topic in TOPICS.items():
        for number in {0, planted, *ids_of(cast, kind), *cast.people.values()}:
            name = f"{kind}:{number}" if number else kind
            for actor in everybody(cast):
                if (channel := channel_for(TOPICS, actor, name)) is None:
                    continue
                value = topic.read(number, channel.variant == "masked")
                if PLANTED in json.dumps(value, default=str):
                    readers.add((kind, number, actor.user_id))
    assert readers == {("own_strain", planted, planted)}


def test_no_route_gives_it_to_anybody(cast: Cast, planted: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from hospital_ops.infra import passwords
    from tests.cast import PASSWORD

    monkeypatch.setattr(passwords._context, "verify_and_update", lambda given, hashed: (given == PASSWORD, None))
    api, asked = Api(), 0
    reads = [route.path for route in routes_of(app()) if "GET" in (route.methods or ())]
    for path in reads:
        for number in (planted, 1):
            concrete = path
            while "{" in concrete:
                before, _, rest = concrete.partition("{")
                concrete = f"{before}{number}{rest.partition('}')[2]}"
            for name in PEOPLE:
                for how in ({"who": name}, {"page": name}):
                    if name == "feed" and "page" in how:
                        continue
                    answer = api.get(concrete, **how)
                    asked += answer.status_code == 200
                    assert PLANTED not in answer.text, (path, name)
    assert asked > 20


def test_no_other_module_touches_it() -> None:
    """A new page, route or job that wants an index fails here first."""
    touching, reading = set(), set()
    for file in ROOT.rglob("*.py"):
        names = {
            alias.name
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        defined = {
            node.name for node in ast.parse(file.read_text()).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        }
        place = str(file.relative_to(ROOT))
        touching |= {place} if "StrainIndex" in names | defined else set()
        reading |= {place} if "own_strain" in names | defined and place != "domain/events.py" else set()
    assert touching == MAY_TOUCH
    assert reading == MAY_READ


def test_a_look_is_written_down_before_the_first_value(cast: Cast, planted: int) -> None:
    assert all(TOPICS[kind].is_look for kind in ("own_strain", "strain", "contests"))
