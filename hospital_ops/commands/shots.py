"""`shots`: photograph every page of a running hospital, phone to wall, light and dark."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hospital_ops.state.routes import Route

WIDTHS: tuple[tuple[int, int], ...] = ((390, 844), (768, 1024), (1440, 900), (1920, 1080))
# Who looks, in this order, at a page that is nobody's first one.
LOOKERS = ("manager", "nurse", "staffing", "desk", "housekeeper", "admin")
# Pages that ask for no permission and still are for those who are signed in.
SIGNED_IN: Mapping[str, str] = {"/password": "nurse"}
# `./hospital shots` installs it by itself; whoever made an environment of their own has the pins of `up` alone.
NO_PLAYWRIGHT = (
    "Photographs are taken with Playwright, which this environment does not have. Run ./hospital shots, which installs it, "
    "or pip install -r requirements-dev.txt."
)
SETTLE_MS = 900  # Pictures and charts are drawn.
# What stands for a name in an address: somebody who lies here and of whom there is a forecast, the fullest ward.
ONE_OF: Mapping[str, str] = {
    "id": """
        SELECT patient_id FROM encounter JOIN stay_forecast ON encounter_id = encounter.id
        WHERE status = 'in_house' ORDER BY admitted_at LIMIT 1
    """,
    "ward": "SELECT code FROM ward JOIN bed ON ward_id = ward.id GROUP BY code ORDER BY count(*) DESC, code LIMIT 1",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="where the pictures go")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder of the running hospital")
    parser.add_argument("--page", action="append", metavar="PATH", help="only this page, as /board; may be repeated")
    parser.add_argument("--whole", action="store_true", help="the page in its whole length, not what a screen shows")


def run(args: argparse.Namespace) -> int:
    from hospital_ops.commands.test import browser
    from hospital_ops.commands.up_options import data_folder_of
    from hospital_ops.exits import Exit, Refusal
    from hospital_ops.infra import data_folder

    shown = pages()
    if unknown := set(args.page or ()) - set(shown):
        raise Refusal(Exit.FAILED, f"There is no page {min(unknown)}; there are {', '.join(shown)}.")
    folder = data_folder_of(args.data)
    told = data_folder.running(folder)
    if not told:
        raise Refusal(Exit.SERVER_AWAY, f"No hospital runs on {folder}; start one with hospital up.")
    if find_spec("playwright") is None:
        raise Refusal(Exit.NOT_HERE_YET, NO_PLAYWRIGHT)
    if not browser():
        raise Refusal(Exit.NOT_HERE_YET, "There is no Chromium on this machine (apt install chromium).")
    password = (folder / "demo-password").read_text().strip()
    args.folder.mkdir(parents=True, exist_ok=True)
    wanted = {path: who for path, who in shown.items() if not args.page or path in args.page}
    addresses = {path: told["reach"] + _filled(path, told["database_url"]) for path in wanted}
    camera = Camera(browser(), password, args.folder, whole=args.whole)
    camera.take(told["reach"], wanted, addresses)
    return 0


def pages() -> dict[str, str]:
    """Every page that the server knows → the demo account that looks at it; "" for a visitor."""
    from hospital_ops.state.routes import ROUTES

    return {route.path: _looker(route) for route in ROUTES}


def _looker(route: Route) -> str:
    from hospital_ops.domain.access import PERMISSIONS, Role
    from hospital_ops.domain.homes import home_of
    from hospital_ops.sim.cast import DEMO_ACCOUNTS

    if route.permission is None:
        return SIGNED_IN.get(route.path, "")
    roles = {account.username: Role(account.role) for account in DEMO_ACCOUNTS}
    able = [name for name in LOOKERS if route.permission in PERMISSIONS[roles[name]]]
    at_home = [name for name in able if home_of(roles[name]) == route.path]
    return (at_home or able)[0]


def _filled(path: str, database_url: str) -> str:
    """The address with something of this hospital in the place of its `[name]`."""
    for name, query in ONE_OF.items():
        if f"[{name}]" in path:
            return path.replace(f"[{name}]", _one(query, database_url))
    return path


def _one(query: str, database_url: str) -> str:
    import psycopg2

    from hospital_ops.infra.db import libpq_url

    connection = psycopg2.connect(libpq_url(database_url))
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            row = cursor.fetchone()
    finally:
        connection.close()
    return str(row[0]) if row else "1"


class Camera:
    """A browser that goes from page to page."""

    def __init__(self, chromium: str, password: str, folder: Path, *, whole: bool) -> None:
        self.chromium, self.password, self.folder, self.whole = chromium, password, folder, whole

    def take(self, reach: str, wanted: Mapping[str, str], addresses: Mapping[str, str]) -> None:
        """Each page in both schemes and at every width, by whoever looks at it."""
        from playwright.sync_api import sync_playwright

        with sync_playwright() as driver:
            options = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
            started = driver.chromium.launch(executable_path=self.chromium, args=options)
            for who in dict.fromkeys(wanted.values()):
                for scheme in ("light", "dark"):
                    context = started.new_context(ignore_https_errors=True, color_scheme=scheme)
                    page = context.new_page()
                    if who:
                        self._sign_in(page, reach, who)
                    for path in (path for path, looker in wanted.items() if looker == who):
                        self._each_width(page, addresses[path], f"{_name(path)}-{scheme}")
                    context.close()
            started.close()

    def _sign_in(self, page: Any, reach: str, who: str) -> None:
        page.goto(f"{reach}/login")
        page.fill("input[name=username]", who)
        page.fill("input[name=password]", self.password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda address: "/login" not in address)

    def _each_width(self, page: Any, address: str, stem: str) -> None:
        page.goto(address)
        page.wait_for_load_state("networkidle") if "/login" in address else _until_shown(page)
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(SETTLE_MS)
            file = self.folder / f"{stem}-{width}.png"
            page.screenshot(path=str(file), full_page=self.whole)
            print(file)


def _until_shown(page: Any) -> None:
    """Until no skeleton stands there any more. By locators: the pages' own policy forbids a script made of words."""
    page.locator("main").first.wait_for(timeout=20_000)
    page.locator(".skeleton").first.wait_for(state="detached", timeout=20_000)


def _name(path: str) -> str:
    return re.sub(r"[^a-z]+", "-", path.replace("[id]", "").strip("/")).strip("-") or "home"
