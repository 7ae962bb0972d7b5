"""Administrators see the outbox and its receivers, and act on them; nobody else does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.tracker.makers import NOW
from tests.tracker.owing import endpoint, inside, mail, many, officer, webhook
from tests.tracker.people import person
from tracker.models import Delivery, OutboxItem, WebhookEndpoint
from tracker.models.vocabulary import OutboxState
from tracker.outbox import secrets

pytestmark = pytest.mark.django_db
RECEIVERS, OUTBOX = "/admin/tracker/webhookendpoint/", "/admin/tracker/outboxitem/"
FIELDS = {"name": "Registry", "url": "https://127.0.0.1/hook", "events": ["followup.raised"], "enabled": "on"}


@pytest.fixture
def admin(client: Client, settings: Any) -> Client:
    inside(settings)
    client.force_login(person("aidana", "administrator", None))
    return client


def dead(**fields: Any) -> OutboxItem:
    made = webhook(endpoint("https://127.0.0.1/"), state=OutboxState.DEAD, attempts=8, settled_at=NOW, **fields)
    Delivery.objects.create(item=made, at=NOW, milliseconds=31, delivered=False, answer="500 Internal Server Error")
    return made


def test_a_new_receivers_secret_is_shown_once(admin: Client) -> None:
    page = admin.post(f"{RECEIVERS}add/", FIELDS)
    made = WebhookEndpoint.objects.get()
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", page.content.decode())
    assert secrets.opened(made.secret) == secret
    assert (made.events, made.enabled, made.made_by.username) == (["followup.raised"], True, "aidana")
    again = admin.get(f"{RECEIVERS}{made.pk}/change/").content.decode()
    assert "whsec_" not in again
    assert made.secret not in again


def test_a_receiver_outside_the_list_is_refused_in_words(admin: Client) -> None:
    page = admin.post(f"{RECEIVERS}add/", {**FIELDS, "url": "https://evil.example/"})
    assert "WEBHOOK_HOSTS" in page.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_changing_a_receiver_leaves_its_secret_alone(admin: Client) -> None:
    made = endpoint("https://127.0.0.1/")
    admin.post(f"{RECEIVERS}{made.pk}/change/", {**FIELDS, "name": "Other", "enabled": ""})
    changed = WebhookEndpoint.objects.get()
    assert (changed.name, changed.enabled, changed.secret) == ("Other", False, made.secret)


def test_a_secret_is_rotated_by_a_button(admin: Client) -> None:
    made = endpoint("https://127.0.0.1/")
    page = admin.post(f"{RECEIVERS}{made.pk}/rotate/").content.decode()
    rotated = WebhookEndpoint.objects.get()
    assert secrets.opened(rotated.secret) in page.replace("&#x2B;", "+").replace("&#x3D;", "=")
    assert rotated.previous_secret == made.secret


def test_a_test_is_sent_by_a_button(admin: Client) -> None:
    made = endpoint("https://127.0.0.1/")
    page = admin.post(f"{RECEIVERS}{made.pk}/test/", follow=True)
    assert OutboxItem.objects.get().event_type == "test"
    assert page.status_code == 200


def test_a_receivers_page_offers_the_steps(admin: Client) -> None:
    made = endpoint("https://127.0.0.1/")
    page = admin.get(f"{RECEIVERS}{made.pk}/change/").content.decode()
    assert f"{RECEIVERS}{made.pk}/rotate/" in page
    assert f"{RECEIVERS}{made.pk}/test/" in page


def test_what_was_given_up_is_sent_again_by_a_button_and_by_an_action(admin: Client) -> None:
    first, second = dead(), dead()
    page = admin.get(f"{OUTBOX}{first.pk}/change/").content.decode()
    assert "500 Internal Server Error" in page
    assert f"{OUTBOX}{first.pk}/again/" in page
    admin.post(f"{OUTBOX}{first.pk}/again/")
    admin.post(OUTBOX, {"action": "send_again", "_selected_action": [second.pk]})
    again = OutboxItem.objects.order_by("pk")
    assert [(each.state, each.attempts, each.event) for each in again] == [
        (OutboxState.WAITING, 0, first.event),
        (OutboxState.WAITING, 0, second.event),
    ]


def test_what_is_put_aside_stays_on_record_and_alarms_nobody(admin: Client) -> None:
    made = dead()
    admin.post(OUTBOX, {"action": "put_aside", "_selected_action": [made.pk]})
    assert OutboxItem.objects.get().state == OutboxState.ASIDE
    assert "Put it aside" not in admin.get(f"{OUTBOX}{made.pk}/change/").content.decode()


def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    admin: Client, django_assert_max_num_queries: Any
) -> None:
    mail(officer())
    many(60, [endpoint("https://127.0.0.1/a"), endpoint("https://127.0.0.1/b")], [officer(), officer()])
    with django_assert_max_num_queries(14):
        assert admin.get(OUTBOX).status_code == 200


def test_a_step_is_taken_by_post_alone(admin: Client) -> None:
    made = dead()
    assert admin.get(f"{OUTBOX}{made.pk}/again/").status_code == 405
    assert admin.get(f"{RECEIVERS}{made.endpoint_id}/rotate/").status_code == 405
    assert admin.post(f"{OUTBOX}999999/again/").status_code == 404


@pytest.mark.parametrize("role", ["reader", "desk_officer", "head_of_unit", "auditor"])
def test_nobody_else_sees_or_does_any_of_it(client: Client, role: str) -> None:
    made = dead()
    client.force_login(person("bolat", role))
    of = made.endpoint_id
    for address in (RECEIVERS, OUTBOX, f"{RECEIVERS}{of}/change/", f"{OUTBOX}{made.pk}/change/", f"{RECEIVERS}add/"):
        assert client.get(address).status_code in (302, 403)
    for address in (f"{RECEIVERS}{of}/rotate/", f"{RECEIVERS}{of}/test/", f"{OUTBOX}{made.pk}/again/"):
        assert client.post(address).status_code == 403
    client.post(OUTBOX, {"action": "send_again", "_selected_action": [made.pk]})
    made.refresh_from_db()
    assert made.state == OutboxState.DEAD
    assert OutboxItem.objects.count() == 1
    assert "outboxitem" not in client.get("/admin/").content.decode()
