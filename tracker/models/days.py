"""Days belong to a place: which day it is, is asked in the ministry's time zone (`settings.TIME_ZONE`)."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def ministry_day(now: dt.datetime) -> dt.date:
    """The calendar day in the ministry's zone at a moment (an aware datetime)."""
    return timezone.localdate(now, timezone.get_default_timezone())
