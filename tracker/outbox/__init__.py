"""The outbox: what is owed to the outside is a row written in the transaction of what it tells of, and sent later.

`announce` writes the rows of webhooks, `relay` sends what is due (`mail`, `webhooks`), `guard` lets a webhook go
nowhere but where it may, `secrets` keeps what it is signed with. `alarms` says what people must look at.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from tracker.models import OutboxItem
from tracker.models.vocabulary import OutboxState


@dataclass(frozen=True, slots=True)
class Alarms:
    """What is in the outbox and did not leave: how many items wait, since when the oldest of them does, and how many
    were given up and neither sent again nor put aside."""

    waiting: int
    oldest: dt.datetime | None
    dead: int


def alarms() -> Alarms:
    """The outbox in three numbers, in one statement.

    What waits for a receiver that is switched off is held back on purpose and does not count.
    """
    waiting = Q(state=OutboxState.WAITING) & (Q(endpoint__isnull=True) | Q(endpoint__enabled=True))
    found = OutboxItem.objects.filter(state__in=(OutboxState.WAITING, OutboxState.DEAD)).aggregate(
        waiting=Count("pk", filter=waiting),
        oldest=Min("made_at", filter=waiting),
        dead=Count("pk", filter=Q(state=OutboxState.DEAD)),
    )
    return Alarms(found["waiting"], found["oldest"], found["dead"])
