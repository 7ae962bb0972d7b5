"""Days belong to a place: the ministry's day is the same in Python and in PostgreSQL, on every day of a century."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from tests.tracker.makers import NOW, make_commitment
from tracker import followup
from tracker.models import FollowUp
from tracker.models.days import ministry_day
from tracker.models.vocabulary import Reason

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
ZONES = (
    "Asia/Almaty",
    "Asia/Baku",
    "Asia/Kathmandu",
    "Europe/London",
    "America/New_York",
    "Pacific/Auckland",
)
FIRST, LAST = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
_MIDNIGHTS = """
SELECT array_agg(extract(epoch FROM (day::date)::timestamp AT TIME ZONE %(zone)s)::bigint ORDER BY day)
FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') day"""


def midnights(zone: str) -> list[int]:
    """When each day from FIRST to the one after LAST begins, in seconds since 1970, as PostgreSQL reckons."""
    with connection.cursor() as cursor:
        cursor.execute(_MIDNIGHTS, {"zone": zone, "first": FIRST, "last": LAST + DAY})
        found: list[int] = cursor.fetchone()[0]
        return found


@pytest.mark.parametrize("zone", ZONES)
def test_every_day_of_a_century_begins_when_postgresql_says(zone: str, settings: Any) -> None:
    settings.TIME_ZONE = zone
    begins = midnights(zone)
    assert len(begins) == (LAST - FIRST).days + 2 == 36_891
    ours, wrong = ZoneInfo(zone), []
    for number, second in enumerate(begins):
        day = FIRST + number * DAY
        moment = dt.datetime.fromtimestamp(second, dt.UTC)
        at_midnight = int(dt.datetime.combine(day, dt.time(), ours).timestamp())
        around = (ministry_day(moment - dt.timedelta(microseconds=1)), ministry_day(moment))
        if at_midnight != second or around != (day - DAY, day):
            wrong.append((day, at_midnight - second, around))
    assert wrong == []


def test_the_last_day_of_february_2024_lasted_25_hours_in_almaty() -> None:
    begins = midnights("Asia/Almaty")
    place = (dt.date(2024, 2, 29) - FIRST).days
    assert begins[place + 1] - begins[place] == 25 * 3600
    assert begins[place] == int(NOW.replace(2024, 2, 28, 18).timestamp())
    assert begins[place + 1] == int(NOW.replace(2024, 2, 29, 19).timestamp())
    lengths = {after - before for before, after in zip(begins[place + 1 :], begins[place + 2 :], strict=False)}
    assert lengths == {24 * 3600}


def test_a_day_of_25_hours_is_one_day_of_follow_up() -> None:
    long_day = dt.date(2024, 2, 29)
    made = make_commitment(due_on=long_day, made_on=long_day, read_on=long_day)
    ends = dt.datetime(2024, 2, 29, 19, tzinfo=dt.UTC)
    for now, overdue in ((ends - dt.timedelta(seconds=1), False), (ends, True)):
        followup.sweep(ministry_day(now), now)
        assert FollowUp.objects.open().filter(commitment=made, reason=Reason.OVERDUE).exists() == overdue
