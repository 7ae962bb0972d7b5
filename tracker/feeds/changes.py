"""What became of commitments, as an Atom feed (RFC 4287): one entry for each entry of the history, the newest first."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tracker import unseen
from tracker.history.timeline import Entry, entries
from tracker.models import AuditEntry, Commitment
from tracker.models.commitment_lists import CommitmentQuerySet

MOST = 100
"""Entries in one feed; whoever asks less often than that reads the timeline."""

_TOLD = ("tracker.commitment", "tracker.statusstep", "tracker.deadlinestep", "tracker.followup", "tracker.obligor")
"""What a reader of changes wants to know of. Notes and comments are internal and never leave."""


def changes(name: str, visible: CommitmentQuerySet, address: str) -> bytes:
    """The feed as bytes, in the language that is active; `address` is where it is read."""
    rows = list(
        AuditEntry.objects.filter(
            part_of_model="tracker.commitment",
            part_of_id__in=visible.order_by().values_list(Cast("pk", TextField())),
            model__in=_TOLD,
        ).order_by("-id")[:MOST]
    )
    about = Commitment.objects.in_bulk({int(row.part_of_id) for row in rows if row.part_of_id})
    feed = _Feed(
        title=unseen.visible(name),
        link=settings.SITE_URL + "/",
        description=_("Changes to commitments"),
        language=get_language(),
        feed_url=address,
        feed_guid=_tag("feed", unseen.visible(name)),
    )
    for row, entry in zip(rows, entries(rows), strict=True):
        commitment = about[int(row.part_of_id or 0)]
        feed.add_item(
            title=f"{commitment}: {unseen.visible(_what(entry))}",
            link=settings.SITE_URL + reverse("commitment", args=[commitment.pk]),
            description=unseen.visible(_how(entry)),
            unique_id=_tag("entry", str(entry.id)),
            updateddate=entry.at,
            pubdate=entry.at,
            author_name=unseen.visible(entry.actor),
        )
    return feed.writeString("utf-8").encode()


class _Feed(Atom1Feed):
    """Its `updated` is the newest entry's; an empty one's is now, for the element must be there (4.1.1)."""

    def latest_post_date(self):  # type: ignore[no-untyped-def]
        dates = [item["updateddate"] for item in self.items]
        return max(dates) if dates else now()


def _what(entry: Entry) -> str:
    return f"{entry.subject} – {entry.done}" if entry.subject else entry.done


def _how(entry: Entry) -> str:
    """The fields that changed, a line each; the reader's program shows it as text."""
    lines = [f"{change.label}: {change.before} → {change.after}" for change in entry.changes]
    return "\n".join([*lines, *([entry.reason] if entry.reason else [])])


def _tag(kind: str, number: str) -> str:
    """An id that never changes (RFC 4151); the year is that in which the scheme was fixed."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:{kind}/{number}"
