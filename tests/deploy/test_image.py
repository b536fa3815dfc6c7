"""The Dockerfile and the compose file, as far as they can be checked without an image registry.

Every COPY source exists, the compose file is whole and names only settings and services that exist, and (slow) the
image's install and start commands work in a clean environment, as a user who cannot write to the code.
"""

from __future__ import annotations

import base64
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from hospital_ops.config import Settings
from hospital_ops.infra.account import for_servers, open_the_way
from hospital_ops.infra.embedded import Postgres, Valkey
from hospital_ops.infra.processes import end, free_port, spawn

ROOT = Path(__file__).resolve().parent.parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}


def instructions(word: str) -> list[str]:
    return re.findall(rf"^\s*{word} (.+)$", DOCKERFILE, re.MULTILINE)


def copied() -> list[str]:
    """The sources that COPY takes from the repository."""
    words = [shlex.split(line) for line in instructions("COPY")]
    return [source for line in words if not line[0].startswith("--from") for source in line[:-1]]


def test_every_copied_source_exists_and_is_committed() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    missing = [name for name in copied() if not any(file == name or file.startswith(f"{name}/") for file in tracked)]
    assert missing == []


def test_the_image_does_not_run_as_root_and_the_application_owns_no_code() -> None:
    assert instructions("USER")[-1] == "hospital"
    assert "--chown" not in DOCKERFILE


def test_the_production_server_is_granian_and_the_dockerfile_says_why() -> None:
    assert "Granian" in DOCKERFILE
    for unwanted in ("gunicorn", "uvicorn"):
        assert unwanted not in (ROOT / "requirements-core.txt").read_text()


def test_every_setting_named_exists() -> None:
    text = (ROOT / "deploy" / "compose.yaml").read_text() + DOCKERFILE + (ROOT / "deploy" / "env.example").read_text()
    named = set(re.findall(r"\bHOSPITAL_([A-Z_]+)\b", text))
    assert named - {name.upper() for name in Settings.model_fields} == set()


def test_every_variable_that_compose_needs_is_in_the_example() -> None:
    needed = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "deploy" / "compose.yaml").read_text()))
    offered = set(re.findall(r"^([A-Z_]+)=", (ROOT / "deploy" / "env.example").read_text(), re.MULTILINE))
    assert needed == offered


def test_real_postgresql_and_redis_and_one_way_in() -> None:
    assert SERVICES["postgres"]["image"].startswith("postgres:18")
    assert SERVICES["redis"]["image"].startswith("redis:")
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]


def test_every_service_depends_on_services_that_exist() -> None:
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", {})) <= set(SERVICES), name


@pytest.mark.parametrize("name", list(OURS))
def test_our_services_have_no_rights_they_do_not_need(name: str) -> None:
    service = OURS[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert service["environment"]["HOSPITAL_ENV"] == "production"


@pytest.mark.parametrize("name", list(OURS))
def test_our_services_start_a_module_that_exists(name: str) -> None:
    command = OURS[name]["command"]
    module = command[command.index("-A") + 1] if "-A" in command else command[2]
    path = ROOT / module.replace(".", "/")
    assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


def test_nginx_passes_on_to_the_web_services_alone() -> None:
    nginx = (ROOT / "deploy" / "nginx.conf").read_text()
    upstreams = set(re.findall(r"server (web[\w-]*):8000;", nginx))
    assert upstreams == {name for name in SERVICES if name.startswith("web")}
    assert nginx.count("{") == nginx.count("}")
    assert "$proxy_add_x_forwarded_for" not in nginx, "a client could name its own address"


@pytest.mark.slow
def test_the_images_commands_work_in_a_clean_environment(
    tmp_path: Path, database: str, servers: tuple[Postgres, Valkey]
) -> None:
    place, data, venv = tmp_path / "srv", tmp_path / "data", tmp_path / "venv"
    place.mkdir()
    data.mkdir()
    for name in copied():
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, place / name)  # type: ignore[operator]
    clean = {"PATH": f"{venv / 'bin'}:/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    clean |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "NPM_", "SSL_", "NODE_"))}
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    for line in instructions("RUN"):
        if line.startswith(("pip install", "python -m hospital_ops")):
            ran = subprocess.run(shlex.split(line), cwd=place, env=clean, capture_output=True, text=True, check=False)
            assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    _start_and_ask(place, data, venv, clean, servers)


def _start_and_ask(
    place: Path, data: Path, venv: Path, clean: dict[str, str], servers: tuple[Postgres, Valkey]
) -> None:
    import json

    port, account = free_port(), for_servers()
    if account:  # As the image does: somebody who cannot write to the code.
        open_the_way(place, data, venv)
        shutil.chown(data, account)
    production = {
        "HOSPITAL_ENV": "production",
        "HOSPITAL_PUBLIC_URL": "https://ops.hospital.example",
        "HOSPITAL_MASTER_KEY": base64.b64encode(os.urandom(32)).decode(),
        "HOSPITAL_JWT_KEY": base64.b64encode(os.urandom(32)).decode(),
        "HOSPITAL_DATABASE_URL": servers[0].url,
        "HOSPITAL_REDIS_URL": servers[1].url,
        "HOSPITAL_DATA_DIR": str(data),
        "HOSPITAL_HOST": "127.0.0.1",
        "HOSPITAL_PORT": str(port),
        "HOSPITAL_TLS": "off",
    }
    command = json.loads(instructions("CMD")[-1])
    log = data.parent / "web.log"
    program = [venv / "bin" / "python", *command[1:]]
    process = spawn(program, log=log, env={**clean, **production}, cwd=place, account=account)
    try:
        until = time.monotonic() + 60
        while True:
            assert process.poll() is None, log.read_text()[-3000:]
            assert time.monotonic() < until, log.read_text()[-3000:]
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2) as page:
                    assert b"<html" in page.read()
                return
            except OSError:
                time.sleep(0.2)
    finally:
        end(process)
