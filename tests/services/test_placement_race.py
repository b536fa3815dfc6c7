"""Two people place patients in one bed, a hundred times at once: one wins each time, the other reads why."""

from __future__ import annotations

import json

import pytest

from hospital_ops.infra.embedded import Postgres, Valkey
from tests.own_hospital import own_hospital, run

ROUNDS = 100
# On connections of their own, in a process of its own: each round is two threads behind one barrier.
RACE = """
import json, sys, threading
from sqlalchemy import text
from hospital_ops.domain.access import Actor, Role
from hospital_ops.domain.errors import Refused
from hospital_ops.domain.placement import Isolation
from hospital_ops.infra.db import engine
from hospital_ops.services import beds, placement, stays
from tests.cast import add_patient

manager = Actor(Role.BED_MANAGER, "Mona Manager")
bed_id = int(sys.argv[1])
patients = [add_patient("Ana", f"Race{n}") for n in range(2)]
outcomes = []
for _ in range(int(sys.argv[2])):
    requests = [
        stays.admit(manager, stays.Admission(p, "Cardiac", isolation=Isolation.NONE, sex="female")) for p in patients
    ]
    barrier, said = threading.Barrier(2), {}
    def attempt(request):
        barrier.wait()
        try:
            placement.place(manager, request, bed_id)
            said[request] = "won"
        except Refused as refusal:
            said[request] = refusal.code + ": " + refusal.sentence
    threads = [threading.Thread(target=attempt, args=(r,)) for r in requests]
    [t.start() for t in threads]
    [t.join() for t in threads]
    outcomes.append(sorted(said.values()))
    with engine().connect() as connection:
        lying = connection.execute(text("SELECT count(*) FROM stay WHERE bed_id = :b AND to_at IS NULL"), {"b": bed_id})
        assert lying.scalar_one() == 1
    stays.leave(manager, bed_id)
    beds.mark_clean(manager, bed_id)
    loser = next(r for r in requests if said[r] != "won")
    stays.cancel_admission(manager, loser)
print(json.dumps(outcomes))
"""


@pytest.mark.slow
def test_one_wins_and_the_other_reads_why(servers: tuple[Postgres, Valkey]) -> None:
    with own_hospital(servers[0]) as (environment, ids):
        outcomes = json.loads(run(environment, RACE, str(ids["beds"]["E1"]), str(ROUNDS)).splitlines()[-1])
    assert len(outcomes) == ROUNDS
    for lost, won in outcomes:
        assert won == "won"
        assert lost.startswith("changed_meanwhile: Someone else"), lost
