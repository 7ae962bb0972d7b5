"""The API while the count of requests is away: it serves, and soon."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from django.conf import settings as configured
from django.test import Client
from knox.models import AuthToken

from tests.tracker import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a Redis that takes connections and answers none."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(64)
        yield door.getsockname()[1]


def _cache(port: int) -> dict[str, object]:
    return {"default": {**configured.CACHES["default"], "LOCATION": f"redis://:word@127.0.0.1:{port}/1"}}


def _asked() -> tuple[int, float]:
    _, token = AuthToken.objects.create(people.person("aigerim"))
    began = time.monotonic()
    answer = Client().get("/api/v1/parties/", headers={"Authorization": f"Token {token}"})
    return answer.status_code, time.monotonic() - began


def test_where_nobody_counts_everybody_is_served(settings) -> None:
    settings.CACHES = _cache(1)
    assert _asked()[0] == 200


def test_a_count_that_hangs_holds_nobody_up(settings, silent: int) -> None:
    settings.CACHES = _cache(silent)
    status, seconds = _asked()
    assert status == 200
    assert seconds < 2


def test_a_sign_in_is_served_too(settings, silent: int) -> None:
    settings.CACHES = _cache(silent)
    people.person("aigerim")
    began = time.monotonic()
    assert Client().post("/api/v1/login/").status_code == 401
    assert time.monotonic() - began < 2
