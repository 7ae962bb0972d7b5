"""The sweep: everything that must be flagged is, and nothing else. PostgreSQL decides; who rings does not matter."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field

from django.db import transaction

from tracker.models import Sweep, locks, standing
from tracker.models.vocabulary import Reason

_KEPT = dt.timedelta(days=90)
"""How long finished runs stay on record; their number (one a minute) tells nothing after that."""

_MANY = 1000
"""So many changed flags leave PostgreSQL with a wrong idea of their table: it would plan the next run badly (measured:
seconds instead of milliseconds) until autovacuum comes by."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one run did, by reason; `ran` is False where another run was at work, which did it all."""

    ran: bool
    raised: dict[Reason, int] = field(default_factory=dict)
    cleared: dict[Reason, int] = field(default_factory=dict)


@transaction.atomic
def sweep(on: dt.date, now: dt.datetime) -> Swept:
    """Close the flags that no longer hold, raise those that do, and record the run; at most six statements at any size.

    `on` is the ministry's day, `now` the moment. May run twice, at the same time, late, or with days missed between:
    what is flagged follows from the commitments alone. The lock only keeps two runs from doing the same work; the
    unique keys keep them from doing it twice.
    """
    began = time.monotonic()
    if not locks.try_take(locks.Lock.SWEEP):
        return Swept(ran=False)
    cleared = standing.clear_what_does_not(on, now)
    raised = standing.raise_what_holds(on, now)
    if sum(raised.values()) + sum(cleared.values()) >= _MANY:
        standing.refresh_statistics()
    Sweep.objects.create(
        started_at=now,
        finished_at=now + dt.timedelta(seconds=time.monotonic() - began),
        on=on,
        raised=sum(raised.values()),
        cleared=sum(cleared.values()),
    )
    Sweep.objects.filter(finished_at__lt=now - _KEPT).delete()
    return Swept(ran=True, raised=raised, cleared=cleared)
