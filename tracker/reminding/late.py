"""Who should have been told by now: reminders that are owed, for long, by a machine that was well enough to see it."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from tracker.models import Sweep
from tracker.models.days import ministry_day
from tracker.reminding import days, owed

# What somebody changed of late (the flag, its commitment, its ladder, a person, a rule, a unit's days) may be owed only
# since then, and is left to the next look.
_LONG = """
SELECT f.id FROM tracker_followup f
WHERE f.id = ANY(%(followups)s::bigint[]) AND f.raised_at < %(since)s AND NOT EXISTS (
    SELECT FROM audit.entry e WHERE e.at >= %(since)s AND (
        (e.part_of_model = 'tracker.commitment' AND e.part_of_id = f.commitment_id::text)
        OR (e.part_of_model = 'tracker.followup' AND e.part_of_id = f.id::text)))"""

_OTHERWISE = """
SELECT EXISTS (SELECT FROM audit.entry WHERE at >= %(since)s AND part_of_model = ANY(%(models)s::text[]))"""
_MODELS = ["tracker.followuprule", "tracker.escalationrung", "tracker.unit", "tracker.calendarday", "auth.user"]


def late(now: dt.datetime, patience: dt.timedelta) -> list[int]:
    """The people who are owed a mail at `now`, were at work and owed the same already `patience` ago, and have had
    none today; by their ids. Empty also while nobody can tell yet: before the day's first sweep is that old.
    """
    on, since = ministry_day(now), now - patience
    units = days.units_at_work(now) & days.units_at_work(since)
    if ministry_day(since) != on or not units:
        return []
    if not Sweep.objects.filter(on__gte=on, finished_at__lt=since).exists():
        return []
    waiting = owed.owed_to(units, on)
    long = _long({followup for followups in waiting.values() for followup in followups}, since)
    return [person for person, followups in waiting.items() if long.intersection(followups)]


def _long(followups: set[int], since: dt.datetime) -> set[int]:
    """Those of the follow-ups that can't have become owed after a moment."""
    if not followups:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_OTHERWISE, {"since": since, "models": _MODELS})
        if cursor.fetchone()[0]:
            return set()
        cursor.execute(_LONG, {"followups": list(followups), "since": since})
        return {followup for (followup,) in cursor.fetchall()}
