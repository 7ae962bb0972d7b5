"""What a day's mail tells, as rows: the follow-ups of its ledger, by what to do about them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection
from django.db.models import Prefetch
from psycopg import sql

from tracker.models import FollowUp, Obligor

ESCALATED = "escalated"
"""The group of what has climbed the ladder; every other group is a reason."""

MOST_LINES = 50
"""So many follow-ups of a group are named; the others are counted."""

# Of a follow-up that is told twice (as head of unit on a rung, and in place of an officer) the highest rung is told.
_PLACED = sql.SQL("""
WITH told AS (
    SELECT DISTINCT ON (m.followup_id) m.followup_id, m.level
    FROM tracker_reminder m WHERE m.digest_id = %(digest)s ORDER BY m.followup_id, m.level DESC
), placed AS (
    SELECT f.id, g.name, count(*) OVER (PARTITION BY g.name) AS number,
        row_number() OVER (PARTITION BY g.name ORDER BY COALESCE(c.due_on, f.occasion), f.id) AS place
    FROM told JOIN tracker_followup f ON f.id = told.followup_id JOIN tracker_commitment c ON c.id = f.commitment_id
        CROSS JOIN LATERAL (SELECT CASE WHEN told.level > 0 THEN %(escalated)s ELSE f.reason END AS name) g
)
SELECT id, name, number FROM placed WHERE place <= %(most)s ORDER BY name, place""")


@dataclass(frozen=True, slots=True)
class Group:
    """The first follow-ups of a group, the most pressing first, and how many it has in all."""

    followups: tuple[FollowUp, ...]
    number: int


def groups(digest: int) -> dict[str, Group]:
    """What a day's mail tells, by group; three statements at any size."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACED, {"digest": digest, "escalated": ESCALATED, "most": MOST_LINES})
        placed = cursor.fetchall()
    sides = Prefetch("commitment__obligors", Obligor.objects.select_related("party"))
    known = (
        FollowUp.objects.select_related("commitment")
        .prefetch_related(sides)
        .in_bulk([followup for followup, _, _ in placed])
    )
    named: dict[str, list[FollowUp]] = defaultdict(list)
    numbers = {}
    for followup, group, number in placed:
        named[group].append(known[followup])
        numbers[group] = number
    return {group: Group(tuple(followups), numbers[group]) for group, followups in named.items()}
