"""What is owed: which person is to be told of which follow-up today, and has not been.

One law in SQL, asked twice: for everybody (`owed_to`), and once more for one person at the moment of telling
(`tell`), which enters it into the ledger. What closed, was put off, given to somebody else or told meanwhile is not
told.

- The day: the most urgent of the rule's days that has been reached, so that days of downtime give one reminder. Where
  the rule looks ahead that is the smallest (7 days before outweighs 30), elsewhere the largest. The ledger must have
  neither it nor a more urgent one. The day to which it was put off is told as well: it begins the count anew.
- The rung: what has climbed the ladder, for as long as nobody acknowledges it.
- The person: to whom the follow-up was given; else whom the rule or the rung tells. Who can't be told (left, has no
  address, may not see the record) is passed over: in place of an officer the heads of the answering unit are told.
- Whoever may not see a commitment is never told of it; the rule is that of `tracker.rights`, a test holds them equal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection
from psycopg import sql

from tracker import rights
from tracker.models.vocabulary import AHEAD_REASONS

_SEES = "({0}.sees_all OR {1}.unit_id IS NULL OR {0}.unit_id = {1}.unit_id)"

_OWED = """
reachable AS MATERIALIZED (
    SELECT p.id, p.unit_id, p.role = 'head_of_unit' AS heads, COALESCE(u.controls, FALSE) AS controls,
        a.is_superuser OR p.role = ANY(%(see_all)s::varchar[]) AS sees_all
    FROM tracker_person p JOIN auth_user a ON a.id = p.user_id LEFT JOIN tracker_unit u ON u.id = p.unit_id
    WHERE a.is_active AND a.email <> ''
), flag AS MATERIALIZED (
    SELECT f.id, r.tells, r.reason = ANY(%(ahead)s::varchar[]) AS ahead, f.assigned_to_id, c.officer_id,
        COALESCE(c.unit_id, i.unit_id) AS unit_id, f.acknowledged_at IS NULL AND r.escalates AS climbs,
        f.snoozed_until AS pause,
        CASE WHEN r.reason = ANY(%(ahead)s::varchar[])
            THEN (SELECT min(d) FROM unnest(r.days) d WHERE f.occasion - d <= %(on)s::date)
            ELSE (SELECT max(d) FROM unnest(r.days) d WHERE f.occasion + d <= %(on)s::date) END AS day
    FROM tracker_followup f
        JOIN tracker_followuprule r ON r.id = f.rule_id
        JOIN tracker_commitment c ON c.id = f.commitment_id
        JOIN tracker_text t ON t.id = c.text_id
        JOIN tracker_instrument i ON i.id = t.instrument_id
    WHERE f.state = 'open' AND (f.snoozed_until IS NULL OR f.snoozed_until <= %(on)s::date) AND {among}
), call AS (
    SELECT id, 0 AS level, day, pause, ahead, tells, unit_id, officer_id, assigned_to_id AS given_id
    FROM flag WHERE day IS NOT NULL
    UNION ALL
    SELECT flag.id, e.level, NULL, NULL, ahead, e.tells, unit_id, officer_id,
        CASE WHEN e.tells = 'officer' THEN assigned_to_id END
    FROM flag JOIN tracker_escalation e ON e.followup_id = flag.id WHERE climbs
), named AS (
    SELECT call.*, COALESCE(given.id, officer.id) AS person_id
    FROM call
        LEFT JOIN reachable given ON given.id = call.given_id AND {given_sees}
        LEFT JOIN reachable officer ON call.tells = 'officer' AND officer.id = call.officer_id
            AND {officer_sees}
), told AS (
    SELECT id, level, day, pause, ahead, person_id FROM named WHERE person_id IS NOT NULL
    UNION ALL
    SELECT n.id, n.level, n.day, n.pause, n.ahead, p.id
    FROM named n JOIN reachable p ON p.heads AND p.unit_id = n.unit_id
    WHERE n.person_id IS NULL AND n.tells <> 'control'
    UNION ALL
    SELECT n.id, n.level, n.day, n.pause, n.ahead, p.id
    FROM named n JOIN reachable p ON p.controls AND {control_sees}
    WHERE n.person_id IS NULL AND n.tells = 'control'
), owed AS (
    SELECT t.person_id, t.id AS followup_id, t.day, t.level, t.pause FROM told t
    WHERE t.person_id = ANY(%(people)s::bigint[]) AND NOT EXISTS (
        SELECT FROM tracker_reminder m
        WHERE m.followup_id = t.id AND m.recipient_id = t.person_id AND m.level = t.level
            AND (t.pause IS NULL OR m.after_pause = t.pause)
            AND (t.level > 0 OR CASE WHEN t.ahead THEN m."offset" <= t.day ELSE m."offset" >= t.day END))
)"""

_CANDIDATES = """
SELECT p.id FROM tracker_person p JOIN auth_user a ON a.id = p.user_id
WHERE a.is_active AND a.email <> '' AND COALESCE(p.unit_id, 0) = ANY(%(units)s::bigint[])
    AND NOT EXISTS (SELECT FROM tracker_digest d WHERE d.person_id = p.id AND d."on" = %(on)s)"""

_OWED_TO = """
WITH {owed} SELECT person_id, array_agg(DISTINCT followup_id) FROM owed GROUP BY person_id ORDER BY person_id"""

# The day's mail and the ledger in one: nothing is owed, nothing is written. Whoever comes second waits for the first,
# finds the day taken, and enters nothing either.
_TELL = """
WITH {owed}, digest AS (
    INSERT INTO tracker_digest (person_id, "on") SELECT DISTINCT person_id, %(on)s::date FROM owed
    ON CONFLICT DO NOTHING RETURNING id, person_id
), ledger AS (
    INSERT INTO tracker_reminder (followup_id, recipient_id, "offset", level, after_pause, digest_id)
    SELECT o.followup_id, o.person_id, o.day, o.level, o.pause, d.id
    FROM owed o JOIN digest d ON d.person_id = o.person_id
    ORDER BY o.followup_id, o.level
    ON CONFLICT DO NOTHING RETURNING 1
)
SELECT (SELECT id FROM digest), (SELECT count(*) FROM ledger)"""


def _asking(statement: str, among: str) -> sql.SQL:
    owed = _OWED.format(
        among=among,
        given_sees=_SEES.format("given", "call"),
        officer_sees=_SEES.format("officer", "call"),
        control_sees=_SEES.format("p", "n"),
    )
    return sql.SQL(statement.format(owed=owed))


_ASK_ALL = _asking(_OWED_TO, "TRUE")
_TELL_OF = _asking(_TELL, "f.id = ANY(%(followups)s::bigint[])")


def owed_to(units: Collection[int | None], on: dt.date) -> dict[int, list[int]]:
    """Who of these units (None: of no unit) is owed something on a day and has had no mail that day: person → the
    follow-ups, by their ids. Two statements at any size.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, {"units": [unit or 0 for unit in units], "on": on})
        people = [person for (person,) in cursor.fetchall()]
        if not people:
            return {}
        cursor.execute(_ASK_ALL, _parameters(people, on))
        return dict(cursor.fetchall())


def tell(person: int, followups: Sequence[int], on: dt.date) -> int | None:
    """Enter into the ledger what is owed to a person of these follow-ups, as of this moment, with a new day's mail; the
    mail's id, or None where nothing is owed any more or somebody else has just told it. One statement, in the caller's
    transaction, which must be rolled back where the answer is None.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TELL_OF, {**_parameters([person], on), "followups": list(followups)})
        digest, entries = cursor.fetchone()
        return digest if entries else None


def _parameters(people: Sequence[int], on: dt.date) -> dict[str, Any]:
    see_all = [role.value for role, acts in rights.TABLE.items() if rights.Whose.OTHERS in acts[rights.Action.SEE]]
    return {"people": people, "on": on, "see_all": see_all, "ahead": [reason.value for reason in AHEAD_REASONS]}
