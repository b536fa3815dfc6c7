"""A worker with its hands full when Redis goes away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu import Connection, Consumer, Message, Queue
from redis import Redis

from hospital_ops.infra.embedded import Valkey
from hospital_ops.infra.processes import free_port
from workers import broker


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path, tmp_path / "valkey.log", port=free_port())
    server.begin()
    server.wait()
    yield server
    server.stop()


@pytest.mark.parametrize("end", ["ack_log_error", "reject_log_error"])
def test_what_cannot_be_acknowledged_is_in_hand_no_longer(valkey: Valkey, end: str) -> None:
    broker.mend()
    queue, hands = Queue("hospital"), 2
    with Connection(valkey.url) as connection:
        for _ in range(hands):
            connection.default_channel.Producer().publish({}, routing_key="hospital", declare=[queue])
        held: list[Message] = []
        channel = connection.channel()
        with Consumer(channel, [queue], on_message=held.append, prefetch_count=hands):
            while len(held) < hands:
                connection.drain_events(timeout=20)
            assert not channel.qos.can_consume()
            valkey.stop()
            for message in held:
                getattr(message, end)(_Quiet(), connection.connection_errors)
            assert channel.qos.can_consume()
            valkey.begin()
            valkey.wait()
        assert Redis.from_url(valkey.url).hlen("unacked") == hands  # Given again after the visibility timeout.


class _Quiet:
    """A logger that says nothing."""

    def critical(self, *words: object, **more: object) -> None: ...
