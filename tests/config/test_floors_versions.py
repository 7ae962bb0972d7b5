"""Versions below which a known fault would hurt Pacta: lost tasks, unsafe XML, holes in Django."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import pytest
from django.db import connection
from packaging.version import Version

LOWEST = {
    "django": "5.2.19",
    "celery": "5.7.0",
    "kombu": "5.7.0",
    "redis": "8.1",
    "psycopg": "3.3.9",
    "djangorestframework": "3.18.3",
    "lxml": "6.1.3",
}


@pytest.mark.parametrize(("package", "lowest"), LOWEST.items())
def test_no_package_is_older_than_its_fix(package: str, lowest: str) -> None:
    assert Version(version(package)) >= Version(lowest)


def test_redis_client_is_one_that_kombu_knows() -> None:
    assert Version(version("redis")) < Version("9")


def test_python_docx_is_the_one_whose_limits_were_measured() -> None:
    assert version("python-docx") == "1.2.0"


@pytest.mark.django_db
def test_postgresql_is_one_that_django_supports() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 140_000


def test_the_time_zones_know_that_almaty_moved_in_2024() -> None:
    almaty = zoneinfo.ZoneInfo("Asia/Almaty")
    assert datetime(2024, 3, 2, tzinfo=UTC).astimezone(almaty).utcoffset() == timedelta(hours=5)
    assert datetime(2024, 2, 1, tzinfo=UTC).astimezone(almaty).utcoffset() == timedelta(hours=6)


@pytest.mark.django_db
def test_postgresql_and_python_agree_on_almaty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (timestamptz '2024-03-02 00:00+00' AT TIME ZONE 'Asia/Almaty')::text")
        assert cursor.fetchone()[0] == "2024-03-02 05:00:00"
