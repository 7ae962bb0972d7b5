"""Makes what is owed to the outside, for tests and drills."""

from __future__ import annotations

import datetime as dt
import ipaddress
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from tests.tracker.makers import NOW, make_user
from tracker.models import OutboxItem, Person, WebhookEndpoint
from tracker.models.vocabulary import EventType, OutboxKind
from tracker.outbox import secrets

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


def inside(settings: Any) -> None:
    """Let webhooks go to this machine, and nowhere else."""
    settings.WEBHOOK_HOSTS, settings.WEBHOOK_NETWORKS = frozenset({"127.0.0.1"}), LOOPBACK


def endpoint(url: str, *, secret: str = "", **fields: Any) -> WebhookEndpoint:
    """A receiver that wants every event."""
    return WebhookEndpoint.objects.create(
        **{
            "name": "Registry",
            "url": url,
            "events": list(EventType.values),
            "secret": secrets.sealed(secret or secrets.new()),
            "made_by": fields.pop("made_by", None) or make_user("administrator"),
            "made_at": NOW,
            **fields,
        }
    )


def webhook(to: WebhookEndpoint, **fields: Any) -> OutboxItem:
    """A webhook that is due."""
    body = {"type": "test", "timestamp": "2026-11-21T08:00:00Z", "data": {"words": "Қазақстан – Өзбекстан"}}
    return OutboxItem.objects.create(
        **{
            "kind": OutboxKind.WEBHOOK,
            "event_type": EventType.TEST,
            "endpoint": to,
            "body": body,
            "made_at": NOW,
            "next_try_at": NOW,
            **fields,
        }
    )


def mail(to: Person, subject: str = "To do today", **fields: Any) -> OutboxItem:
    """A mail that is due."""
    return OutboxItem.objects.create(
        **{
            "kind": OutboxKind.MAIL,
            "event_type": "digest",
            "person": to,
            "body": {"subject": subject, "text": "One commitment is overdue."},
            "made_at": NOW,
            "next_try_at": NOW,
            **fields,
        }
    )


def officer(address: str = "aigerim@mfa.example.kz", **fields: Any) -> Person:
    """A person with an address."""
    user: User = make_user(email=address, **fields)
    return user.person


def many(number: int, endpoints: list[WebhookEndpoint], people: list[Person]) -> None:
    """So many items that are due, to these receivers in turn."""
    receivers: list[WebhookEndpoint | Person] = [*endpoints, *people]
    made = []
    for place in range(number):
        to = receivers[place % len(receivers)]
        common = {"made_at": NOW, "next_try_at": NOW}
        if isinstance(to, Person):
            body = {"subject": f"Mail {place}", "text": "To do."}
            made.append(OutboxItem(kind=OutboxKind.MAIL, event_type="digest", person=to, body=body, **common))
        else:
            body = {"type": "test", "timestamp": "2026-11-21T08:00:00Z", "data": {"number": place}}
            made.append(OutboxItem(kind=OutboxKind.WEBHOOK, event_type="test", endpoint=to, body=body, **common))
    OutboxItem.objects.bulk_create(made, batch_size=1000)


def end_leases() -> None:
    """Let every lease be over, as if its time had passed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tracker_outboxitem SET leased_until = now() - interval '1 second' WHERE leased_until > now()"
        )


def at(seconds: float = 0, **more: float) -> dt.datetime:
    """A moment after NOW."""
    return NOW + dt.timedelta(seconds=seconds, **more)
