"""What must be flagged: raised and cleared over whole sets by the law of `law.py`.

`look` says what has changed since the last sweep, `raise_what_holds` and `clear_what_does_not` act on it, `preview`
says what a rule would do today. Raising and clearing are built from the same law, so that nothing is raised that would
be cleared, or the other way round. Every statement may run twice, at the same time, or late.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg import sql

from tracker.models.vocabulary import Reason
from tracker.standing.law import ASKED, FIRST, FITS, HOLDS, LAW, LOOKED, WHY_CLOSED, Entry, composed

_MOST_TOUCHED = 20_000
"""Where more commitments were changed than this, looking at everything is quicker than looking them up."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a sweep must look at.

    With `since` None: everything. Otherwise what the days after `since` bring, and the commitments `touched`. `law` is
    the digest of the rules it was decided by, `changed` how many changes were taken out of the list of them.
    """

    since: dt.date | None
    touched: tuple[int, ...]
    law: str
    changed: int = 0

    def nothing(self, on: dt.date) -> bool:
        """Whether there is nothing to look at on this day."""
        return self.since is not None and self.since >= on and not self.touched


_LOOK = f"""
WITH taken AS (DELETE FROM tracker_touched RETURNING commitment_id)
SELECT (SELECT count(*) FROM taken),
    (SELECT CASE WHEN count(*) <= {_MOST_TOUCHED} THEN array_agg(DISTINCT commitment_id) END FROM taken),
    (SELECT coalesce(string_agg(r::text, ' ' ORDER BY r.id), '') FROM tracker_followuprule r),
    last.on, coalesce(last.law, '')
FROM (VALUES (1)) AS one LEFT JOIN LATERAL (
    SELECT "on", law FROM tracker_sweep ORDER BY id DESC LIMIT 1) AS last ON TRUE
