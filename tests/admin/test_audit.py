"""The audit: narrowed, paged by key, exported; who looks is written down; no patient's word is shown."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta

import pytest

from hospital_ops.api.audit import COLUMNS
from hospital_ops.domain.audit import Key, Question, read_question, shown_facts
from hospital_ops.domain.errors import Invalid, NotAllowed
from hospital_ops.infra.db import new_session
from hospital_ops.models import AuditEntry
from hospital_ops.queries import audit
from hospital_ops.queries.audit import audit_page, exported
from hospital_ops.queries.clock import real_now
from hospital_ops.services.access import audit_denial
from hospital_ops.services.audit import begin_export, look_into
from hospital_ops.services.unit_of_work import unit_of_work
from hospital_ops.state.audit import address_of
from tests.cast import PASSWORD, Cast
from tests.page_client import PageClient, signed_in

PATH = "/api/audit/export"


def write(cast: Cast, count: int, *, action: str = "bed.mark_clean", who: str = "nurse", **more: object) -> None:
    """Lines of one second each, the newest last; an hour old, so that what the test itself does is newer."""
    at = real_now() - timedelta(hours=1, seconds=count)
    rows = [
        {"action": action, "subject_type": "bed", "subject_id": n, "role": "nurse", "user_id": cast.people[who]} | more
        for n in range(count)
    ]
    with new_session() as session:
        moments = (at + timedelta(seconds=n) for n in range(count))
        session.add_all(AuditEntry(at=at, hospital_at=at, **row) for at, row in zip(moments, rows, strict=True))
        session.commit()


def actions(question: Question) -> list[str]:
    return [row["action"] for row in audit_page(question)["rows"]]


def test_newest_first_a_page_at_a_time_and_nothing_twice(cast: Cast) -> None:
    write(cast, 2 * audit.PAGE + 7)
    question, seen = Question(action="bed.mark_clean"), []
    for _ in range(5):
        page = audit_page(question)
        seen += [int(row["number"]) for row in page["rows"]]
        if not page["older"]:
            break
        question = read_question({"action": "bed.mark_clean", "before": page["older"]})
    assert seen == list(reversed(range(2 * audit.PAGE + 7)))


def test_a_line_of_the_same_moment_is_not_lost_between_pages(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PAGE", 2)
    at = real_now()
    with new_session() as session:
        session.add_all(
            AuditEntry(at=at, hospital_at=at, role="nurse", action="same.moment", subject_type="bed", subject_id=n)
            for n in range(5)
        )
        session.commit()
    question, seen = Question(action="same.moment"), []
    while True:
        page = audit_page(question)
        seen += [row["number"] for row in page["rows"]]
        if not page["older"]:
            break
        question = read_question({"action": "same.moment", "before": page["older"]})
    assert seen == ["4", "3", "2", "1", "0"]


def test_each_filter_narrows(cast: Cast) -> None:
    write(cast, 2)
    write(cast, 1, action="task.offer", who="manager", subject_type="task", ward_id=cast.wards["west"])
    audit_denial(cast.hanna, "POST /api/tasks", code="not_allowed")
    assert actions(Question(who="manager")) == ["task.offer"]
    assert actions(Question(action="task.offer")) == ["task.offer"]
    assert actions(Question(subject="bed")) == ["bed.mark_clean"] * 2
    assert actions(Question(subject="bed", number=1)) == ["bed.mark_clean"]
    assert actions(Question(ward=cast.wards["west"])) == ["task.offer"]
    assert actions(Question(denied=True)) == ["access.deny"]
    assert actions(Question(who="nobody.of.ours")) == []
    assert actions(Question(who="manager", subject="bed")) == []


def test_days_are_the_hospitals_and_both_are_in(cast: Cast) -> None:
    write(cast, 1, action="an.hour_ago")
    today = (real_now() - timedelta(hours=1)).astimezone(audit.ZoneInfo("America/New_York")).date()
    one = Question(action="an.hour_ago")
    day = timedelta(days=1)
    for first, last, there in [
        (today, today, 1),
        (today - day, None, 1),
        (None, today - day, 0),
        (today + day, None, 0),
        (None, today, 1),
    ]:
        assert len(actions(Question(action=one.action, first=first, last=last))) == there


def test_what_can_be_chosen_is_what_there_is(cast: Cast) -> None:
    write(cast, 3)
    write(cast, 1, action="task.offer", subject_type="task")
    choices = audit_page(Question())["choices"]
    assert choices["actions"] == ["bed.mark_clean", "task.offer"]
    assert choices["subjects"] == ["bed", "task"]
    assert [ward["code"] for ward in choices["wards"]] == ["east", "west"]


def test_a_sentence_is_never_shown_whoever_wrote_it_there() -> None:
    facts = {
        "old": "dirty",
        "wards": [3, 4],
        "first": True,
        "address": "2001:db8::1",
        "what": "PUT /api/tasks/{task_id}/complete",
        "gone": None,
        "reason": "Maria Sandoval wants the window",
        "note": "José",
    }
    assert shown_facts(facts) == [
        "old: dirty",
        "wards: 3, 4",
        "first: yes",
        "address: 2001:db8::1",
        "what: PUT /api/tasks/{task_id}/complete",
        "reason: (words not shown)",
        "note: (words not shown)",
    ]


def test_a_patients_day_leaves_no_name_in_it(cast: Cast) -> None:
    cast.occupy("E1", cast.patient("Zelda", "Quimby"))
    words = json.dumps(audit_page(Question())) + json.dumps(list(exported(Question(), real_now())))
    assert "Zelda" not in words
    assert "Quimby" not in words


# --- The question --------------------------------------------------------------------------------------------------------


def test_a_question_comes_back_from_its_address() -> None:
    from urllib.parse import parse_qsl, urlsplit

    asked = Question("nurse", "bed.mark_clean", "bed", 7, 3, date(2026, 11, 1), date(2026, 11, 24), denied=True)
    assert read_question(dict(parse_qsl(urlsplit(address_of(asked)).query))) == asked
    assert address_of(Question()) == "/admin/audit"
    key = Key(real_now(), 4711)
    assert read_question({"before": str(key)}).before == key


@pytest.mark.parametrize(
    "given",
    [
        {"who": "x' OR 1=1"},
        {"action": "bed.mark clean"},
        {"number": "-1"},
        {"number": "99999999999"},
        {"ward": "east"},
        {"first": "yesterday"},
        {"first": "2026-11-24", "last": "2026-11-01"},
        {"before": "0_x"},
        {"before": "1e400_1"},
        {"before": "nan_1"},
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(given: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        read_question(given)


# --- Who looks -----------------------------------------------------------------------------------------------------------


def test_a_look_is_written_down_once_a_question_not_once_a_page(cast: Cast) -> None:
    look_into(cast.admin, Question(action="bed.mark_clean", denied=True))
    look_into(cast.admin, read_question({"action": "bed.mark_clean", "before": str(Key(real_now(), 7))}))
    [line] = cast.audited("audit.read")
    assert (line.user_id, line.facts) == (cast.people["admin"], {"asked_action": "bed.mark_clean", "asked_denied": "1"})


@pytest.mark.parametrize("name", ["nurse", "manager", "staffing", "desk", "feed"])
def test_nobody_else_may(cast: Cast, name: str) -> None:
    for door in (look_into, begin_export):
        with pytest.raises(NotAllowed):
            door(cast.as_actor(name), Question())
    assert cast.audited("audit.export") == cast.audited("audit.read") == []


def test_the_file_is_what_was_asked_and_is_written_down(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "BATCH", 3)
    write(cast, 8)
    write(cast, 2, action="task.offer")
    opened, _ = signed_in("admin", PASSWORD)
    answer = opened.send(PATH, action="bed.mark_clean")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert tuple(rows[0]) == COLUMNS
    assert [row["subject_id"] for row in rows] == [str(n) for n in reversed(range(8))]
    assert {row["username"] for row in rows} == {"nurse"}
    [line] = cast.audited("audit.export")
    assert line.facts == {"asked_action": "bed.mark_clean"}


def test_its_own_line_is_not_in_it(cast: Cast) -> None:
    opened, _ = signed_in("admin", PASSWORD)
    rows = list(csv.DictReader(io.StringIO(opened.send(PATH).text)))
    assert [row["action"] for row in rows] == ["session.begin"]


def test_a_spreadsheet_runs_nothing_from_it(cast: Cast) -> None:
    with unit_of_work(cast.admin) as work:
        work.record("=cmd", "bed", 1)
    opened, _ = signed_in("admin", PASSWORD)
    assert "'=cmd" in opened.send(PATH).text


def test_the_file_is_for_whoever_reads_the_audit_and_for_our_own_page(cast: Cast) -> None:
    nurse, _ = signed_in("nurse", PASSWORD)
    admin, _ = signed_in("admin", PASSWORD)
    stranger, elsewhere = PageClient(), PageClient("https://evil.example")
    elsewhere.cookies = admin.cookies
    assert [one.send(PATH).status_code for one in (nurse, stranger, elsewhere)] == [403, 401, 403]
    assert admin.send(PATH, number="x").status_code == 422
    assert cast.audited("audit.export") == []
