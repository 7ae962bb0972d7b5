"""A worker keeps its places when it can't acknowledge; else it goes deaf, place by place, as Redis comes and goes.

Kombu counts a message against a worker's prefetch limit until it has been acknowledged. Where Redis does not take the
acknowledgement, Celery logs "Couldn't ack" and goes on with the connection, and the message is counted for ever: with
as many of these as the worker has processes it waits for nothing any more, with a connection that is well (kombu 5.7.0;
`bin/drill redis` shows it within minutes). Redis gives such a message out again after its visibility time-out; our
tasks may run twice.
"""

from __future__ import annotations

from kombu.transport import redis, virtual


class QoS(redis.QoS):
    """The count of messages in hand."""

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge, and give the place free whether Redis heard it or not."""
        try:
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]
        except self.channel.connection_errors:
            virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]
            raise


def keep_places() -> None:
    """Let every channel to Redis of this process count so."""
    redis.Channel.QoS = QoS
