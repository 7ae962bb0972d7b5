"""How long the words of what was sent are kept."""

from __future__ import annotations

import datetime as dt

from tracker.models import OutboxItem
from tracker.models.vocabulary import OutboxState

KEPT = dt.timedelta(days=400)
"""So long the words of what was sent, or given up and put aside, can be read: a year's report and the questions about
it. That it was sent, to whom, when, and every try with its answer stay for good; so does what it told of, in the ledger
of reminders and in the history."""

AT_ONCE = 10_000
"""Items of one statement, so that nothing is locked for long."""


def forget(now: dt.datetime) -> int:
    """Empty the bodies of what was settled longer than `KEPT` ago; of how many items. What waits, and what was given up
    and nobody has decided on, stays whole: it may still be sent."""
    settled = OutboxItem.objects.filter(state__in=(OutboxState.SENT, OutboxState.ASIDE), settled_at__lt=now - KEPT)
    emptied = 0
    while chosen := list(settled.exclude(body={}).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        emptied += settled.filter(pk__in=chosen).update(body={})
    return emptied
