"""Private addresses for calendars and readers: made, revoked, and opened by their secret.

`calendar` writes the deadlines as RFC 5545, `changes` what became of commitments as RFC 4287. Both are given lists that
are already cut to what the feed's person may see.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.utils.translation import gettext as _

from tracker.models import Feed, Person
from tracker.models.edits import RefusedError
from tracker.models.vocabulary import FeedKind

MOST = 20
"""Feeds that a person may have at a time."""

_BYTES = 32
"""Of randomness in a secret: it is a key, and nobody types it."""


def make(person: Person, kind: FeedKind, name: str, query: str, *, now: dt.datetime) -> tuple[Feed, str]:
    """A new feed and its secret, which is shown once and not kept; raises RefusedError where there are too many."""
    if Feed.objects.filter(person=person, revoked_at__isnull=True).count() >= MOST:
        raise RefusedError(_("You have %(most)s feeds already. Revoke one that you no longer use.") % {"most": MOST})
    secret = secrets.token_urlsafe(_BYTES)
    feed = Feed.objects.create(person=person, kind=kind, name=name, query=query, digest=_digest(secret), made_at=now)
    return feed, secret


def revoke(feed: Feed, *, now: dt.datetime) -> None:
    """Let its address answer no more, for good; nothing where it already does not."""
    Feed.objects.filter(pk=feed.pk, revoked_at__isnull=True).update(revoked_at=now)


def opened(secret: str, kind: FeedKind) -> Feed | None:
    """The living feed of this kind that a secret opens, with its person."""
    known = Feed.objects.alive().filter(kind=kind, digest=_digest(secret))
    return known.select_related("person__user", "person__unit").first()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
