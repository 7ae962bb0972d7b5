"""When people are at work: the days and hours of a unit are those of its people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

from tracker.models import CalendarDay, Unit
from tracker.models.people import EVENING, MORNING, WORKING_WEEK

_Exceptions = Mapping[int | None, bool]
"""Whether a day that differs from the week is worked, by unit; under None, what counts for all."""


def works(unit: Unit | None, on: dt.date) -> bool:
    """Whether a unit works on a day: its own entry in the calendar counts before the general one, and that before its
    week. Without a unit: from Monday to Friday.
    """
    return _works(unit, on, _exceptions(on))


def mail_may_go(unit: Unit | None, now: dt.datetime) -> bool:
    """Whether a unit's people may be written to at a moment: on a day that they work, from the first hour of theirs
    up to, and not at, the last; on the ministry's clock.
    """
    at = _ministry_time(now)
    return _in_hours(unit, at.time()) and works(unit, at.date())


def units_at_work(now: dt.datetime) -> set[int | None]:
    """The units whose people may be written to at a moment; None among them stands for people of no unit."""
    at = _ministry_time(now)
    exceptions = _exceptions(at.date())
    return {
        unit.pk if unit else None
        for unit in (None, *Unit.objects.all())
        if _in_hours(unit, at.time()) and _works(unit, at.date(), exceptions)
    }


def _ministry_time(now: dt.datetime) -> dt.datetime:
    return timezone.localtime(now, timezone.get_default_timezone())


def _exceptions(on: dt.date) -> _Exceptions:
    return dict(CalendarDay.objects.filter(on=on).values_list("unit", "works"))


def _works(unit: Unit | None, on: dt.date, exceptions: _Exceptions) -> bool:
    week = unit.working_days if unit else WORKING_WEEK
    general = exceptions.get(None, on.isoweekday() in week)
    return exceptions.get(unit.pk, general) if unit else general


def _in_hours(unit: Unit | None, at: dt.time) -> bool:
    first, last = (unit.mail_from, unit.mail_until) if unit else (MORNING, EVENING)
    return first <= at < last
