"""What sends what is owed: it claims, sends and settles, and may be killed at any moment.

A claim is committed before anything is sent and holds for `LEASE`; who is killed after it leaves an item that somebody
else sends again under the same id. Only the latest claim may settle an item. So nothing is lost, any number of
processes may be at it, and what a receiver gets twice it can tell by the id.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from tracker.models import OutboxItem
from tracker.models.outbox import LEASE, PAUSES
from tracker.models.vocabulary import OutboxKind, OutboxState
from tracker.outbox import mail, webhooks
from tracker.outbox.outcome import Ended, Outcome, one_line

_log = logging.getLogger(__name__)

AT_ONCE = 8
"""So many items one process sends at the same time, and never claims more: none waits for its turn under a lease."""

FOR_ONE = 3
"""So many of them to one receiver, so that a slow one leaves room for the others."""

ENOUGH = 3
"""A receiver that failed so often without a success is left alone for the rest of the run."""

MAIL = 0
"""The mail server stands among the receivers under this number; the others have those of their endpoints."""

# Receiver by receiver, of each the longest due, so that a backlog for one does not stand before the others. A lease is
# timed by the database's clock alone, the schedule by the caller's.
_CLAIM = """
WITH receiver AS (
    SELECT id, id AS endpoint_id FROM tracker_webhookendpoint WHERE enabled UNION ALL SELECT 0, NULL
), free AS (
    SELECT id, endpoint_id, %(for_one)s - coalesce((%(busy)s::jsonb ->> id::text)::int, 0) AS places FROM receiver
), due AS (
    SELECT item.id, item.turn FROM free CROSS JOIN LATERAL (
        SELECT o.id, o.next_try_at, row_number() OVER (ORDER BY o.next_try_at, o.id) AS turn FROM (
            SELECT i.id, i.next_try_at FROM tracker_outboxitem i
            WHERE i.state = 'waiting' AND i.endpoint_id IS NOT DISTINCT FROM free.endpoint_id
                AND i.next_try_at <= %(moment)s AND (i.leased_until IS NULL OR i.leased_until < clock_timestamp())
            ORDER BY i.next_try_at, i.id LIMIT greatest(free.places, 0) FOR UPDATE SKIP LOCKED) AS o
    ) AS item WHERE free.places > 0
    ORDER BY item.turn, item.next_try_at LIMIT %(most)s
)
UPDATE tracker_outboxitem SET leased_until = clock_timestamp() + %(lease)s, attempts = attempts + 1, fence = fence + 1
WHERE id IN (SELECT id FROM due) RETURNING id"""

_SETTLE = """
WITH tried AS (
    INSERT INTO tracker_delivery (item_id, at, milliseconds, delivered, answer)
    VALUES (%(id)s, %(at)s, %(milliseconds)s, %(delivered)s, %(answer)s)
)
UPDATE tracker_outboxitem SET state = %(state)s, next_try_at = coalesce(%(next)s, next_try_at),
    settled_at = %(settled)s, leased_until = NULL
WHERE id = %(id)s AND fence = %(fence)s AND state = 'waiting'"""

Send = Callable[[OutboxItem], Outcome]


@dataclass(slots=True)
class Relayed:
    """What one run did."""

    delivered: int = 0
    failed: int = 0
    dead: int = 0


@dataclass(slots=True)
class _Run:
    """One run: what is on its way, and which receivers failed."""

    began: dt.datetime
    lease: dt.timedelta
    on_the_way: dict[Future[tuple[Outcome, dt.datetime, int]], OutboxItem] = field(default_factory=dict)
    failures: Counter[int] = field(default_factory=Counter)
    clock: float = field(default_factory=time.monotonic)
    done: Relayed = field(default_factory=Relayed)

    @property
    def seconds(self) -> float:
        """How long it has run."""
        return time.monotonic() - self.clock

    @property
    def moment(self) -> dt.datetime:
        """The caller's clock, run on."""
        return self.began + dt.timedelta(seconds=self.seconds)

    def busy(self) -> dict[int, int]:
        """How many places of each receiver are taken: by what is on its way to it, or all of them by its failures."""
        taken = Counter(receiver(item) for item in self.on_the_way.values())
        resting = {number: FOR_ONE for number, failed in self.failures.items() if failed >= ENOUGH}
        return {**taken, **resting}


