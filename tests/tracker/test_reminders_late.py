"""Reminders that should have been written: told when the machine had the time, and not before."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from tests.tracker.reminding import DAY, MONDAY, at, only, promise, somebody
from tracker import followup, reminding
from tracker.models import Person
from tracker.models.vocabulary import Reason
from tracker.reminding.late import late

pytestmark = pytest.mark.django_db

PATIENCE = dt.timedelta(minutes=30)


@pytest.fixture
def aigerim() -> Person:
    """Owed a reminder on Monday since a sweep at nine."""
    person = somebody()
    only(Reason.OVERDUE, 0)
    promise(person, due_on=MONDAY - DAY, read_on=MONDAY - 9 * DAY, made_on=MONDAY - 9 * DAY)
    followup.sweep(MONDAY, at(MONDAY, 9))
    _as_of_old()
    return person


def _as_of_old() -> None:
    """Let nothing in the history be of today, whatever the clock says while this runs."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit.entry DISABLE TRIGGER ALL")
        cursor.execute("UPDATE audit.entry SET at = %s", [at(MONDAY, 9)])
        cursor.execute("ALTER TABLE audit.entry ENABLE TRIGGER ALL")


def test_whoever_is_owed_a_reminder_for_long_is_found(aigerim: Person) -> None:
    assert late(at(MONDAY, 10), PATIENCE) == [aigerim.pk]


def test_whoever_was_told_is_not(aigerim: Person) -> None:
    reminding.remind(at(MONDAY, 9, 5))
    assert late(at(MONDAY, 10), PATIENCE) == []


def test_what_is_owed_only_of_late_is_left_to_the_next_ring(aigerim: Person) -> None:
    assert late(at(MONDAY, 9, 20), PATIENCE) == []


def test_outside_the_hours_of_mail_nobody_is_owed_one(aigerim: Person) -> None:
    assert late(at(MONDAY, 23), PATIENCE) == []
    assert late(at(MONDAY, 3), PATIENCE) == []


def test_what_somebody_has_just_changed_may_be_owed_only_since_then(aigerim: Person) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit.entry DISABLE TRIGGER ALL")
        cursor.execute("UPDATE audit.entry SET at = %s WHERE model = 'tracker.commitment'", [at(MONDAY, 9, 50)])
        cursor.execute("ALTER TABLE audit.entry ENABLE TRIGGER ALL")
    assert late(at(MONDAY, 10), PATIENCE) == []
