"""Items for the receivers of webhooks, written in the transaction of the change that they tell of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import connection
from psycopg import sql

from tracker.models.vocabulary import EventType

# One item for each receiver that wants the event and may know of the commitment: the same rule as that of the sweep's
# own items (`tracker.standing`), which a test holds equal.
_TELL = """
INSERT INTO tracker_outboxitem (event, kind, event_type, endpoint_id, body, made_at, next_try_at)
SELECT gen_random_uuid(), 'webhook', {event}, e.id, jsonb_build_object(
    'type', {event}, 'timestamp', to_char(%(now)s::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'data', jsonb_build_object('commitment', c.id, {told})), %(now)s, %(now)s
FROM unnest(%(commitments)s::bigint[], %(was)s::text[]) AS before (id, was)
    JOIN tracker_commitment c ON c.id = before.id
    JOIN tracker_text t ON t.id = c.text_id JOIN tracker_instrument i ON i.id = t.instrument_id
    CROSS JOIN tracker_webhookendpoint e
WHERE e.enabled AND {event} = ANY (e.events)
    AND (e.unit_id IS NULL OR e.unit_id = COALESCE(c.unit_id, i.unit_id, e.unit_id))
ORDER BY c.id, e.id"""


def _telling(event: EventType, told: str) -> sql.Composed:
    return sql.SQL(_TELL).format(event=sql.Literal(event.value), told=sql.SQL(told))


_STATUS = _telling(
    EventType.STATUS_CHANGED, "'from', before.was, 'to', c.status, 'status', c.status, 'on', c.status_on"
)
_DEADLINE = _telling(EventType.DEADLINE_CHANGED, "'due_on', c.due_on")


def status_changed(was: Mapping[int, str], now: dt.datetime) -> int:
    """Owe the news that the status of these commitments is what it now is; how many items that made. `was` is the
    status that each had before, by the commitment's number.

    Call it after the change, in its transaction; one statement whatever the number.
    """
    return _tell(_STATUS, list(was), list(was.values()), now)


def deadline_changed(commitments: Sequence[int], now: dt.datetime) -> int:
    """The same for their last day, which may also have come or gone (`due_on` is null then)."""
    return _tell(_DEADLINE, commitments, [], now)


def _tell(statement: sql.Composed, commitments: Sequence[int], was: list[str], now: dt.datetime) -> int:
    if not commitments:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(statement, {"now": now, "commitments": list(commitments), "was": was})
        return int(cursor.rowcount)