def deliver(
    now: dt.datetime, *, seconds: float = 50.0, lease: dt.timedelta = LEASE, send: Send | None = None
) -> Relayed:
    """Send what is due at `now`, and what falls due meanwhile, until nothing is left or `seconds` have passed.

    May run anywhere, any number of times at once, and be killed. A try that fails is repeated after `PAUSES`, in their
    order; after the last it is given up. What is on its way when the time is over is still settled.
    """
    run = _Run(now, lease)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="outbox") as senders:
        while True:
            claimed = _claim(run) if run.seconds < seconds else []
            for item in claimed:
                run.on_the_way[senders.submit(_timed, send or by_kind, item, run)] = item
            if not run.on_the_way:
                return run.done
            for ended in wait(run.on_the_way, return_when=FIRST_COMPLETED).done:
                _settle(run, run.on_the_way.pop(ended), *ended.result())


def receiver(item: OutboxItem) -> int:
    """Whom an item is for: its endpoint's number, or `MAIL`."""
    return item.endpoint_id or MAIL


def by_kind(item: OutboxItem) -> Outcome:
    """Send one item, once."""
    return mail.send(item) if item.kind == OutboxKind.MAIL else webhooks.send(item)


def _claim(run: _Run) -> Sequence[OutboxItem]:
    """Take as many due items as there is room for, with a lease that is committed when this returns."""
    most = AT_ONCE - len(run.on_the_way)
    if most <= 0:
        return []
    words: dict[str, Any] = {
        "most": most,
        "for_one": FOR_ONE,
        "busy": json.dumps(run.busy()),
        "moment": run.moment,
        "lease": run.lease,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, words)
        ids = [row[0] for row in cursor.fetchall()]
    return list(OutboxItem.objects.select_related("endpoint", "person__user").filter(pk__in=ids)) if ids else []


def _timed(send: Send, item: OutboxItem, run: _Run) -> tuple[Outcome, dt.datetime, int]:
    """Send in a thread: what came of it, when it began, and the milliseconds. Whatever goes wrong is an answer."""
    at, began = run.moment, time.monotonic()
    try:
        outcome = send(item)
    except Exception as error:  # noqa: BLE001  (one item never stops the others)
        _log.exception("outbox_try_failed", extra={"item": str(item.event)})
        outcome = Outcome(Ended.FAILED, type(error).__name__)
    return outcome, at, round((time.monotonic() - began) * 1000)


def _settle(run: _Run, item: OutboxItem, outcome: Outcome, at: dt.datetime, milliseconds: int) -> None:
    """Note the try, and where it leaves the item; the latter only if nobody else has claimed it since."""
    state, following = _standing(item, outcome, run.moment)
    words: dict[str, Any] = {
        "id": item.pk,
        "fence": item.fence,
        "at": at,
        "milliseconds": milliseconds,
        "delivered": outcome.delivered,
        "answer": one_line(outcome.answer),
        "state": state,
        "next": following,
        "settled": None if state == OutboxState.WAITING else run.moment,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, words)
        if not cursor.rowcount:
            _log.warning("outbox_lease_lost", extra={"item": str(item.event)})
    _count(run, item, outcome, state)


def _standing(item: OutboxItem, outcome: Outcome, moment: dt.datetime) -> tuple[OutboxState, dt.datetime | None]:
    """What becomes of an item, and when it is tried again."""
    if outcome.delivered:
        return OutboxState.SENT, None
    if outcome.ended is Ended.NOBODY or item.attempts > len(PAUSES):
        return OutboxState.DEAD, None
    return OutboxState.WAITING, moment + PAUSES[item.attempts - 1]


def _count(run: _Run, item: OutboxItem, outcome: Outcome, state: OutboxState) -> None:
    if outcome.delivered:
        run.done.delivered += 1
        run.failures.pop(receiver(item), None)
        return
    run.done.failed += 1
    if outcome.ended is Ended.FAILED:
        run.failures[receiver(item)] += 1
    if state == OutboxState.DEAD:
        run.done.dead += 1
        _log.error("outbox_given_up", extra={"item": str(item.event), "answer": one_line(outcome.answer)})
