"""Each line to try on docs/api.md is tried, on a running web process, and does what the page says."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from hospital_ops.infra.embedded import Postgres, Valkey
from tests.api.curl import ask
from tests.api.test_documentation import PAGE, SECTIONS
from tests.cast import PASSWORD
from tests.own_hospital import ROOT, run
from tests.web_process import Web, serving

# A patient in bed E1 and one who waits: what the page's example ids stand for.
SCENE = """
import json, sys
from tests.cast import Cast
told = json.loads(sys.argv[1])
cast = Cast(told["wards"], told["beds"], told["people"])
print(json.dumps({"patient": cast.occupy("E1"), "request": cast.waiting()}))
"""
FIND = """
import json
from sqlmodel import select
from hospital_ops.infra.db import read_session
from hospital_ops.models import User
with read_session() as session:
    print(json.dumps(dict(session.exec(select(User.username, User.id)).all())))
"""


@pytest.fixture(scope="module")
def web(servers: tuple[Postgres, Valkey], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(servers[0], tmp_path_factory.mktemp("web") / "web.log") as running:
        yield running


@pytest.fixture(scope="module")
def known(web: Web) -> dict[str, str]:
    """What a reader has put into the page's place-holders: address, password, tokens and ids of their own hospital."""
    people = json.loads(run(web.environment, FIND))
    scene = json.dumps({"wards": web.wards, "beds": web.beds, "people": people})
    ids = json.loads(run(web.environment, SCENE, scene))
    pair = _log_in(web)
    asked = {"description": "Fetch a lamp", "bed_id": web.beds["E2"]}
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    task = requests.post(f"{web.base}/api/tasks", json=asked, headers=headers, timeout=20).json()
    return {
        "$HOSPITAL": web.base,
        "$TOKEN": pair["access_token"],
        "$REFRESH": _log_in(web)["refresh_token"],
        '"password": "…"': f'"password": "{PASSWORD}"',
        "/api/tasks/1234/": f"/api/tasks/{task['id']}/",
        "/api/staff/tasks/8": f"/api/staff/tasks/{people['hanna']}",
        "/api/placement/17": f"/api/placement/{ids['request']}",
        '"patient_id": 72': f'"patient_id": {ids["patient"]}',
    }


def _log_in(web: Web) -> dict[str, Any]:
    sent = {"username": "manager", "password": PASSWORD}
    told: dict[str, Any] = requests.post(f"{web.base}/api/login", json=sent, timeout=20).json()
    return told


# Logging out comes last: the token of the others ends with it.
@pytest.mark.parametrize("route", sorted(SECTIONS, key=lambda route: (route == "POST /api/logout", route)))
def test_the_line_does_what_the_page_says(web: Web, known: dict[str, str], route: str) -> None:
    [line] = re.findall(r"```sh\n(curl .*?)\n```", SECTIONS[route].text, re.DOTALL)
    for word, meant in known.items():
        line = line.replace(word, meant)
    answer = ask(shlex.split(line.replace("\\\n", " "))[1:])
    [good] = re.findall(r"^- (2\d\d): ", SECTIONS[route].text, re.MULTILINE)
    assert answer.status_code == int(good), answer.text


def test_the_first_steps_lead_where_the_page_says(web: Web, tmp_path: Path) -> None:
    """The shell script at the top of the page, as it stands, with the reader's address and password put in."""
    curl = tmp_path / "curl"
    curl.write_text(f"#!{sys.executable}\nfrom tests.api.curl import main\nmain()\n")
    curl.chmod(0o700)
    script = PAGE.split("```sh\n")[1].split("```")[0]
    script = script.replace("http://127.0.0.1:3000", web.base).replace("PASSWORD='…'", f"PASSWORD='{PASSWORD}'")
    path = os.pathsep.join([str(tmp_path), str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        ["sh", "-euc", script], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    beds, done = ran.stdout.splitlines()
    assert len(json.loads(beds)) == len(web.beds)
    assert json.loads(done)["status"] == "complete"
