"""What Celery's Redis transport gets wrong when Redis goes away with every task in hand, mended.

A task that ends while Redis is away cannot be acknowledged. Kombu then goes on counting it as in hand; when all that the worker
may hold are such, it never asks for another, so that it never notices that Redis was away: alive, and deaf for ever (seen with
kombu 5.6 once in ten such outages under load). Here it is counted no longer. Redis still holds the message and gives it again
after the visibility timeout, which an event's note makes harmless.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis, virtual


class QoS(redis.QoS):
    """Counts what is in hand here, whatever Redis heard of it."""

    def ack(self, delivery_tag: Any) -> None:
        try:
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]
        except redis.Transport.connection_errors:
            virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]
            raise

    def reject(self, delivery_tag: Any, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue=requeue)  # type: ignore[no-untyped-call]
        except redis.Transport.connection_errors:
            virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]
            raise


def mend() -> None:
    """For every connection of this process."""
    redis.Channel.QoS = QoS
