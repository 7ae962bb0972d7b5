"""The address that a monitor asks."""

from __future__ import annotations

import datetime as dt
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from tracker.models import Sweep

pytestmark = pytest.mark.django_db


def _sweep(seconds_ago: int) -> None:
    at = timezone.now() - dt.timedelta(seconds=seconds_ago)
    Sweep.objects.create(started_at=at, finished_at=at, on=at.date(), raised=3, cleared=0)


def test_a_fresh_sweep_is_health(client: Client, settings) -> None:
    settings.HEALTH_SWEEP_SECONDS = 300
    _sweep(900)
    _sweep(60)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["database"] is True
    assert 60 <= answer.json()["sweep_age_seconds"] < 70


def test_an_old_sweep_is_not(client: Client, settings) -> None:
    settings.HEALTH_SWEEP_SECONDS = 300
    _sweep(301)
    assert client.get("/healthz").status_code == 503


def test_no_sweep_at_all_is_not(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["sweep_age_seconds"]) == (503, None)


def test_health_tells_nothing_else_and_is_never_cached(client: Client) -> None:
    _sweep(1)
    answer = client.get("/healthz")
    assert set(answer.json()) == {"status", "database", "sweep_age_seconds"}
    assert "no-store" in answer["Cache-Control"]


def test_a_database_that_is_down_is_told_without_its_words(client: Client) -> None:
    with mock.patch("tracker.watch.Sweep.objects.order_by", side_effect=OperationalError("password=secret")):
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "database": False, "sweep_age_seconds": None}


def test_health_needs_neither_redis_nor_celery(client: Client, settings) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    _sweep(1)
    assert client.get("/healthz").status_code == 200
