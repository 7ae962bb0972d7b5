"""How long anybody waits for Redis. Nothing that it holds is owed: what it does not answer soon is done without it."""

from __future__ import annotations

from typing import Any

from redis.backoff import NoBackoff
from redis.retry import Retry

BROKER: dict[str, Any] = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # More than the second for which a worker lets Redis wait for a ring. A worker or beat whose connections have gone
    # mute finds out one after the other, each after so long; with 10 that took over a minute (`bin/drill redis`).
    "socket_timeout": 4,
    "socket_connect_timeout": 3,
    "socket_keepalive": True,
    "health_check_interval": 5,
    "global_keyprefix": "pacta:",
}
"""Celery's options for the transport, in seconds."""


def cache(location: str) -> dict[str, Any]:
    """The cache at this address. Pages ask it, so nobody waits for it, nor asks twice."""
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": location,
        "KEY_PREFIX": "pacta",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "retry": Retry(NoBackoff(), 0)},
    }
