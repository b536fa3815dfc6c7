"""Settings: documented, typed, found in the data folder in the demo, refused when production would be weak."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from hospital_ops.config import RUN_FILE, Settings

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "settings.md").read_text()
KEY = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "HOSPITAL_ENV": "production",
    "HOSPITAL_MASTER_KEY": KEY,
    "HOSPITAL_JWT_KEY": "j" * 32,
    "HOSPITAL_PUBLIC_URL": "https://ops.example.org",
}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("HOSPITAL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOSPITAL_DATA_DIR", str(tmp_path))


def settings(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Settings()


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_each_setting_is_in_the_docs(name: str) -> None:
    assert f"| `HOSPITAL_{name.upper()}` |" in PAGE


def test_the_docs_know_no_setting_that_the_code_does_not() -> None:
    elsewhere = {"VENV", "CHROMIUM", "REQUIRE_BROWSER", "REQUIRE_EASYOCR"}  # Read by the bootstrap and the tests.
    documented = set(re.findall(r"^\| `HOSPITAL_([A-Z_]+)` \|", PAGE, re.MULTILINE))
    assert documented - elsewhere == {name.upper() for name in Settings.model_fields}


def test_the_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg2"):
        found = settings(monkeypatch, HOSPITAL_DATABASE_URL=f"{scheme}://a@b/c").database_url
        assert found == "postgresql+psycopg2://a@b/c"


def test_secrets_never_show(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = repr(settings(monkeypatch, **PRODUCTION, HOSPITAL_DATABASE_URL="postgresql://a:sesame@b/c"))
    assert KEY not in shown
    assert "sesame" not in shown
    assert "j" * 32 not in shown


def test_a_refusal_does_not_show_the_values(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError) as refused:
        settings(monkeypatch, HOSPITAL_MASTER_KEY="sesame")
    assert "sesame" not in str(refused.value)
    assert "32 bytes" in str(refused.value)


def test_production_starts_with_its_own_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings(monkeypatch, **PRODUCTION).base_url == "https://ops.example.org"


@pytest.mark.parametrize(
    ("name", "weak"),
    [
        ("HOSPITAL_MASTER_KEY", ""),
        ("HOSPITAL_MASTER_KEY", base64.b64encode(b"short").decode()),
        ("HOSPITAL_JWT_KEY", ""),
        ("HOSPITAL_JWT_KEY", "hunter2"),
        ("HOSPITAL_PUBLIC_URL", "http://ops.example.org"),
        ("HOSPITAL_DEMO_PASSWORD", "sesame"),
    ],
)
def test_production_refuses_what_is_weak(monkeypatch: pytest.MonkeyPatch, name: str, weak: str) -> None:
    with pytest.raises(ValidationError, match=name):
        settings(monkeypatch, **{**PRODUCTION, name: weak})


def test_production_never_takes_the_demos_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "master-key").write_text(KEY)
    with pytest.raises(ValidationError, match="HOSPITAL_MASTER_KEY"):
        settings(monkeypatch, **{**PRODUCTION, "HOSPITAL_MASTER_KEY": ""})


def test_a_process_started_alone_finds_the_demos_keys_and_servers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "master-key").write_text(KEY + "\n")
    (tmp_path / RUN_FILE).write_text(json.dumps({"redis_url": "redis://there", "port": "3456", "pid": 1}))
    found = settings(monkeypatch)
    assert (found.master_key, found.redis_url, found.port) == (KEY, "redis://there", 3456)


def test_the_environment_wins_over_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / RUN_FILE).write_text(json.dumps({"redis_url": "redis://there"}))
    assert settings(monkeypatch, HOSPITAL_REDIS_URL="redis://here").redis_url == "redis://here"


def test_only_its_own_pages_may_open_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(monkeypatch, HOSPITAL_PORT="3456", HOSPITAL_ORIGINS="https://a:1, https://b:2/")
    assert "*" not in found.allowed_origins
    assert {"http://127.0.0.1:3456", "http://localhost:3456", "https://a:1", "https://b:2"} <= set(
        found.allowed_origins
    )


@pytest.mark.parametrize(
    ("host", "tls", "https"),
    [("127.0.0.1", "auto", False), ("localhost", "auto", False), ("0.0.0.0", "auto", True), ("0.0.0.0", "off", False)],
)
def test_whatever_leaves_the_machine_is_encrypted(
    monkeypatch: pytest.MonkeyPatch, host: str, tls: str, https: bool
) -> None:
    assert settings(monkeypatch, HOSPITAL_HOST=host, HOSPITAL_TLS=tls).https is https


def test_an_unknown_time_zone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="no time zone called Mars"):
        settings(monkeypatch, HOSPITAL_TIMEZONE="Mars")
