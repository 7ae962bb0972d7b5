"""Who is told of what is open, when and how often: the ladder is climbed, and each person gets one mail a day.

`owed` says in SQL what is to be told to whom, `ladder` lets follow-ups climb, `days` knows when people are at work,
`digest` writes what was told into the ledger with the mail that tells it, `letter` finds the words.
"""

from __future__ import annotations

import datetime as dt

from tracker.models import Sweep
from tracker.models.days import ministry_day
from tracker.reminding.digest import Sent, send_digests
from tracker.reminding.ladder import climb

__all__ = ["Sent", "climb", "remind", "send_digests"]


def remind(now: dt.datetime) -> Sent:
    """Let what nobody has acknowledged climb, then write the mails that are due at this moment into the outbox.

    Nobody is told anything before a sweep has looked at the day: a mail goes out once a day, and it would speak of
    yesterday. May run twice, at the same time, or late.
    """
    on = ministry_day(now)
    if not Sweep.objects.filter(on__gte=on).exists():
        return Sent()
    climb(on)
    return send_digests(now)
