"""The sweep: everything that must be flagged is, and nothing else. PostgreSQL decides; who rings does not matter."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field

from django.db import connection, transaction

from tracker import standing
from tracker.models import Commitment, locks
from tracker.models.vocabulary import Reason

_KEPT = dt.timedelta(days=90)
"""How long finished runs stay on record; their number (one a minute) tells nothing after that."""

_MANY = 1000
"""So many changed flags leave PostgreSQL with a wrong idea of their table: it would plan the next run badly (measured:
seconds instead of milliseconds) until autovacuum comes by. A day's changes do not: looking again would cost more."""

_RECORD = """
WITH gone AS (DELETE FROM tracker_sweep WHERE finished_at < %(kept)s)
INSERT INTO tracker_sweep (started_at, finished_at, "on", raised, cleared, touched, "full", law)
VALUES (%(now)s, %(finished)s, %(on)s, %(raised)s, %(cleared)s, %(touched)s, %(full)s, %(law)s)
RETURNING CASE WHEN %(many)s THEN tracker_analyze_followups()::text END"""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one run did, by reason; `ran` is False where another run was at work, which did it all, or (with `full`)
    where it would have been a run over more commitments than the caller would have it look at."""

    ran: bool
    full: bool = False
    raised: dict[Reason, int] = field(default_factory=dict)
    cleared: dict[Reason, int] = field(default_factory=dict)


@transaction.atomic
def sweep(on: dt.date, now: dt.datetime, *, everything: bool = False, at_most: int | None = None) -> Swept:
    """Close the flags that no longer hold, raise those that do, and record the run; at most six statements at any size.

    `on` is the ministry's day, `now` the moment. May run twice, at the same time, late, or with days missed between:
    what is flagged follows from the commitments alone. It looks only at what the days since the last run bring and at
    what was changed since (triggers keep the list), or at `everything` where that is asked for or the rules are others.
    The lock only keeps two runs from doing the same work; the unique keys keep them from doing it twice. Where it must
    look at everything and that is more than `at_most` commitments, it does nothing and says so.
    """
    began = time.monotonic()
    if not locks.try_take(locks.Lock.SWEEP):
        return Swept(ran=False)
    scope = standing.look(everything=everything)
    if at_most is not None and scope.since is None and Commitment.objects.order_by()[at_most : at_most + 1].exists():
        transaction.set_rollback(True)  # the list of changes stays for whoever does it
        return Swept(ran=False, full=True)
    cleared = raised = dict[Reason, int]()
    if not scope.nothing(on):
        cleared = standing.clear_what_does_not(on, now, scope)
        raised = standing.raise_what_holds(on, now, scope)
    swept = Swept(True, scope.since is None, raised, cleared)
    _record(swept, scope, on, now, dt.timedelta(seconds=time.monotonic() - began))
    return swept


def _record(swept: Swept, scope: standing.Scope, on: dt.date, now: dt.datetime, took: dt.timedelta) -> None:
    """Note the run, and forget those of long ago; let PostgreSQL look again at its table where much was changed."""
    raised, cleared = sum(swept.raised.values()), sum(swept.cleared.values())
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            {
                "kept": now - _KEPT,
                "now": now,
                "finished": now + took,
                "on": on,
                "raised": raised,
                "cleared": cleared,
                "many": swept.full and raised + cleared >= _MANY,
                "touched": scope.changed,
                "full": swept.full,
                "law": scope.law,
            },
        )
