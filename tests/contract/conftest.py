"""One web process without built pages for all of these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hospital_ops.infra.embedded import Postgres, Valkey
from tests.web_process import Web, serving


@pytest.fixture(scope="module")
def web(servers: tuple[Postgres, Valkey], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(servers[0], tmp_path_factory.mktemp("web") / "web.log") as running:
        yield running
