"""The numbers that pages and API both show. Reads only; a constant number of queries, whatever the number of rows.

Readings that nobody has reviewed are counted apart (`proposed`) from those that a person accepted (`accepted`), and
rejected ones nowhere. Deadlines are shown for both: a reading that waits for review does not stop the clock.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import connection
from django.db.models import Count, Q

from tracker.models import Commitment, FollowUp, FollowUpRule, Party
from tracker.models.commitment_lists import CommitmentQuerySet
from tracker.models.pages import Pages
from tracker.models.vocabulary import ACCEPTED_REVIEWS, OPEN_STATUSES, Reason, Review, Status

_LINES = 10
"""How many deadlines a page shows before it refers to the list."""


@dataclass(frozen=True, slots=True)
class StatusLine:
    """How many commitments have a status."""

    status: Status
    accepted: int
    proposed: int


@dataclass(frozen=True, slots=True)
class PartyLine:
    """What one party still has to do, by its own side of each commitment, and what it is done with."""

    party: Party
    accepted: int
    proposed: int
    overdue: int
    closed: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The state of affairs on a day, as far as one user may know it."""

    on: dt.date
    pending: int
    proposed: int
    overdue: int
    due_soon: int
    due_soon_days: int
    by_status: list[StatusLine]
    by_party: list[PartyLine]
    followups: dict[Reason, int]
    overdue_first: list[Commitment]
    due_next: list[Commitment]


def picture(user: AbstractBaseUser | AnonymousUser, on: dt.date) -> Picture:
    """The numbers of the dashboard for a user on a day; `overdue_first` and `due_next` are the first few, by day."""
    visible = Commitment.objects.for_user(user)
    days = FollowUpRule.objects.due_soon_days()
    lines = _by_status(visible)
    late = _first(visible.overdue(on))
    return Picture(
        on=on,
        pending=sum(line.accepted for line in lines if line.status in OPEN_STATUSES),
        proposed=sum(line.proposed for line in lines),
        overdue=late.count,
        due_soon=visible.due_soon(on, days).count(),
        due_soon_days=days,
        by_status=lines,
        by_party=by_party(visible, on),
        followups=_followups(visible),
        overdue_first=late.first(),
        due_next=_first(visible.open().filter(due_on__gte=on)).first(),
    )


def _first(found: CommitmentQuerySet) -> Pages:
    """The first few by day; how many there are is only counted where that is asked."""
    return Pages(found.order_by("due_on", "pk"), _LINES, rows=Commitment.objects.for_lists())


def by_party(visible: CommitmentQuerySet, on: dt.date) -> list[PartyLine]:
    """A line for each party that must act in one of these commitments; those with most to do first."""
    is_open = Q(obligors__status__in=OPEN_STATUSES)
    # From the commitments to their obligors: the other way round each commitment would be looked up twice.
    numbers = list(
        visible.counted()
        .filter(obligors__isnull=False)
        .order_by()
        .values_list("obligors__party")
        .annotate(
            accepted=Count("obligors", filter=is_open & Q(review__in=ACCEPTED_REVIEWS)),
            proposed=Count("obligors", filter=is_open & Q(review=Review.PROPOSED)),
            overdue=Count("obligors", filter=is_open & Q(due_on__lt=on)),
            closed=Count("obligors", filter=~is_open),
        )
    )
    parties = Party.objects.in_bulk([party for party, *_ in numbers])
    lines = [PartyLine(parties[party], *counts) for party, *counts in numbers]
    return sorted(lines, key=lambda line: (-line.accepted - line.proposed, line.party.code))


def _by_status(visible: CommitmentQuerySet) -> list[StatusLine]:
    """A line for every status, also those that nothing has."""
    numbers = (
        visible.counted()
        .order_by()
        .values_list("status")
        .annotate(
            accepted=Count("pk", filter=Q(review__in=ACCEPTED_REVIEWS)),
            proposed=Count("pk", filter=Q(review=Review.PROPOSED)),
        )
    )
    found = {status: (accepted, proposed) for status, accepted, proposed in numbers}
    return [StatusLine(status, *found.get(status, (0, 0))) for status in Status]


def _followups(visible: CommitmentQuerySet) -> dict[Reason, int]:
    # Two rules may flag one commitment for the same reason: it is one thing to do. The doubles are left out by hashing;
    # COUNT(DISTINCT …) would sort all flags.
    flags = FollowUp.objects.open().order_by().values("commitment", "reason").distinct()
    if visible.query.where:  # to whoever sees everything, no commitment need be looked up
        flags = flags.filter(commitment__in=visible)
    sql, params = flags.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT reason, count(*) FROM ({sql}) flag (commitment, reason) GROUP BY reason", params)  # noqa: S608
        return {Reason(reason): number for reason, number in cursor.fetchall()}
