"""The small hospital of tests/cast.py, and a program that speaks to its API."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hospital_ops.config import get_settings
from hospital_ops.infra import passwords
from tests.api.client import Api
from tests.cast import PASSWORD, Cast


@pytest.fixture
def api(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Api:
    """Asks the API in this process, inside the test's own transaction.

    Passwords are compared as they stand: a hash takes a twentieth of a second, and these tests sign in hundreds of
    times. tests/api/test_login.py signs in for real.
    """
    monkeypatch.setattr(passwords._context, "verify_and_update", lambda given, hashed: (given == PASSWORD, None))
    return Api()


@pytest.fixture
def stored() -> Callable[[], set[str]]:
    """The names of all patients' files that lie on the disk now."""
    return lambda: {path.name for path in (get_settings().data_dir / "files").glob("??/*")}
