"""The texts that an older parser has read, and what today's makes of one."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from tracker import ingest
from tracker.models import Text
from tracker.models.days import ministry_day
from tracker.rereading.planning import Plan, plan


def outdated() -> QuerySet[Text]:
    """The current texts that another version of the parser has read, the oldest first."""
    return Text.objects.filter(current=True).exclude(parser_version=ingest.PARSER_VERSION).order_by("pk")


def plan_anew(text_id: int, now: dt.datetime) -> Plan:
    """What reading the bytes of a text once more would change; nothing is saved. Raises ingest.RefusedError."""
    text = Text.objects.select_related("instrument", "source").get(pk=text_id)
    found = ingest.examine(
        bytes(text.source.content), text.file_name or str(text_id), signed_on=text.instrument.signed_on
    )
    return plan(text, found, today=ministry_day(now))
