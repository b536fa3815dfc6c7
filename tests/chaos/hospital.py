"""A whole house to break: two web processes, worker, relay and clock on servers of their own, with the cast of
tests/cast.py in it, and the words by which the tests look at what has happened."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import text
from sqlmodel import select

from benchmarks.house import House
from hospital_ops.domain.documents import Side, comparable
from hospital_ops.infra.bus import redis_client
from hospital_ops.infra.db import engine, read_session
from hospital_ops.models import Document, DocumentField, Registration
from hospital_ops.services import beds, stays
from tests.cast import PASSWORD, Cast, fresh
from tests.chaos.observer import Observer
from tests.chaos.waiting import until
from tests.contract.browser import Browser
from workers.relay import LOST_SECONDS, NOTED

CARDS = Path(__file__).resolve().parent.parent / "data" / "cards"
TRUTH = json.loads((CARDS / "truth.json").read_text())
CARD = "front_maria.jpg"
READ = frozenset({"read", "unsure"})
ON_ITS_WAY = frozenset({"received", "reading"})


# What was sent and has no consumer's note.
LOST = """SELECT event.id FROM outbox_event AS event JOIN unnest(CAST(:keys AS text[]), CAST(:notes AS text[])) AS asked(key, note)
    ON asked.key IN (event.name, event.name || ':' || (event.facts->>'job'))
    LEFT JOIN handled ON handled.event_id = event.id AND handled.consumer = asked.note WHERE handled.event_id IS NULL"""


def lost() -> list[int]:
    """The events that somebody must act on and nobody has, in order."""
    keys, notes = [key for key, _ in NOTED], [note for _, note in NOTED]
    with engine().connect() as connection:
        return sorted(connection.execute(text(LOST), {"keys": keys, "notes": notes}).scalars())


@dataclass
class Phone:
    """A patient's phone: a registration of its own, held by one web process."""

    base: str
    cookie: str
    registration_id: int

    def send(self, side: Side = Side.INSURANCE_FRONT, card: str = CARD) -> int:
        """Photograph a card. Returns the document's id."""
        answer = requests.put(
            f"{self.base}/api/intake/document/{side.value}",
            data=(CARDS / card).read_bytes(),
            headers={"Origin": self.base, "Cookie": self.cookie, "Content-Type": "image/jpeg"},
            timeout=20,
        )
        assert answer.status_code == 202, answer.text
        return int(answer.json()["id"])


