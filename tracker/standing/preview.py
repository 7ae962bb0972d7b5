"""What a rule would do today, before anybody saves it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from tracker.models import FollowUpRule
from tracker.standing.rules import Rule

_EXAMPLES = 10

_PREVIEW = """
WITH holding AS MATERIALIZED ({holding}), standing AS (
    SELECT commitment_id, rule_id, occasion FROM tracker_followup WHERE rule_id = %(id)s AND state = 'open'
), coming AS (SELECT * FROM holding EXCEPT SELECT * FROM standing)
SELECT (SELECT count(*) FROM holding), (SELECT count(*) FROM coming),
    (SELECT count(*) FROM (SELECT * FROM standing EXCEPT SELECT * FROM holding) AS going),
    ARRAY(SELECT commitment_id FROM coming ORDER BY occasion, commitment_id LIMIT %(examples)s)
"""


@dataclass(frozen=True, slots=True)
class Preview:
    """How many commitments a rule holds for today, how many flags it would raise and close, and the first raised ones
    by the ids of their commitments.
    """

    holds: int
    raises: int
    closes: int
    examples: tuple[int, ...]


def preview(rule: FollowUpRule, on: dt.date) -> Preview:
    """What the next sweep would do if this rule, saved or not, were as it is given; nothing is changed."""
    row = Rule({field.attname: getattr(rule, field.attname) for field in rule._meta.concrete_fields})
    statement = _PREVIEW.format(holding=row.search("TRUE" if row.enabled else "FALSE"))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"id": row.number, "on": on, "zone": settings.TIME_ZONE, "examples": _EXAMPLES})
        holds, raises, closes, examples = cursor.fetchone()
    return Preview(holds, raises, closes, tuple(examples))
