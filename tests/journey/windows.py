"""Windows onto a running house: people at their screens, whose pages are never loaded a second time."""

from __future__ import annotations

import subprocess
import sys
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from benchmarks.house import House
from hospital_ops.infra.embedded import postgres_binary
from tests.cast import PASSWORD

SMALL_HOSPITAL = [sys.executable, "-c", "from tests.cast import assemble; assemble()"]
# Lives as long as the document: gone after any reload.
MARK = "window.loadedOnce = true"
STORED = """async () => JSON.stringify([
    {...localStorage}, {...sessionStorage}, document.cookie,
    await Promise.all((await indexedDB.databases()).map(each => each.name)),
    await Promise.all((await caches.keys()).map(async name =>
        [name, (await (await caches.open(name)).keys()).map(request => request.url)])),
])"""


@dataclass
class Window:
    """Somebody's screen. `urls`: every address it asked for. `errors`: what the page wrote as an error."""

    name: str
    page: Page
    context: BrowserContext
    urls: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self) -> Window:
        self.page.on("request", lambda request: self.urls.append(asked(request)))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        return self

    def bed(self, label: str, status: str) -> None:
        """The tile shows this status, by itself."""
        expect(self.page.locator(f'[data-bed="{label}"]')).to_have_attribute("data-status", status)

    def mark(self) -> Window:
        self.page.evaluate(MARK)
        return self

    def loaded_once(self) -> bool:
        return bool(self.page.evaluate("window.loadedOnce === true"))

    def kept(self) -> str:
        """What the browser keeps of the house when the window is closed."""
        return f"{self.page.evaluate(STORED)} {self.context.storage_state(indexed_db=True)}"


def asked(request: Request) -> str:
    return urllib.parse.unquote(request.url)


def open_window(browser: Browser, name: str, width: int = 1440) -> Window:
    context = browser.new_context(viewport={"width": width, "height": 844 if width < 500 else 900})
    return Window(name, context.new_page(), context).watch()


def signed_in(browser: Browser, url: str, username: str, path: str, width: int = 1440) -> Window:
    """A window in which somebody of the small hospital has signed in and sees a live page."""
    window = open_window(browser, username, width)
    window.page.goto(f"{url}/login?next={path}")
    window.page.fill("[name=username]", username)
    window.page.fill("[name=password]", PASSWORD)
    window.page.click("button[type=submit]")
    window.page.wait_for_url(f"**{path}")
    expect(window.page.locator("[data-live]").first).to_have_attribute("data-live", "live")
    return window.mark()


def dump(house: House) -> bytes:
    """What a backup would hold: every table in SQL."""
    command: list[Any] = [postgres_binary("pg_dump"), house.postgres.url]
    return subprocess.run(command, check=True, capture_output=True).stdout


def memory(house: House) -> bytes:
    """Every value in Valkey, as it lies there: Reflex's pickled states, Celery's queues, limits."""
    import redis

    client = redis.Redis.from_url(house.valkey.url)
    readers = {
        b"string": client.get,
        b"hash": client.hgetall,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1),
    }
    kept = b""
    for key in client.scan_iter():
        value = readers[client.type(key)](key)
        kept += key + b"\0" + (value if isinstance(value, bytes) else repr(value).encode()) + b"\n"
    client.close()
    return kept


def temporary(house: House) -> Path:
    """Where the house's processes put temporary files."""
    folder = house.folder / "tmp"
    folder.mkdir(exist_ok=True)
    house.environment["TMPDIR"] = str(folder)
    return folder
