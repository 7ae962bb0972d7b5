"""A worker whose acknowledgement Redis does not take has its place back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from kombu import Connection
from kombu.transport import redis

from config import slots


@pytest.fixture
def channel(settings: Any) -> Iterator[Any]:
    with Connection(settings.REDIS_URL, transport_options={"global_keyprefix": "slots:"}) as connection:
        made = connection.channel()
        yield made
        made.close()


def _in_vain(channel: Any, counting: type[Any]) -> Any:
    """Two places, both taken, and two acknowledgements that fail."""
    counted = counting(channel, prefetch_count=2)
    counted._on_collect.cancel()  # at the end of this process there is nothing to give back
    for tag in ("a", "b"):
        message = channel.Message(
            {"body": "", "properties": {"delivery_info": {"exchange": "", "routing_key": "q"}, "delivery_tag": tag}},
            channel,
        )
        counted.append(message, tag)
    assert not counted.can_consume()
    counted._remove_from_indices = _nobody
    for tag in ("a", "b"):
        with pytest.raises(ConnectionError):
            counted.ack(tag)
    return counted


def _nobody(*_: Any, **__: Any) -> Any:
    raise ConnectionError


def test_the_application_counts_so() -> None:
    from config.celery import app  # noqa: F401

    assert redis.Channel.QoS is slots.QoS


def test_an_acknowledgement_that_fails_takes_no_place(channel: Any) -> None:
    assert _in_vain(channel, slots.QoS).can_consume()


def test_without_this_a_worker_would_hear_nothing_any_more(channel: Any) -> None:
    assert not _in_vain(channel, redis.QoS).can_consume()
