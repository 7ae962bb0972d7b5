"""Receivers of webhooks, and what was given up: the steps that administrators take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tracker import rights
from tracker.models import OutboxItem, Unit, WebhookEndpoint
from tracker.models.edits import RefusedError
from tracker.models.vocabulary import EventType, OutboxKind, OutboxState
from tracker.outbox import guard, secrets

OVERLAP = dt.timedelta(hours=24)
"""So long the secret of before signs too, after a rotation."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """What an administrator enters of a receiver."""

    name: str
    url: str
    events: Collection[str]
    unit: Unit | None = None
    enabled: bool = True


@transaction.atomic
def add(given: Receiver, *, by: User, now: dt.datetime) -> tuple[WebhookEndpoint, str]:
    """A new receiver, and its secret: nobody can be told it a second time.

    Raises ForbiddenError, and RefusedError for an address that webhooks may not go to or an unknown event.
    """
    rights.demand(by, rights.Action.MANAGE)
    check(given.url, given.events)
    secret = secrets.new()
    endpoint = WebhookEndpoint.objects.create(
        name=given.name,
        url=given.url,
        unit=given.unit,
        events=list(given.events),
        enabled=given.enabled,
        secret=secrets.sealed(secret),
        made_by=by,
        made_at=now,
    )
    return endpoint, secret


def check(url: str, events: Collection[str]) -> None:
    """Raise RefusedError, in words, where webhooks may not go to this address or there is no such event."""
    if strange := set(events) - set(EventType.values):
        raise RefusedError(_("There is no such event: %(events)s.") % {"events": ", ".join(sorted(strange))})
    try:
        guard.target(url)
    except guard.RefusedAddressError as error:
        raise RefusedError(str(error)) from error


@transaction.atomic
def rotate(endpoint_id: int, *, by: User, now: dt.datetime) -> tuple[WebhookEndpoint, str]:
    """A new secret for a receiver; for `OVERLAP` the one before signs as well. Raises ForbiddenError, RefusedError."""
    endpoint = _locked(endpoint_id, by)
    secret = secrets.new()
    endpoint.previous_secret, endpoint.previous_until = endpoint.secret, now + OVERLAP
    endpoint.secret = secrets.sealed(secret)
    if not _opens(endpoint.previous_secret):  # of another SECRET_KEY: it would hold up every delivery
        endpoint.previous_secret, endpoint.previous_until = "", None
    endpoint.save(update_fields=["secret", "previous_secret", "previous_until"])
    return endpoint, secret


@transaction.atomic
def send_test(endpoint_id: int, *, by: User, now: dt.datetime) -> OutboxItem:
    """Owe a receiver an event of the type "test", whatever events it wants. Raises ForbiddenError, and RefusedError
    where it is switched off."""
    endpoint = _locked(endpoint_id, by)
    if not endpoint.enabled:
        raise RefusedError(_("This receiver is switched off."))
    stamp = now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return OutboxItem.objects.create(
        kind=OutboxKind.WEBHOOK,
        event_type=EventType.TEST,
        endpoint=endpoint,
        body={"type": EventType.TEST.value, "timestamp": stamp, "data": {"receiver": endpoint.pk}},
        made_at=now,
        next_try_at=now,
    )


@transaction.atomic
def send_again(items: Collection[int], *, by: User, now: dt.datetime) -> int:
    """Send what was given up anew, under its old id and with all its tries before it; how many items it was."""
    return _dead(items, by).update(state=OutboxState.WAITING, attempts=0, next_try_at=now, settled_at=None)


@transaction.atomic
def put_aside(items: Collection[int], *, by: User, now: dt.datetime) -> int:
    """Nobody wants what was given up any more: it stays on record and alarms nobody; how many items it was."""
    return _dead(items, by).update(state=OutboxState.ASIDE, settled_at=now)


def _dead(items: Collection[int], by: User) -> QuerySet[OutboxItem]:
    rights.demand(by, rights.Action.MANAGE)
    return OutboxItem.objects.filter(pk__in=items, state=OutboxState.DEAD)


def _locked(endpoint_id: int, by: User) -> WebhookEndpoint:
    rights.demand(by, rights.Action.MANAGE)
    endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if endpoint is None:
        raise RefusedError(_("There is no such receiver."))
    return endpoint


def _opens(kept: str) -> bool:
    try:
        secrets.opened(kept)
    except secrets.SealedError:
        return False
    return True
