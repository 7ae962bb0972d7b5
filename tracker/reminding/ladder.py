"""The ladder: what nobody acknowledges is told to others in turn."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from psycopg import sql

# A unit with rungs of its own has only these (0 stands for the ladder of all others). Rows that somebody is changing
# at this moment are left to the next run: the change may be the acknowledgement.
_CLIMB = sql.SQL("""
INSERT INTO tracker_escalation (followup_id, level, tells, "on")
SELECT f.id, g.level, g.tells, %(on)s
FROM tracker_followup f
    JOIN tracker_followuprule r ON r.id = f.rule_id
    JOIN tracker_commitment c ON c.id = f.commitment_id
    JOIN tracker_text t ON t.id = c.text_id
    JOIN tracker_instrument i ON i.id = t.instrument_id
    JOIN tracker_escalationrung g ON COALESCE(g.unit_id, 0) = CASE
        WHEN COALESCE(c.unit_id, i.unit_id) IN (SELECT unit_id FROM tracker_escalationrung WHERE unit_id IS NOT NULL)
        THEN COALESCE(c.unit_id, i.unit_id) ELSE 0 END
WHERE f.state = 'open' AND r.escalates AND f.acknowledged_at IS NULL
    AND (f.snoozed_until IS NULL OR f.snoozed_until <= %(on)s::date)
    AND f.raised_on + g.after_days <= %(on)s::date
    AND NOT EXISTS (SELECT FROM tracker_escalation e WHERE e.followup_id = f.id AND e.level = g.level)
ORDER BY f.id, g.level
FOR SHARE OF f SKIP LOCKED
ON CONFLICT DO NOTHING""")


def climb(on: dt.date) -> int:
    """Put every open follow-up that has waited long enough without an acknowledgement onto its next rungs; how many
    rungs were climbed. One statement; each rung once for each follow-up, whoever runs it and how often.

    What is put off does not climb; put off or not, the days are counted from the day on which it was raised.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLIMB, {"on": on})
        return int(cursor.rowcount)
