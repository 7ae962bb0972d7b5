"""How many requests anybody may send. The count lies in the cache; where that is away, nobody is counted and everybody
served: the API reads PostgreSQL, and guessing passwords is stopped elsewhere (django-axes, in PostgreSQL)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from redis import RedisError
from rest_framework import throttling
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which imports us, by the settings

_log = logging.getLogger(__name__)


class _Lenient(throttling.SimpleRateThrottle):
    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether there is room for one more; without a count, yes."""
        try:
            return bool(super().allow_request(request, view))
        except RedisError:
            _log.warning("requests_not_counted", exc_info=True)
            return True


class Anonymous(_Lenient, throttling.AnonRateThrottle):
    """Requests without a token, by address."""


class Known(_Lenient, throttling.UserRateThrottle):
    """Requests with a token, by user; without one, by address."""
