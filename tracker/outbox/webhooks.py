"""One event to one receiver, signed as Standard Webhooks says (https://www.standardwebhooks.com)."""

from __future__ import annotations

import datetime as dt
import json
from http import HTTPStatus

from django.utils import timezone
from standardwebhooks import Webhook

from tracker.models import OutboxItem, WebhookEndpoint
from tracker.outbox import guard, secrets
from tracker.outbox.outcome import Ended, Outcome


def send(item: OutboxItem) -> Outcome:
    """Post an item to its receiver; only an answer from 200 to 299 counts as delivered."""
    endpoint = item.endpoint
    assert endpoint is not None  # noqa: S101  (the database holds it)
    body = message(item)
    try:
        signed = headers(item, endpoint, body, timezone.now())
        status = guard.post(endpoint.url, body, signed, seconds=guard.TOTAL_SECONDS)
    except (guard.RefusedAddressError, guard.NoAnswerError, secrets.SealedError) as error:
        return Outcome(Ended.FAILED, str(error))
    told = _told(status)
    return Outcome(Ended.DELIVERED if 200 <= status < 300 else Ended.FAILED, told)


def message(item: OutboxItem) -> bytes:
    """What is sent: compact JSON, the same bytes at every try."""
    return json.dumps(item.body, ensure_ascii=False, separators=(",", ":")).encode()


def headers(item: OutboxItem, endpoint: WebhookEndpoint, body: bytes, at: dt.datetime) -> dict[str, str]:
    """The headers of a try at this moment (the receiver compares it with its own clock): the event's id, which is the
    same at every try, and a signature by each secret that is valid."""
    event = str(item.event)
    signed = (Webhook(secret).sign(event, at.astimezone(dt.UTC), body.decode()) for secret in _valid(endpoint, at))
    return {
        "Content-Type": "application/json",
        "User-Agent": "Pacta",
        "webhook-id": event,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def _valid(endpoint: WebhookEndpoint, at: dt.datetime) -> list[str]:
    """The secrets to sign with: for a while after a rotation, the one before too."""
    kept = [endpoint.secret]
    if endpoint.previous_secret and endpoint.previous_until and endpoint.previous_until > at:
        kept.append(endpoint.previous_secret)
    return [secrets.opened(each) for each in kept]


def _told(status: int) -> str:
    """A status in our own words: those of the receiver are not repeated."""
    if 300 <= status < 400:
        return f"{status}: redirects are not followed"
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
