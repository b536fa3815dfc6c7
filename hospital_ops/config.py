"""Settings: typed, from the environment (prefix HOSPITAL_), refused when production would be weak.

The supervisor of `./hospital up` passes them to its children by environment. A process started alone finds the demo's
keys in the data folder. docs/settings.md lists every one.
"""

from __future__ import annotations

import base64
import binascii
import json
from functools import lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# Written by the supervisor into the data folder, read by a process that is started alone.
SECRET_FILES = {"master_key": "keys/master-key", "jwt_key": "keys/jwt-key", "demo_password": "demo-password"}
# What a running `up` tells processes that are started beside it: where it listens and where its servers are.
RUN_FILE = "run.json"
SHARED_BY_RUN = ("database_url", "redis_url", "host", "port", "public_url", "origins", "speed", "payer_url")
SHORTEST_JWT_KEY = 32


class Settings(BaseSettings):
    """One process's settings. Times carry their unit in the name; secrets never show in a repr."""

    model_config = SettingsConfigDict(env_prefix="HOSPITAL_", extra="ignore", frozen=True, hide_input_in_errors=True)

    env: Literal["demo", "production"] = "demo"
    web_name: str = "web"
    host: str = "127.0.0.1"
    port: int = Field(3000, ge=1, le=65535)
    public_url: str = ""
    origins: str = ""
    tls: Literal["auto", "off"] = "auto"
    data_dir: Path = ROOT / "data"
    timezone: str = "America/New_York"
    speed: float = Field(30, ge=0, le=1440)

    database_url: str = Field("postgresql+psycopg2://hospital@127.0.0.1:5432/hospital", repr=False)
    redis_url: str = Field("redis://127.0.0.1:6379/0", repr=False)

    master_key: str = Field("", repr=False)
    jwt_key: str = Field("", repr=False)
    demo_password: str = Field("", repr=False)

    session_idle_minutes: int = Field(15, ge=1)
    session_hours: int = Field(12, ge=1)
    intake_link_hours: int = Field(72, ge=1)
    payer_url: str = Field("", repr=False)
    payer_names: str = ""
    payer_token: str = Field("", repr=False)
    payer_seconds: float = Field(8, gt=0, le=60)
    keep_events_days: int = Field(2, ge=1)

    @field_validator("database_url")
    @classmethod
    def _name_the_driver(cls, url: str) -> str:
        # SQLAlchemy 2.1 takes the bare scheme to mean psycopg 3, which is not installed.
        for bare in ("postgresql://", "postgres://"):
            if url.startswith(bare):
                return "postgresql+psycopg2://" + url.removeprefix(bare)
        return url

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as unknown:
            raise ValueError(f"HOSPITAL_TIMEZONE: there is no time zone called {name}.") from unknown
        return name

    @model_validator(mode="before")
    @classmethod
    def _find_demo_secrets(cls, given: dict[str, object]) -> dict[str, object]:
        """Fill what the environment leaves out from the data folder. Production brings its own."""
        if given.get("env", "demo") == "production":
            return given
        folder = Path(str(given.get("data_dir") or cls.model_fields["data_dir"].default))
        secrets = {name: _text(folder / file) for name, file in SECRET_FILES.items()}
        shared = running_settings(folder)
        return {name: value for name, value in (shared | secrets).items() if value} | {
            name: value for name, value in given.items() if value not in ("", None)
        }

    @model_validator(mode="after")
    def _refuse_weak_production(self) -> Settings:
        if self.master_key and not _is_32_bytes(self.master_key):
            raise ValueError("HOSPITAL_MASTER_KEY must be 32 bytes in base64 (openssl rand -base64 32).")
        if self.env == "production":
            for name, complaint in _complaints(self).items():
                raise ValueError(f"HOSPITAL_{name} {complaint}")
        return self

    @property
    def https(self) -> bool:
        """Whether the web process itself speaks TLS: on every address that leaves this machine.

        Behind Nginx, which ends TLS itself on a private network, HOSPITAL_TLS=off.
        """
        return self.tls == "auto" and self.host not in LOOPBACK

    @property
    def base_url(self) -> str:
        """The address people type: HOSPITAL_PUBLIC_URL, or what host and port make of it."""
        shown = "[::1]" if self.host == "::1" else self.host
        return self.public_url.rstrip("/") or f"{'https' if self.https else 'http'}://{shown}:{self.port}"

    @property
    def allowed_origins(self) -> list[str]:
        """Origins whose pages may open a socket here. Any other site's page is refused, cookie or not."""
        scheme = "https" if self.https else "http"
        own = [f"{scheme}://{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]")]
        named = [origin.strip().rstrip("/") for origin in self.origins.split(",") if origin.strip()]
        return list(dict.fromkeys([self.base_url, *own, *named]))


def _text(file: Path) -> str:
    try:
        return file.read_text().strip()
    except OSError:
        return ""


def running_settings(folder: Path) -> dict[str, object]:
    """What the `up` that runs on this data folder wrote about itself. Empty when none does."""
    try:
        told = json.loads(_text(folder / RUN_FILE))
    except ValueError:
        return {}
    return {name: told[name] for name in SHARED_BY_RUN if name in told}


def _is_32_bytes(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 32
    except binascii.Error:
        return False


def _complaints(settings: Settings) -> dict[str, str]:
    """What production is missing, by setting. Empty when it may start."""
    checks = {
        "MASTER_KEY": (bool(settings.master_key), "must be set in production (openssl rand -base64 32)."),
        "JWT_KEY": (
            len(settings.jwt_key) >= SHORTEST_JWT_KEY,
            f"must be set in production, with at least {SHORTEST_JWT_KEY} characters.",
        ),
        "DEMO_PASSWORD": (not settings.demo_password, "must not be set in production: it has no demo accounts."),
        "PUBLIC_URL": (
            settings.public_url.startswith("https://"),
            "must be set in production and start with https://.",
        ),
    }
    return {name: complaint for name, (holds, complaint) in checks.items() if not holds}


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """This process's settings, read once."""
    return Settings()  # type: ignore[call-arg, unused-ignore]