@dataclass
class Hospital:
    """The house, who is in it, and the pages that are open."""

    house: House
    cast: Cast
    password: str = PASSWORD
    open_pages: list[Observer] = field(default_factory=list)

    # --- people ----------------------------------------------------------------------------------------------------

    def sign_in(self, name: str, web: int = 0) -> Browser:
        browser = Browser(self.house.urls[web])
        answer = browser.sign_in(name, self.password)
        assert answer.headers["location"] == "/board", answer.headers["location"]
        return browser

    def board(self, web: int = 0, name: str = "manager") -> Observer:
        """The bed manager's board on one of the web processes, already true."""
        topics = ["hospital", *(f"ward:{number}" for number in self.cast.wards.values())]
        return self.watch(web, self.sign_in(name, web).cookie, "/board", topics)

    def watch(self, web: int, cookie: str, page: str, topics: list[str]) -> Observer:
        observer = Observer(self.house.urls[web], cookie, page, topics)
        self.open_pages.append(observer)
        observer.settles(20)
        return observer

    def close_pages(self) -> None:
        for page in self.open_pages:
            page.close()
        self.open_pages.clear()

    def phone(self, web: int = 0) -> Phone:
        """Somebody begins to register."""
        base = self.house.urls[web]
        answer = requests.post(f"{base}/api/intake/start", headers={"Origin": base}, allow_redirects=False, timeout=10)
        assert answer.headers["location"] == "/intake", answer.headers["location"]
        with read_session() as session:
            newest = session.exec(select(Registration.id).order_by(Registration.id.desc())).first()  # type: ignore[union-attr]
        return Phone(base, "; ".join(f"{n}={v}" for n, v in answer.cookies.items()), newest or 0)

    def page_of(self, phone: Phone) -> Observer:
        """The patient's own page, on the web process that the phone has reached."""
        web = self.house.urls.index(phone.base)
        return self.watch(web, phone.cookie, "/intake", [f"registration:{phone.registration_id}"])

    def empty(self, *labels: str) -> None:
        """Whoever lies there leaves, and the bed is cleaned."""
        for label in labels:
            stays.leave(self.cast.manager, self.cast.beds[label])
            beds.mark_clean(self.cast.manager, self.cast.beds[label])

    # --- parts -----------------------------------------------------------------------------------------------------

    def health(self, web: int = 0) -> tuple[int, dict[str, Any]]:
        """(HTTP status, what /api/health says)."""
        answer = requests.get(f"{self.house.urls[web]}/api/health", timeout=20)
        return answer.status_code, answer.json()

    def make_whole(self, seconds: float = 90.0) -> None:
        """Start whatever is dead, thaw the rest, and wait until every part is well and nothing is left to do."""
        for name in ("postgres", "valkey", *self.house.programs):
            if self.house.runs(name):
                self.house.thaw(name)
            else:
                self.house.begin_again(name)
        for web in range(len(self.house.urls)):
            until(lambda web=web: self.health(web)[1]["status"] == "ok", seconds, lambda: str(self.health()))  # type: ignore[misc]
        self.quiet(seconds)

    def quiet(self, seconds: float = 60.0) -> None:
        """Wait until everything that was asked for is done: nothing unsent, nothing queued, no card on its way."""
        until(lambda: not self.left_to_do(), seconds, lambda: str(self.left_to_do()))

    def left_to_do(self) -> dict[str, int]:
        left = {
            "unsent": self.count("SELECT count(*) FROM outbox_event WHERE sent_at IS NULL"),
            "cards": self.count("SELECT count(*) FROM document WHERE status IN ('received', 'reading')"),
            "queued": self.queued(),
            "in_hand": int(redis_client().hlen("unacked")),
        }
        return {name: number for name, number in left.items() if number}

    def queued(self) -> int:
        """How many messages lie in Celery's queue."""
        return int(redis_client().llen("hospital"))

    def forget_queue(self) -> None:
        """Every message of Celery's, lying or held, is gone, as one is that fell between the queue and its worker."""
        redis_client().delete("hospital", "unacked", "unacked_index")

    def give_again(self) -> None:
        """What Celery does three minutes after a worker's death, now: what nobody has acknowledged goes out again."""
        client = redis_client()
        tags = client.zrange("unacked_index", 0, -1)
        if tags:
            client.zadd("unacked_index", dict.fromkeys(tags, 0))

    def search(self) -> None:
        """What the relay does some minutes after a task was lost, now: what was sent and left no note goes out again."""
        with engine().begin() as connection:
            connection.execute(text("UPDATE outbox_event SET sent_at = sent_at - interval '1 hour' WHERE attempts < 3"))
        until(lambda: not lost(), 2 * LOST_SECONDS, lambda: f"events {lost()} left no trace")

    # --- what the database says ------------------------------------------------------------------------------------

    def count(self, statement: str, **values: Any) -> int:
        with engine().connect() as connection:
            return int(connection.execute(text(statement), values).scalar_one())

    def ids(self, statement: str) -> dict[str, int]:
        with engine().connect() as connection:
            return {row[0]: row[1] for row in connection.execute(text(statement))}

    def audited(self, action: str, subject_id: int) -> int:
        """How often something was done to one thing."""
        found = "SELECT count(*) FROM audit_entry WHERE action = :action AND subject_id = :id"
        return self.count(found, action=action, id=subject_id)

    def finished(self, document_id: int, seconds: float = 120.0) -> Document:
        """The photo, once it is read or given up."""
        until(
            lambda: fresh(Document, document_id).status not in ON_ITS_WAY,
            seconds,
            lambda: f"{fresh(Document, document_id)} {self.left_to_do()}",
        )
        return fresh(Document, document_id)

    def assert_read_once(self, document_id: int, card: str = CARD) -> None:
        """One reading, of the right card; no upload as it came is kept, and the clean picture is there."""
        document = fresh(Document, document_id)
        assert document.status in READ
        assert (document.raw_file, document.reading_since) == (None, None)
        assert document.clean_file is not None
        assert self.audited("document.finish_reading", document_id) == 1
        told = "SELECT count(*) FROM outbox_event WHERE name = 'document.read' AND facts->>'document_id' = :id"
        assert self.count(told, id=str(document_id)) == 1
        with read_session() as session:
            rows = session.exec(select(DocumentField).where(DocumentField.document_id == document_id)).all()
            read = {row.name: row.value or "" for row in rows}
        assert comparable("member_id", read["member_id"]) == comparable("member_id", TRUTH[card]["fields"]["member_id"])
