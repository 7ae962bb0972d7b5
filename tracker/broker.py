"""A look at Redis past Celery: does it answer, what lies in its queues, and is anybody there to put in and to take out.

Nothing is decided by it: what has stopped is known from PostgreSQL (`tracker.watch`). It tells a human where to look.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _
from redis import Redis, exceptions
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE = 0.5
"""Seconds for each answer of Redis; who asks may be a page, and Redis may be what is ill."""

QUEUES = ("sweep", "ingest", "outbox")

WORKER, BEAT = "pacta-worker", "pacta-beat"
"""What workers and beats call themselves on their connections (`config.celery`)."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen. `fault` is empty where Redis answers; `lengths` are doorbells by queue, `connected` and `idle` the
    connections and the seconds since the last word on any of them, by name; `connected` is None where Redis does not
    let us ask.
    """

    fault: str = ""
    lengths: dict[str, int] = field(default_factory=dict)
    connected: Counter[str] | None = None
    idle: dict[str, int] = field(default_factory=dict)


def look() -> Look:
    """Ask Redis, with little patience; never raises."""
    try:
        with _connection() as redis:
            prefix = str(settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"])
            lengths = {name: int(redis.llen(prefix + name)) for name in QUEUES}
            return _with_clients(redis, lengths)
    except exceptions.TimeoutError:
        return Look(_("it takes connections and answers none"))
    except exceptions.AuthenticationError:
        return Look(_("it refuses the password of REDIS_URL"))
    except exceptions.RedisError as error:
        return Look(" ".join(str(error).split())[:200])


def _connection() -> Redis:
    return Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=PATIENCE,
        socket_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )


def _with_clients(redis: Redis, lengths: dict[str, int]) -> Look:
    """Who is connected; an account that may not ask (an ACL without `client|list`) sees the queues alone."""
    try:
        clients = redis.client_list()
    except exceptions.RedisError:
        return Look(lengths=lengths)
    idle: dict[str, int] = {}
    for client in clients:
        idle[client["name"]] = min(int(client["idle"]), idle.get(client["name"], int(client["idle"])))
    return Look(lengths=lengths, connected=Counter(client["name"] for client in clients), idle=idle)