"""

_RULES = f"rule AS MATERIALIZED (SELECT r.*, {FIRST} FROM tracker_followuprule r)"

_WANTED = """SELECT c.id AS commitment_id, r.id AS rule_id, {base} AS occasion
    FROM rule r CROSS JOIN {among}
    WHERE r.enabled AND r.reason = '{reason}' AND {holds} AND {scope} AND {fits} AND NOT EXISTS (
        SELECT FROM tracker_followup f WHERE f.commitment_id = c.id AND f.rule_id = r.id AND f.state = 'open')"""

# The rows are found without a lock, then locked and judged again as they are by then: FOR SHARE makes a status change
# wait, or be waited for, so that a promise kept a moment ago is not flagged. Rows that somebody is changing right now
# are noted for the next run, for their change may yet be taken back. What was submitted or looked at again in that
# very moment is seen by the next run too, a minute later.
# Sorted, so that two runs write in the same order and never wait for each other in a ring.
_RAISE = """
WITH {rules}, wanted AS MATERIALIZED ({wanted}), held AS MATERIALIZED (
    SELECT w.commitment_id, w.rule_id, r.reason, w.occasion
    FROM wanted w JOIN tracker_commitment c ON c.id = w.commitment_id JOIN rule r ON r.id = w.rule_id
        LEFT JOIN {looked} ON looked.commitment_id = c.id LEFT JOIN {asked} ON asked.commitment_id = c.id
    WHERE {holds}
    FOR SHARE OF c SKIP LOCKED
), missed AS (
    INSERT INTO tracker_touched (commitment_id) SELECT DISTINCT w.commitment_id FROM wanted w WHERE NOT EXISTS (
        SELECT FROM held h WHERE h.commitment_id = w.commitment_id AND h.rule_id = w.rule_id)
), raised AS (
    INSERT INTO tracker_followup (commitment_id, rule_id, reason, occasion, state, raised_on, raised_at, closed_because)
    SELECT commitment_id, rule_id, reason, occasion, 'open', %(on)s, %(now)s, '' FROM held
    ORDER BY commitment_id, rule_id
    ON CONFLICT (commitment_id, rule_id, occasion)
    DO UPDATE SET state = 'open', closed_at = NULL, closed_because = '', raised_on = EXCLUDED.raised_on,
        raised_at = EXCLUDED.raised_at, acknowledged_at = NULL, acknowledged_by_id = NULL, snoozed_until = NULL
    WHERE tracker_followup.state = 'closed'
    RETURNING id, commitment_id, reason, occasion
), told AS ({told})
SELECT reason, count(*) FROM raised GROUP BY reason"""

_CLEAR = """
WITH {rules}, cleared AS (
    UPDATE tracker_followup f SET state = 'closed', closed_at = %(now)s, closed_because = {why}
    FROM rule r, tracker_commitment c
        LEFT JOIN {looked} ON looked.commitment_id = c.id LEFT JOIN {asked} ON asked.commitment_id = c.id
    WHERE f.state = 'open' AND c.id = f.commitment_id AND r.id = f.rule_id AND {scope}
        AND (NOT r.enabled OR ({holds}) IS NOT TRUE OR NOT ({fits}))
    RETURNING f.id, f.commitment_id, f.reason, f.occasion
), told AS ({told})
SELECT reason, count(*) FROM cleared GROUP BY reason"""

# One item for each receiver that may know of the commitment and wants the event, in the transaction of the event.
_TOLD = """
    INSERT INTO tracker_outboxitem (event, kind, event_type, endpoint_id, body, made_at, next_try_at)
    SELECT gen_random_uuid(), 'webhook', '{event}', e.id, jsonb_build_object(
        'type', '{event}', 'timestamp', to_char(%(now)s::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'data', jsonb_build_object('followup', b.id, 'commitment', b.commitment_id, 'reason', b.reason,
            'occasion', b.occasion)), %(now)s, %(now)s
    FROM {become} b CROSS JOIN tracker_webhookendpoint e JOIN tracker_commitment c ON c.id = b.commitment_id
        JOIN tracker_text t ON t.id = c.text_id JOIN tracker_instrument i ON i.id = t.instrument_id
    WHERE e.enabled AND '{event}' = ANY (e.events)
        AND (e.unit_id IS NULL OR e.unit_id = COALESCE(c.unit_id, i.unit_id, e.unit_id))"""


def _wanted(entry: Entry, scope: str) -> str:
    return _WANTED.format(
        base=entry.base,
        among=entry.among,
        reason=entry.reason.value,
        holds=entry.holds,
        scope=scope.format(began=entry.began),
        fits=FITS,
    )


def _raising(scope: str) -> sql.SQL:
    return composed(
        _RAISE.format(
            rules=_RULES,
            wanted=" UNION ALL ".join(_wanted(entry, scope) for entry in LAW),
            looked=LOOKED,
            asked=ASKED,
            holds=HOLDS.format(occasion="w.occasion"),
            told=_TOLD.format(event="followup.raised", become="raised"),
        )
    )


def _clearing(scope: str) -> sql.SQL:
    return composed(
        _CLEAR.format(
            rules=_RULES,
            why=WHY_CLOSED,
            looked=LOOKED,
            asked=ASKED,
            scope=scope,
            holds=HOLDS.format(occasion="f.occasion"),
            fits=FITS,
            told=_TOLD.format(event="followup.closed", become="cleared"),
        )
    )


_RAISE_ALL, _CLEAR_ALL = _raising("TRUE"), _clearing("TRUE")
_RAISE_NEW = _raising("({began})")
_RAISE_NEW_AND_TOUCHED = _raising("(({began}) OR c.id = ANY(%(touched)s::bigint[]))")
# A day that passes ends nothing but "due soon".
_PASSED = "(f.reason = 'due_soon' AND f.occasion >= %(since)s::date AND f.occasion < %(on)s::date)"
_CLEAR_PASSED = _clearing(_PASSED)
_CLEAR_PASSED_AND_TOUCHED = _clearing(f"({_PASSED} OR f.commitment_id = ANY(%(touched)s::bigint[]))")
_CLEAR_TOUCHED = _clearing("f.commitment_id = ANY(%(touched)s::bigint[])")

_LAW_AS_WRITTEN = hashlib.sha256((_RAISE_ALL.as_string(None) + _CLEAR_ALL.as_string(None)).encode()).hexdigest()


def look(*, everything: bool = False) -> Scope:
    """Take the list of what was changed, and say what must be looked at; one statement.

    Everything, where nothing was looked at yet, or by other rules than today's, in another zone, or where very much
    was changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOOK)
        changed, touched, rules, since, before = cursor.fetchone()
    law = hashlib.sha256(f"{_LAW_AS_WRITTEN} {settings.TIME_ZONE} {rules}".encode()).hexdigest()
    if everything or law != before or (changed and touched is None):
        return Scope(None, (), law, changed)
    return Scope(since, tuple(touched or ()), law, changed)


def raise_what_holds(on: dt.date, now: dt.datetime, scope: Scope) -> dict[Reason, int]:
    """Flag what must be flagged and is not, in one statement; how many, by reason.

    The same occasion is one row for ever: one that was closed and holds again is opened again.
    """
    if scope.since is None:
        return _counted(_RAISE_ALL, on, now)
    statement = _RAISE_NEW_AND_TOUCHED if scope.touched else _RAISE_NEW
    return _counted(statement, on, now, since=scope.since, touched=list(scope.touched))


def clear_what_does_not(on: dt.date, now: dt.datetime, scope: Scope) -> dict[Reason, int]:
    """Close the open flags whose reason or occasion no longer holds, with why, in one statement; how many, by reason."""
    if scope.since is None:
        return _counted(_CLEAR_ALL, on, now)
    statement = _CLEAR_PASSED_AND_TOUCHED if scope.touched else _CLEAR_PASSED
    return _counted(statement, on, now, since=scope.since, touched=list(scope.touched))


def clear_of(commitments: Sequence[int], on: dt.date, now: dt.datetime) -> dict[Reason, int]:
    """The same for some commitments, by their ids, for a step that has just changed them."""
    return _counted(_CLEAR_TOUCHED, on, now, touched=list(commitments))


def refresh_statistics() -> None:
    """Let PostgreSQL look again at how the flags are distributed; takes some milliseconds, whatever their number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tracker_analyze_followups()")


def _counted(statement: sql.SQL, on: dt.date, now: dt.datetime, **more: Any) -> dict[Reason, int]:
    parameters: Mapping[str, Any] = {"on": on, "now": now, "zone": settings.TIME_ZONE, **more}
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return {Reason(reason): number for reason, number in cursor.fetchall()}
