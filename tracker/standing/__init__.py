"""What must be flagged: raised and cleared over whole sets by the law of `law.py`.

`look` says what has changed since the last sweep, `raise_what_holds` and `clear_what_does_not` act on it, `preview`
says what a rule would do today. Raising and clearing are built from the same law, so that nothing is raised that would
be cleared, or the other way round. Every statement may run twice, at the same time, or late.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from tracker.models import FollowUpRule
from tracker.models.vocabulary import Reason
from tracker.standing.law import ASKED, LAW, LOOKED, NARROWS, WHY_CLOSED
from tracker.standing.rules import Rule

_MOST_TOUCHED = 20_000
"""Where more commitments were changed than this, looking at everything is quicker than looking them up."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a sweep must look at.

    With `since` None: everything. Otherwise what the days after `since` bring, and the commitments `touched`. `rules`
    are those to go by, `law` the digest of them, `changed` how many changes were taken out of the list of them.
    """

    since: dt.date | None
    touched: tuple[int, ...]
    rules: tuple[Rule, ...]
    law: str
    changed: int = 0

    def nothing(self, on: dt.date) -> bool:
        """Whether there is nothing to look at on this day."""
        return self.since is not None and self.since >= on and not self.touched


_LOOK = f"""
WITH taken AS (DELETE FROM tracker_touched RETURNING commitment_id)
SELECT (SELECT count(*) FROM taken),
    (SELECT CASE WHEN count(*) <= {_MOST_TOUCHED} THEN array_agg(DISTINCT commitment_id) END FROM taken),
    (SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY r.id), '[]') FROM tracker_followuprule r),
    last.on, coalesce(last.law, '')
FROM (VALUES (1)) AS one LEFT JOIN LATERAL (
    SELECT "on", law FROM tracker_sweep ORDER BY id DESC LIMIT 1) AS last ON TRUE
