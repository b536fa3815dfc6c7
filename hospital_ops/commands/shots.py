"""`shots`: photograph every page of a running hospital, phone to wall, light and dark."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

WIDTHS: tuple[tuple[int, int], ...] = ((390, 844), (768, 1024), (1440, 900), (1920, 1080))
# Page → who looks at it; nobody signs in for the first two.
PAGES: dict[str, str] = {
    "/": "",
    "/login": "",
    "/board": "manager",
    "/tasks": "housekeeper",
    "/desk": "desk",
    "/staffing": "staffing",
    "/admin": "admin",
}
SETTLE_MS = 2500  # The socket is open and the first values are drawn.


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="where the pictures go")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder of the running hospital")
    parser.add_argument("--page", action="append", choices=list(PAGES), help="only this page; may be repeated")


def run(args: argparse.Namespace) -> int:
    from hospital_ops.commands.test import browser
    from hospital_ops.commands.up_options import data_folder_of
    from hospital_ops.exits import Exit, Refusal
    from hospital_ops.infra import data_folder

    folder = data_folder_of(args.data)
    told = data_folder.running(folder)
    if not told:
        raise Refusal(Exit.SERVER_AWAY, f"No hospital runs on {folder}; start one with hospital up.")
    if not browser():
        raise Refusal(Exit.NOT_HERE_YET, "There is no Chromium on this machine (apt install chromium).")
    password = (folder / "demo-password").read_text().strip()
    args.folder.mkdir(parents=True, exist_ok=True)
    _photograph(told["reach"], password, browser(), args.page or list(PAGES), args.folder)
    return 0


def _photograph(url: str, password: str, chromium: str, pages: list[str], folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        options = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
        started = driver.chromium.launch(executable_path=chromium, args=options)
        for who in dict.fromkeys(PAGES[page] for page in pages):
            for scheme in ("light", "dark"):
                context = started.new_context(ignore_https_errors=True, color_scheme=scheme)
                page = context.new_page()
                if who:
                    _sign_in(page, url, who, password)
                for path in (path for path in pages if PAGES[path] == who):
                    _each_width(page, url + path, folder / f"{path.strip('/') or 'home'}-{scheme}")
                context.close()
        started.close()


def _sign_in(page: Any, url: str, who: str, password: str) -> None:
    page.goto(f"{url}/login")
    page.fill("input[name=username]", who)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/login" not in address)


def _each_width(page: Any, address: str, stem: Path) -> None:
    page.goto(address)
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(SETTLE_MS)
        page.screenshot(path=f"{stem}-{width}.png")
        print(f"{stem}-{width}.png")
