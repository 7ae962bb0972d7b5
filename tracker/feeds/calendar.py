"""Deadlines as a calendar (RFC 5545): one all-day event for each commitment that has a last day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import DateTimeField, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from tracker import unseen
from tracker.models import AuditEntry, Commitment
from tracker.models.commitment_lists import CommitmentQuerySet
from tracker.models.vocabulary import Review

MOST = 5_000
"""Events in one calendar; programs that read them give up long before."""

GONE = dt.timedelta(days=366)
"""So long a closed commitment stays in the calendar as cancelled, so that every program takes it out."""

_ALARMS = (dt.timedelta(days=-30), dt.timedelta(days=-7), dt.timedelta(days=-1))


def listed(visible: CommitmentQuerySet, on: dt.date) -> list[Commitment]:
    """The commitments of a calendar, out of those that its person may see; three queries."""
    changed = AuditEntry.objects.filter(
        part_of_model="tracker.commitment", part_of_id=Cast(OuterRef("pk"), TextField())
    ).order_by("-id")
    lately = Q(status_on__gte=on - GONE) | Q(status_on__isnull=True)
    return list(
        visible.filter(Q(due_on__isnull=False) & lately)
        .select_related("text__instrument")
        .defer("text__body")
        .prefetch_related("obligors__party")
        .annotate(
            changed_at=Coalesce(
                Subquery(changed.values("at")[:1]), Cast("read_on", DateTimeField()), output_field=DateTimeField()
            )
        )
        .order_by("due_on", "pk")[:MOST]
    )


def calendar(name: str, commitments: Iterable[Commitment]) -> bytes:
    """The calendar as bytes, in the language that is active; lines end in CRLF and are folded (3.1)."""
    made = Calendar()
    made.add("prodid", "-//Pacta//commitments//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", unseen.visible(name))
    made.add("refresh-interval", dt.timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for commitment in commitments:
        made.add_component(_event(commitment))
    return bytes(made.to_ical())


def _event(commitment: Commitment) -> Event:
    """The whole last day; its end is the day after (3.6.1). `version` is raised by every change that staff make, so a
    program that has the event knows whether this is a newer one (3.8.7.4).
    """
    assert commitment.due_on is not None  # noqa: S101  (they were listed by it)
    event, closed = Event(), not (commitment.is_open and commitment.counted and commitment.review != Review.REJECTED)
    event.add("uid", f"commitment-{commitment.pk}@{_host()}")
    event.add("sequence", commitment.version - 1)
    event.add("dtstamp", commitment.changed_at)  # type: ignore[attr-defined]  # by `listed`
    event.add("last-modified", commitment.changed_at)  # type: ignore[attr-defined]
    event.add("dtstart", commitment.due_on)
    event.add("dtend", commitment.due_on + dt.timedelta(days=1))
    event.add("summary", _summary(commitment))
    event.add("description", f"{commitment.text.instrument}\n{commitment.get_status_display()}")
    event.add("url", settings.SITE_URL + reverse("commitment", args=[commitment.pk]))
    event.add("status", "CANCELLED" if closed else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    for before in () if closed else _ALARMS:
        event.add_component(_alarm(commitment, before))
    return event


def _alarm(commitment: Commitment, before: dt.timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", before)
    alarm.add("description", _summary(commitment))
    return alarm


def _summary(commitment: Commitment) -> str:
    """Who must do what; the title and no words of the text, for calendars are kept where we do not see them."""
    parties = ", ".join(side.party.code for side in commitment.obligors.all())
    return _("%(parties)s: %(title)s") % {"parties": parties, "title": commitment} if parties else str(commitment)


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "pacta"
