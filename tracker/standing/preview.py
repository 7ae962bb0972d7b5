"""What a rule would do today, before anybody saves it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.forms import model_to_dict

from tracker.models import FollowUpRule
from tracker.standing.law import FIRST, FITS, LAW, composed

_EXAMPLES = 10

# The rule comes as JSON, typed by its own table, so that the law reads it as it reads a stored one.
_PREVIEW = composed(
    """
    WITH rule AS MATERIALIZED (
        SELECT r.*, {first} FROM jsonb_populate_record(NULL::tracker_followuprule, %(rule)s::jsonb) r
    ), holding AS MATERIALIZED ({holding}), standing AS (
        SELECT commitment_id, occasion FROM tracker_followup WHERE rule_id = %(id)s AND state = 'open'
    ), coming AS (SELECT * FROM holding EXCEPT SELECT * FROM standing)
    SELECT (SELECT count(*) FROM holding), (SELECT count(*) FROM coming),
        (SELECT count(*) FROM (SELECT * FROM standing EXCEPT SELECT * FROM holding) AS going),
        ARRAY(SELECT commitment_id FROM coming ORDER BY occasion, commitment_id LIMIT {examples})
    """.format(
        first=FIRST,
        examples=_EXAMPLES,
        holding=" UNION ALL ".join(
            f"SELECT c.id AS commitment_id, {entry.base} AS occasion FROM rule r CROSS JOIN {entry.among}"
            f" WHERE r.enabled AND r.reason = '{entry.reason.value}' AND {entry.holds} AND {FITS}"
            for entry in LAW
        ),
    )
)


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
    fields = model_to_dict(rule) | {"id": rule.pk or 0}
    columns = {rule._meta.get_field(name).column: value for name, value in fields.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            _PREVIEW,
            {"rule": json.dumps(columns, cls=DjangoJSONEncoder), "id": rule.pk, "on": on, "zone": settings.TIME_ZONE},
        )
        holds, raises, closes, examples = cursor.fetchone()
    return Preview(holds, raises, closes, tuple(examples))
