"""The words of what was sent are kept for a while; that it was sent, for good."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.tracker import people
from tests.tracker.makers import NOW
from tracker import tasks
from tracker.models import Delivery, OutboxItem
from tracker.outbox import keeping

pytestmark = pytest.mark.django_db

LONG_AGO = NOW - keeping.KEPT - dt.timedelta(days=1)


def item(state: str, settled_at: dt.datetime | None) -> OutboxItem:
    """A mail in the outbox, with one try."""
    user = people.User.objects.filter(username="aigerim").first() or people.person("aigerim")
    made = OutboxItem.objects.create(
        kind="mail",
        event_type="digest",
        person=user.person,
        body={"subject": "Pacta: Road", "text": "Road", "html": "<p>Road</p>"},
        made_at=LONG_AGO,
        state=state,
        settled_at=settled_at,
    )
    Delivery.objects.create(item=made, at=LONG_AGO, milliseconds=7, delivered=state == "sent", answer="250 ok")
    return made


def test_the_words_of_what_was_settled_long_ago_go_and_their_line_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    old = [item(state, LONG_AGO) for state in ("sent", "aside", "sent")]
    kept = [item("sent", NOW - keeping.KEPT), item("dead", LONG_AGO), item("waiting", None)]
    assert keeping.forget(NOW) == 3
    assert keeping.forget(NOW) == 0
    assert all(each.body == {} for each in OutboxItem.objects.filter(pk__in=[each.pk for each in old]))
    assert all(each.body for each in OutboxItem.objects.filter(pk__in=[each.pk for each in kept]))
    assert Delivery.objects.count() == 6


def test_the_page_of_an_item_without_words_says_when_it_was_sent() -> None:
    old = item("sent", LONG_AGO)
    keeping.forget(NOW)
    client = Client()
    client.force_login(people.person("saule", "administrator", None))
    page = client.get(reverse("admin:tracker_outboxitem_change", args=[old.pk]))
    assert page.status_code == 200
    assert "250 ok" in page.content.decode()


def test_beat_rings_for_it_every_night(monkeypatch: pytest.MonkeyPatch) -> None:
    named = [each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()]
    assert "tracker.tasks.forget" in named
    monkeypatch.setattr(tasks.timezone, "now", lambda: NOW)
    item("sent", LONG_AGO)
    tasks.forget()
    assert OutboxItem.objects.get().body == {}
