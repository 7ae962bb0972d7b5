"""When people are at work: weeks, holidays, moved days and hours of a unit."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tests.tracker.makers import make_unit
from tests.tracker.reminding import DAY, MONDAY, at
from tracker.models import CalendarDay, Unit
from tracker.reminding import days

pytestmark = pytest.mark.django_db

SATURDAY = MONDAY + 5 * DAY


def holiday(on: dt.date = MONDAY, unit: Unit | None = None, *, works: bool = False) -> None:
    CalendarDay.objects.create(on=on, unit=unit, works=works, name="Republic Day")


def test_a_unit_works_from_monday_to_friday_unless_it_says_otherwise() -> None:
    unit, gulf = make_unit(), make_unit()
    gulf.working_days = [7, 1, 2, 3, 4]
    gulf.save()
    week = [MONDAY + n * DAY for n in range(7)]
    assert [days.works(unit, day) for day in week] == [True] * 5 + [False] * 2
    assert [days.works(None, day) for day in week] == [True] * 5 + [False] * 2
    assert [days.works(gulf, day) for day in week] == [True] * 4 + [False] * 2 + [True]


def test_nobody_works_on_a_holiday() -> None:
    unit = make_unit()
    holiday()
    assert not days.works(unit, MONDAY)
    assert not days.works(None, MONDAY)
    assert days.works(unit, MONDAY + DAY)


def test_a_saturday_may_be_worked() -> None:
    unit = make_unit()
    holiday(SATURDAY, works=True)
    assert days.works(unit, SATURDAY)
    assert days.works(None, SATURDAY)
    assert not days.works(unit, SATURDAY + DAY)


def test_a_units_own_entry_counts_before_the_general_one() -> None:
    duty, other = make_unit(), make_unit()
    holiday()
    holiday(unit=duty, works=True)
    holiday(SATURDAY, works=True)
    holiday(SATURDAY, unit=duty)
    assert (days.works(duty, MONDAY), days.works(other, MONDAY)) == (True, False)
    assert (days.works(duty, SATURDAY), days.works(other, SATURDAY)) == (False, True)


def test_a_day_is_entered_once_for_all_and_once_for_a_unit() -> None:
    holiday()
    with pytest.raises(IntegrityError):
        holiday()


@pytest.mark.parametrize(("hour", "minute", "may"), [(8, 59, False), (9, 0, True), (17, 59, True), (18, 0, False)])
def test_mail_goes_in_the_units_hours_only(hour: int, minute: int, may: bool) -> None:
    for unit in (make_unit(), None):
        assert days.mail_may_go(unit, at(MONDAY, hour, minute)) is may
        assert ((unit and unit.pk) in days.units_at_work(at(MONDAY, hour, minute))) is may


def test_hours_are_those_of_the_ministrys_clock() -> None:
    moment = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)  # 9 in Almaty, 5 in London … on the clock there
    assert days.mail_may_go(None, moment)
    with override_settings(TIME_ZONE="Europe/London"):
        from django.utils import timezone

        timezone.get_default_timezone.cache_clear()
        try:
            assert not days.mail_may_go(None, moment)
        finally:
            timezone.get_default_timezone.cache_clear()
    timezone.get_default_timezone.cache_clear()


def test_the_day_is_the_ministrys_too() -> None:
    night = Unit.objects.create(code="night", name_en="Night", mail_from=dt.time(0), mail_until=dt.time(23, 59))
    late_on_sunday_in_utc = dt.datetime(2026, 11, 22, 20, 0, tzinfo=dt.UTC)  # Monday, 1 o'clock in Almaty
    assert days.mail_may_go(night, late_on_sunday_in_utc)


@pytest.mark.parametrize("week", [[], [0], [8], [1, 9]])
def test_a_week_has_days_from_one_to_seven(week: list[int]) -> None:
    unit = make_unit()
    unit.working_days = week
    with pytest.raises(ValidationError):
        unit.full_clean()
    with pytest.raises(IntegrityError):
        unit.save()


def test_who_is_at_work_is_asked_in_two_statements_whatever_the_number_of_units() -> None:
    for _ in range(20):
        holiday(unit=make_unit())
    with CaptureQueriesContext(connection) as captured:
        assert days.units_at_work(at(MONDAY)) == {None}
    assert len(captured) == 2
