"""`test`: run the tests on an embedded PostgreSQL and Valkey of their own, beside a running `up`.

tests/conftest.py starts the servers; this adds the browser and the environment, and hands everything else to pytest.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from importlib.util import find_spec

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rest", nargs="*", metavar="PYTEST_ARGUMENT", help="handed on to pytest as they are")


def browser() -> str:
    """The Chromium that browser tests use: HOSPITAL_CHROMIUM, else the system's. Empty when there is none."""
    named = os.environ.get("HOSPITAL_CHROMIUM")
    return named or next((path for path in map(shutil.which, BROWSERS) if path), "")


def run(args: argparse.Namespace) -> int:
    from hospital_ops.config import ROOT
    from hospital_ops.exits import Exit, Refusal

    found = browser()
    if found:
        os.environ["HOSPITAL_CHROMIUM"] = found
    elif os.environ.get("HOSPITAL_REQUIRE_BROWSER"):
        raise Refusal(Exit.FAILED, "There is no Chromium, and HOSPITAL_REQUIRE_BROWSER asks for one.")
    else:
        print("There is no Chromium on this machine: the browser tests are left out (apt install chromium).")
    if find_spec("easyocr") is None and not os.environ.get("HOSPITAL_REQUIRE_EASYOCR"):
        print("EasyOCR is not installed: its test says so and no more (pip install -r requirements.txt, 6 GB).")
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *args.rest])
