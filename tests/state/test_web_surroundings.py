"""What surrounds the pages: headers on answers, logs without words, cookies, the theme, what a browser gives."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
from pathlib import Path
from typing import Any

import pytest

from hospital_ops import theme
from hospital_ops.config import ROOT, get_settings
from hospital_ops.domain.beds import BedStatus
from hospital_ops.domain.errors import Invalid
from hospital_ops.infra import cookies
from hospital_ops.infra.headers import SecurityHeaders, content_security_policy, inline_hashes
from hospital_ops.infra.quiet_logs import withhold_words
from hospital_ops.state.given import given_field_id, given_id, given_text
from hospital_ops.state.routes import ROUTES
from hospital_ops.state.verbs import VERBS

SCRIPT = "window.a = 1;\n"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text(f'<script>{SCRIPT}</script><script src="/assets/a.js"></script>')
    return tmp_path


def answer(pages: Path, path: str, https: bool = False, own: list[tuple[bytes, bytes]] | None = None) -> dict[str, str]:
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": own or []})

    async def send(message: Any) -> None:
        sent.append(message)

    wrapped = SecurityHeaders(app, pages, https)
    asyncio.run(wrapped({"type": "http", "path": path}, None, send))  # type: ignore[arg-type]
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def test_inline_scripts_are_allowed_by_hash_alone(pages: Path) -> None:
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    assert inline_hashes(pages) == [f"'sha256-{digest}'"]
    policy = content_security_policy(inline_hashes(pages))
    script_src = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
    assert script_src == f"script-src 'self' 'sha256-{digest}'"
    for rule in ("frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"):
        assert rule in policy


def test_every_answer_carries_the_headers_and_no_answer_is_kept(pages: Path) -> None:
    for path in ("/board", "/api/beds/dashboard", "/live.jsx"):
        headers = answer(pages, path, own=[(b"cache-control", b"public, max-age=9"), (b"x-own", b"1")])
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-own"] == "1"
        assert "strict-transport-security" not in headers
        assert headers["referrer-policy"] == "same-origin"


def test_built_files_are_kept_for_they_carry_their_hash_in_their_name(pages: Path) -> None:
    assert "immutable" in answer(pages, "/assets/root-abc.js")["cache-control"]


def test_https_is_insisted_on_once_it_is_there(pages: Path) -> None:
    assert "max-age" in answer(pages, "/", https=True)["strict-transport-security"]


def test_the_libraries_words_are_withheld_and_ours_are_not(caplog: pytest.LogCaptureFixture) -> None:
    undo = withhold_words()
    try:
        logging.getLogger("reflex.app").warning(
            "Event data: {'name': 'Maria Sandoval', 'cookie': 'hospital_session=x'}"
        )
        try:
            raise ValueError("argument 'first_name' with value 'Maria'")
        except ValueError:
            logging.getLogger("reflex_base.event").exception("Error transforming Maria")
            logging.getLogger("engineio.server").error("Maria", exc_info=True)
        logging.getLogger("hospital_ops.state.live").warning("could not read ward:3")
    finally:
        undo()
    assert "Maria" not in caplog.text
    assert "hospital_session" not in caplog.text
    assert "ValueError" in caplog.text
    assert "could not read ward:3" in caplog.text


def test_words_return_when_the_web_stops(caplog: pytest.LogCaptureFixture) -> None:
    withhold_words()()
    logging.getLogger("reflex.app").warning("compiled")
    assert "compiled" in caplog.text


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("hospital_session=abc", "abc"),
        ("theme=dark; hospital_session=abc; x=y", "abc"),
        ("__Host-hospital=abc", ""),  # Not the name that plain http uses.
        ("hospital_session_=abc", ""),
        ("", ""),
        ("\x00;;;=", ""),
    ],
)
def test_the_session_is_read_from_its_own_cookie_only(header: str, token: str) -> None:
    assert cookies.session_token(header) == token


def test_over_https_the_cookie_is_bound_to_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    secure = get_settings().model_copy(update={"public_url": "https://beds.example.org"})
    monkeypatch.setattr(cookies, "get_settings", lambda: secure)
    assert cookies.cookie_name() == "__Host-hospital"
    assert cookies.cookie_flags() == {"path": "/", "secure": True, "httponly": True, "samesite": "lax"}
    assert cookies.session_token("hospital_session=abc") == ""


def test_the_theme_file_is_what_the_theme_says() -> None:
    assert (ROOT / "assets" / "theme.css").read_text() == theme.stylesheet()


def test_every_status_has_a_colour_a_shape_and_a_word_of_its_own() -> None:
    assert set(theme.STATUS) == {status.value for status in BedStatus}
    looks = theme.STATUS.values()
    assert len({look.shape for look in looks}) == len({look.word for look in looks}) == 8
    # Red is kept for "act now"; only quiet grey stands for two statuses.
    assert "red" not in {look.scale for look in looks}
    assert len({look.scale for look in looks}) == 7


def test_no_component_or_page_names_a_colour() -> None:
    for folder in ("components", "pages"):
        for file in (ROOT / "hospital_ops" / folder).glob("*.py"):
            assert "color=" not in file.read_text(), file
            assert not any(f'"#{digit}' in file.read_text().replace('"#main"', "") for digit in "0123456789abcdef"), (
                file
            )


@pytest.mark.parametrize("value", ["1", 1.0, None, True, -1, 2**31, [1], {"id": 1}])
def test_an_id_is_a_whole_number_of_ours(value: object) -> None:
    with pytest.raises(Invalid):
        given_id(value)


@pytest.mark.parametrize(
    "form", [{}, {"bed_id": 1}, {"bed_id": "-1"}, {"bed_id": "9" * 11}, {"bed_id": "²"}, None, "1"]
)
def test_an_id_in_a_form_is_digits(form: object) -> None:
    assert given_field_id({"bed_id": "17"}, "bed_id") == 17
    with pytest.raises(Invalid):
        given_field_id(form, "bed_id")


def test_given_values_pass() -> None:
    assert given_id(7) == 7
    assert given_text("  broken rail ") == "broken rail"


@pytest.mark.parametrize("value", [7, None, ["a"], "x" * 501])
def test_a_text_is_short(value: object) -> None:
    with pytest.raises(Invalid):
        given_text(value)


def test_every_verb_starts_from_a_status_and_one_stands_out() -> None:
    for status in BedStatus:
        fitting = [verb for verb in VERBS.values() if status in verb.statuses]
        assert fitting, status
        assert sum(verb.main for verb in fitting) <= 1


def test_paths_are_unique_and_whatever_has_a_label_is_locked() -> None:
    assert len({route.path for route in ROUTES}) == len(ROUTES)
    assert all(route.permission for route in ROUTES if route.label)
    # /intake says itself, in two languages, what to do without a link.
    # /password is for everybody who is signed in, and empty for everybody else.
    assert {route.path for route in ROUTES if route.permission is None} == {"/", "/login", "/intake", "/password"}