"""

_NOBODY_RAISED = """ AND NOT EXISTS (
    SELECT FROM tracker_followup f WHERE f.commitment_id = c.id AND f.rule_id = {rule} AND f.state = 'open')"""
_NOTHING = "SELECT NULL::bigint AS commitment_id, NULL::bigint AS rule_id, NULL::date AS occasion WHERE FALSE"

# The rows are found without a lock, then locked and judged again as they are by then: FOR SHARE makes a status change
# wait, or be waited for, so that a promise kept a moment ago is not flagged. Rows that somebody is changing right now
# are noted for the next run, for their change may yet be taken back. What was submitted or looked at again in that
# very moment is seen by the next run too, a minute later.
# Sorted, so that two runs write in the same order and never wait for each other in a ring.
_RAISE = """
WITH wanted AS MATERIALIZED ({wanted}), held AS MATERIALIZED (
    SELECT w.commitment_id, w.rule_id, r.reason, w.occasion
    FROM wanted w JOIN tracker_commitment c ON c.id = w.commitment_id JOIN tracker_followuprule r ON r.id = w.rule_id
        LEFT JOIN {looked} ON looked.commitment_id = c.id LEFT JOIN {asked} ON asked.commitment_id = c.id
    WHERE CASE w.rule_id {holds} END
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
WITH cleared AS (
    UPDATE tracker_followup f SET state = 'closed', closed_at = %(now)s, closed_because = {why}
    FROM tracker_followuprule r, tracker_commitment c
        LEFT JOIN {looked} ON looked.commitment_id = c.id LEFT JOIN {asked} ON asked.commitment_id = c.id
    WHERE f.state = 'open' AND c.id = f.commitment_id AND r.id = f.rule_id AND {scope}
        AND (CASE f.rule_id {holds} END) IS NOT TRUE
    RETURNING f.id, f.commitment_id, f.reason, f.occasion
), told AS ({told})
SELECT reason, count(*) FROM cleared GROUP BY reason"""

# A day that passes ends nothing but "due soon"; what else ends, ends by a change, and is among the touched.
_PASSED = """
WITH cleared AS (
    UPDATE tracker_followup f SET state = 'closed', closed_at = %(now)s, closed_because = 'day_passed'
    WHERE f.state = 'open' AND f.reason = 'due_soon' AND f.occasion < %(on)s::date
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

_EVERYTHING, _NEW, _NEW_OR_TOUCHED = "TRUE", "({began})", "(({began}) OR c.id = ANY(%(touched)s::bigint[]))"
_TOUCHED = "f.commitment_id = ANY(%(touched)s::bigint[])"


def raising(rules: Sequence[Rule], scope: str) -> str:
    """The statement that raises what these rules want within a scope."""
    enabled = [rule for rule in rules if rule.enabled]
    return _RAISE.format(
        wanted=" UNION ALL ".join(rule.search(scope) + _NOBODY_RAISED.format(rule=rule.number) for rule in enabled)
        or _NOTHING,
        looked=LOOKED,
        asked=ASKED,
        holds=_cases(enabled, "w.occasion"),
        told=_TOLD.format(event="followup.raised", become="raised"),
    )


def clearing(rules: Sequence[Rule], scope: str) -> str:
    """The statement that closes the flags within a scope that none of these rules upholds."""
    return _CLEAR.format(
        why=WHY_CLOSED,
        looked=LOOKED,
        asked=ASKED,
        scope=scope,
        holds=_cases([rule for rule in rules if rule.enabled], "f.occasion"),
        told=_TOLD.format(event="followup.closed", become="cleared"),
    )


def _cases(rules: Sequence[Rule], occasion: str) -> str:
    """Rule by rule: it holds still, and for this occasion."""
    cases = [f"WHEN {rule.number} THEN {rule.holds()} AND {occasion} = {rule.base()}" for rule in rules]
    return " ".join(cases) or "WHEN 0 THEN FALSE"


_LAW_AS_WRITTEN = repr((LAW, NARROWS, WHY_CLOSED, _RAISE, _CLEAR, _PASSED))


def look(*, everything: bool = False) -> Scope:
    """Take the list of what was changed, and say what must be looked at, by which rules; one statement.

    Everything, where nothing was looked at yet, or by other rules than today's, in another zone, or where very much
    was changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOOK)
        changed, touched, rows, since, before = cursor.fetchone()
    rows = json.loads(rows) if isinstance(rows, str) else rows
    law = hashlib.sha256(f"{_LAW_AS_WRITTEN} {settings.TIME_ZONE} {rows}".encode()).hexdigest()
    rules = tuple(Rule(row) for row in rows)
    if everything or law != before or (changed and touched is None):
        return Scope(None, (), rules, law, changed)
    return Scope(since, tuple(touched or ()), rules, law, changed)


def raise_what_holds(on: dt.date, now: dt.datetime, scope: Scope) -> dict[Reason, int]:
    """Flag what must be flagged and is not, in one statement; how many, by reason.

    The same occasion is one row for ever: one that was closed and holds again is opened again.
    """
    if scope.since is None:
        return _counted(raising(scope.rules, _EVERYTHING), on, now)
    statement = raising(scope.rules, _NEW_OR_TOUCHED if scope.touched else _NEW)
    return _counted(statement, on, now, since=scope.since, touched=list(scope.touched))


def clear_what_does_not(on: dt.date, now: dt.datetime, scope: Scope) -> dict[Reason, int]:
    """Close the open flags whose reason or occasion no longer holds, with why; how many, by reason.

    One statement for everything, one for the days that passed and one for what was touched.
    """
    if scope.since is None:
        return _counted(clearing(scope.rules, _EVERYTHING), on, now)
    cleared = _clear_touched(scope.rules, scope.touched, on, now) if scope.touched else {}
    passed = _counted(_PASSED.format(told=_TOLD.format(event="followup.closed", become="cleared")), on, now)
    return {reason: cleared.get(reason, 0) + passed.get(reason, 0) for reason in (*cleared, *passed)}


def clear_of(commitments: Sequence[int], on: dt.date, now: dt.datetime) -> dict[Reason, int]:
    """The same for some commitments, by their ids, for a step that has just changed them."""
    rules = [Rule(dict(row)) for row in FollowUpRule.objects.values()]
    return _clear_touched(rules, commitments, on, now)


def _clear_touched(
    rules: Sequence[Rule], commitments: Sequence[int], on: dt.date, now: dt.datetime
) -> dict[Reason, int]:
    return _counted(clearing(rules, _TOUCHED), on, now, touched=list(commitments))


def _counted(statement: str, on: dt.date, now: dt.datetime, **more: Any) -> dict[Reason, int]:
    parameters: Mapping[str, Any] = {"on": on, "now": now, "zone": settings.TIME_ZONE, **more}
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return {Reason(reason): number for reason, number in cursor.fetchall()}
