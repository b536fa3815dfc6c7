"""The audit with a million lines: how long each way of asking for a page takes, the first page and one far back.

    ./hospital bench audit [--json] [--lines 1000000] [--explain]

A server of its own is started and filled with made-up lines of a year, in the proportions of a working day. Times are of
the query that the page uses, on a warm server; `--explain` prints the plan of each.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hospital_ops.infra.embedded import both

REPEATS = 20
# Made-up lines: 0.1 % denied, 60 actions of which few are common, 400 people, twelve wards, a line every half minute.
FILL = """
INSERT INTO audit_entry (at, hospital_at, role, user_id, action, subject_type, subject_id, ward_id, allowed, facts)
SELECT at, at, 'nurse', 1 + (random() * random() * 399)::int,
       (ARRAY['bed', 'task', 'patient', 'staff', 'session', 'rare'])[kind] || '.act_' || (random() * random() * 9)::int,
       (ARRAY['bed', 'task', 'patient', 'user', 'session', 'rare'])[kind],
       (random() * 5000)::int, 1 + (random() * 11)::int, random() > 0.001, '{"old": "dirty", "new": "cleaning"}'
FROM (
    SELECT now() - make_interval(secs => n * 31.5) AS at,
           CASE WHEN n % 100000 = 7 THEN 6 ELSE 1 + (random() * 4)::int END AS kind
    FROM generate_series(1, :lines) AS n
) AS made
"""
PEOPLE = """
INSERT INTO "user" (username, display_name, role, current_status, active, simulated, version)
SELECT 'person' || n, 'Person ' || n, 'nurse', 'off_shift', true, true, 1 FROM generate_series(1, 400) AS n
"""


def main(argv: Sequence[str]) -> int:
    """Run and print. Returns 0."""
    parser = argparse.ArgumentParser(prog="hospital bench audit", description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--explain", action="store_true")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="hospital-bench-") as folder, both(Path(folder), durable=False) as (pg, _):
        os.environ |= {"HOSPITAL_DATABASE_URL": pg.url, "HOSPITAL_DATA_DIR": folder}
        result = _measure(args.lines, explain=args.explain)
    _show(result, as_json=args.json)
    return 0


def _measure(lines: int, *, explain: bool) -> dict[str, Any]:
    from hospital_ops.domain.audit import Question
    from hospital_ops.infra.db import engine
    from hospital_ops.queries.audit import audit_page

    seconds = _fill(lines)
    today = datetime.now(tz=UTC).date()
    questions = {
        "everything": Question(),
        "one person": Question(who="person1"),
        "a person who did little": Question(who="person399"),
        "an action": Question(action="bed.act_1"),
        "a rare kind of thing": Question(subject="rare"),
        "one bed": Question(subject="bed", number=77),
        "a ward": Question(ward=3),
        "denied": Question(denied=True),
        "a day half a year ago": Question(first=today - timedelta(days=180), last=today - timedelta(days=180)),
        "a person's denied": Question(who="person7", denied=True),
        "an action in a ward": Question(action="task.act_9", ward=3),
        "nobody's": Question(who="person399", action="rare.act_0"),
    }
    found: dict[str, Any] = {"lines": lines, "filled_seconds": round(seconds, 1), "pages": {}}
    for name, question in questions.items():
        far = _after(question, lines)
        times = {"first_ms": _median(lambda q=question: audit_page(q)), "far_ms": _median(lambda q=far: audit_page(q))}
        found["pages"][name] = times
        if explain:
            _explain(name, question)
    engine().dispose()
    return found


def _fill(lines: int) -> float:
    from alembic.config import Config
    from sqlalchemy import text

    from alembic import command
    from hospital_ops.config import ROOT
    from hospital_ops.infra.db import engine

    command.upgrade(Config(ROOT / "alembic.ini"), "head")
    began = time.perf_counter()
    with engine().begin() as connection:
        connection.execute(text(PEOPLE))
        connection.execute(text(FILL), {"lines": lines})
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE audit_entry"))
    return time.perf_counter() - began


def _after(question: Any, lines: int) -> Any:
    """The same question, nine tenths of the way back."""
    from dataclasses import replace

    from hospital_ops.domain.audit import Key
    from hospital_ops.queries.clock import real_now

    return replace(question, before=Key(real_now() - timedelta(seconds=lines * 31.5 * 0.9), 2**62))


def _median(call: Callable[[], object]) -> float:
    def once() -> float:
        began = time.perf_counter()
        call()
        return (time.perf_counter() - began) * 1000

    once()
    return round(statistics.median(once() for _ in range(REPEATS)), 1)


def _explain(name: str, question: Any) -> None:
    from sqlalchemy.dialects import postgresql

    from hospital_ops.infra.db import engine, read_session
    from hospital_ops.queries.audit import PAGE, lines

    with read_session() as session:
        wanted = lines(session, question).limit(PAGE + 1)
        words = str(wanted.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))
    with engine().connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) {words}")
        print(f"\n{name}")
        print("\n".join("  " + row[0] for row in plan))


def _show(result: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(result))
        return
    print(
        f"{result['lines']:,} lines, filled in {result['filled_seconds']} s; median of {REPEATS} pages of fifty, in ms"
    )
    for name, times in result["pages"].items():
        print(f"  {name:28} first {times['first_ms']:7.1f}   far back {times['far_ms']:7.1f}")
