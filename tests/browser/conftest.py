"""A web process with built pages, and Chromium to look at them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from hospital_ops.infra.embedded import Postgres, Valkey
from hospital_ops.infra.frontend import SERVE_BUILT, build_environment
from tests.cast import PASSWORD
from tests.web_process import ROOT, Web, serving

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


CHROMIUM = os.environ.get("HOSPITAL_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""
# `./hospital test` says in words that they are left out; .ci/run requires them.
collect_ignore_glob = [] if CHROMIUM or os.environ.get("HOSPITAL_REQUIRE_BROWSER") else ["test_*.py"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One a module, not one a session: Playwright keeps an event loop running, in which other tests cannot start theirs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def web(servers: tuple[Postgres, Valkey], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    command = [sys.executable, "-m", "hospital_ops", "frontend"]
    subprocess.run(command, cwd=ROOT, env=build_environment(os.environ), check=True, capture_output=True)
    with serving(servers[0], tmp_path_factory.mktemp("web") / "web.log", **SERVE_BUILT) as running:
        yield running


class Windows:
    """Signed-in windows. `errors` is what the pages wrote as errors, a blocked script among them."""

    def __init__(self, browser: Browser, web: Web) -> None:
        self._browser, self._web = browser, web
        self._contexts: list[object] = []
        self.errors: list[str] = []

    def open(self, username: str, path: str = "/board", width: int = 1440) -> Page:
        """A window of its own, through the login page."""
        page = self.bare(width)
        page.goto(f"{self._web.base}/login?next={path}")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(f"**{path}")
        return page

    def bare(self, width: int = 1440) -> Page:
        """An empty window, signed in as nobody."""
        context = self._browser.new_context(viewport={"width": width, "height": 900})
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()  # type: ignore[attr-defined]


@pytest.fixture
def windows(chromium: Browser, web: Web) -> Iterator[Windows]:
    opened = Windows(chromium, web)
    yield opened
    opened.close()
