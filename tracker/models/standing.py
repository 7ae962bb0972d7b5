"""What must be flagged today: the law of follow-ups, one entry a reason, as SQL over whole sets.

Raising and clearing are built from the same entries, so that nothing is raised that would be cleared, or the other
way round. The parameter `on` is the ministry's day. Both statements may run twice, at the same time, or late.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from tracker.models.vocabulary import Reason

_OPEN = sql.SQL("c.counted AND c.review <> 'rejected' AND c.status IN ('not_started', 'in_progress')")
_HEARD = sql.SQL("COALESCE(c.last_evidence_on, c.made_on)")


@dataclass(frozen=True, slots=True)
class _Entry:
    """When a reason holds for a commitment `c` under its rule `r`, and the day that is the occasion."""

    reason: Reason
    holds: sql.Composable
    day: sql.Composable

    @property
    def occasion(self) -> sql.Composable:
        return sql.SQL("to_char({}, 'YYYY-MM-DD')").format(self.day)


def _entry(reason: Reason, holds: str, day: sql.Composable) -> _Entry:
    return _Entry(reason, sql.SQL(holds).format(open=_OPEN, heard=_HEARD), day)


_LAW = (
    _entry(Reason.OVERDUE, "{open} AND c.due_on < %(on)s::date - r.days", sql.SQL("c.due_on")),
    _entry(
        Reason.DUE_SOON,
        "{open} AND c.due_on BETWEEN %(on)s::date AND %(on)s::date + r.days",
        sql.SQL("c.due_on"),
    ),
    # A continuing duty never goes red by date; it has a clock that every piece of news starts anew.
    _entry(
        Reason.QUIET,
        "{open} AND c.due_on IS NULL AND NOT c.awaiting_date AND {heard} <= %(on)s::date - r.days",
        _HEARD,
    ),
    _entry(
        Reason.AWAITING_DATE,
        "{open} AND c.due_on IS NULL AND c.awaiting_date AND {heard} <= %(on)s::date - r.days",
        _HEARD,
    ),
    _entry(
        Reason.REVIEW_WAITING,
        "c.counted AND c.review = 'proposed' AND c.read_on <= %(on)s::date - r.days",
        sql.SQL("c.read_on"),
    ),
)

# FOR SHARE makes a status change wait, or be waited for: a promise kept a moment ago is not flagged. Rows that staff
# are changing right now are left to the next run.
_CANDIDATES = sql.SQL(
    """{name} AS (
        SELECT c.id, r.reason, {occasion} AS occasion
        FROM tracker_followuprule r JOIN tracker_commitment c ON {holds}
        WHERE r.enabled AND r.reason = {reason} AND NOT EXISTS (
            SELECT FROM tracker_followup f
            WHERE f.commitment_id = c.id AND f.reason = {reason} AND f.state = 'open')
        FOR SHARE OF c SKIP LOCKED)"""
)

# Sorted, so that all candidates are known before the first flag is written (else each search for a flag wades through
# those just written: quadratic), and so that two runs write in the same order and never wait for each other in a ring.
_RAISE = sql.SQL(
    """WITH {candidates}, raised AS (
        INSERT INTO tracker_followup (commitment_id, reason, occasion, state, raised_on, raised_at, closed_because)
        SELECT id, reason, occasion, 'open', %(on)s, %(now)s, '' FROM ({all_candidates}) AS candidate
        ORDER BY id, reason
        ON CONFLICT (commitment_id, reason, occasion)
        DO UPDATE SET state = 'open', closed_at = NULL, closed_because = ''
        RETURNING reason)
    SELECT reason, count(*) FROM raised GROUP BY reason"""
).format(
    candidates=sql.SQL(", ").join(
        _CANDIDATES.format(
            name=sql.Identifier(entry.reason.value),
            occasion=entry.occasion,
            holds=entry.holds,
            reason=sql.Literal(entry.reason.value),
        )
        for entry in _LAW
    ),
    all_candidates=sql.SQL(" UNION ALL ").join(
        sql.SQL("TABLE {}").format(sql.Identifier(entry.reason.value)) for entry in _LAW
    ),
)

_STILL_HOLDS = sql.SQL("CASE f.reason {cases} END").format(
    cases=sql.SQL(" ").join(
        sql.SQL("WHEN {reason} THEN {holds} AND f.occasion = {occasion}").format(
            reason=sql.Literal(entry.reason.value), holds=entry.holds, occasion=entry.occasion
        )
        for entry in _LAW
    )
)

_WHY_CLOSED = sql.SQL(
    """CASE
        WHEN NOT c.counted THEN 'another_text'
        WHEN c.review = 'rejected' THEN 'rejected'
        WHEN f.reason = 'review_waiting' AND c.review <> 'proposed' THEN 'reviewed'
        WHEN f.reason <> 'review_waiting' AND c.status NOT IN ('not_started', 'in_progress') THEN 'status'
        WHEN f.reason IN ('overdue', 'due_soon') AND f.occasion IS DISTINCT FROM to_char(c.due_on, 'YYYY-MM-DD')
            THEN 'date_changed'
        WHEN f.reason = 'due_soon' AND c.due_on < %(on)s::date THEN 'day_passed'
        WHEN f.reason IN ('quiet', 'awaiting_date') AND (
            c.due_on IS NOT NULL OR c.awaiting_date <> (f.reason = 'awaiting_date')) THEN 'date_changed'
        WHEN f.reason IN ('quiet', 'awaiting_date') AND f.occasion <> to_char({heard}, 'YYYY-MM-DD') THEN 'evidence'
        ELSE 'rule_changed'
    END"""
).format(heard=_HEARD)

_CLEAR = sql.SQL(
    """WITH cleared AS (
        UPDATE tracker_followup f SET state = 'closed', closed_at = %(now)s, closed_because = {why}
        FROM tracker_commitment c, tracker_followuprule r
        WHERE f.state = 'open' AND c.id = f.commitment_id AND r.reason = f.reason
            AND (%(only)s::bigint[] IS NULL OR f.commitment_id = ANY(%(only)s::bigint[]))
            AND NOT (r.enabled AND {holds})
        RETURNING f.reason)
    SELECT reason, count(*) FROM cleared GROUP BY reason"""
).format(why=_WHY_CLOSED, holds=_STILL_HOLDS)


def raise_what_holds(on: dt.date, now: dt.datetime) -> dict[Reason, int]:
    """Flag everything that must be flagged and is not, in one statement; how many, by reason.

    The same occasion is one row for ever: one that was closed and holds again is opened again.
    """
    return _counted(_RAISE, {"on": on, "now": now})


def clear_what_does_not(on: dt.date, now: dt.datetime, *, only: Sequence[int] | None = None) -> dict[Reason, int]:
    """Close every open flag whose reason or occasion no longer holds, with why; how many, by reason.

    `only` limits it to these commitments, for a step that has just changed them.
    """
    return _counted(_CLEAR, {"on": on, "now": now, "only": None if only is None else list(only)})


def refresh_statistics() -> None:
    """Let PostgreSQL look again at how the flags are distributed; takes some milliseconds, whatever their number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tracker_analyze_followups()")


def _counted(statement: sql.Composed, parameters: Mapping[str, dt.date | list[int] | None]) -> dict[Reason, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return {Reason(reason): number for reason, number in cursor.fetchall()}
