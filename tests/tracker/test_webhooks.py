"""Webhooks: signed so that a receiver's own library takes them, with secrets that nobody but the receiver reads."""

from __future__ import annotations

import base64
import io
import json
import logging
from typing import Any

import pytest
from django.db import connection
from standardwebhooks import Webhook, WebhookVerificationError

from tests.tracker.makers import NOW, TODAY, make_commitment, make_text, make_unit, make_user
from tests.tracker.owing import at, endpoint, inside, webhook
from tests.tracker.receiving import Received, event_of, receiver
from tracker import followup, progress, receivers, review
from tracker.models import Delivery, OutboxItem, Unit, WebhookEndpoint
from tracker.models.edits import ForbiddenError, RefusedError
from tracker.models.outbox import PAUSES
from tracker.models.vocabulary import EventType
from tracker.outbox import announce, relay, secrets, webhooks
from tracker.receivers import Receiver

pytestmark = pytest.mark.django_db


def verified(received: Received, secret: str) -> Any:
    return Webhook(secret).verify(received.body, received.headers)


def test_a_receivers_own_library_takes_what_is_sent_and_refuses_it_changed(settings: Any) -> None:
    inside(settings)
    secret = secrets.new()
    with receiver() as there:
        item = webhook(endpoint(there.url("/hook?for=pacta"), secret=secret))
        relay.deliver(NOW)
    (got,) = there.got
    assert verified(got, secret) == item.body
    assert (got.path, got.headers["content-type"]) == ("/hook?for=pacta", "application/json")
    assert got.headers["host"] == f"127.0.0.1:{there.port}"
    assert b": " not in got.body
    assert "Қазақстан".encode() in got.body
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(got.body.replace(b"test", b"best"), got.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secrets.new()).verify(got.body, got.headers)


def test_every_try_has_the_same_id_and_the_same_bytes_and_its_own_time(settings: Any) -> None:
    inside(settings)
    secret = secrets.new()
    with receiver(lambda path, event, seen: "500" if seen < 2 else "200") as there:
        webhook(endpoint(there.url(), secret=secret))
        for minutes in (0, 2, 10):
            relay.deliver(at(minutes=minutes))
    assert len(there.got) == 3
    assert len({(each.event, each.body) for each in there.got}) == 1
    assert all(verified(each, secret) for each in there.got)


@pytest.mark.parametrize("mode", ["500", "429", "302", "404", "reset", "nonsense"])
def test_only_success_counts_as_delivered(settings: Any, mode: str) -> None:
    inside(settings)
    with receiver(lambda path, event, seen: mode) as there:
        webhook(endpoint(there.url()))
        assert relay.deliver(NOW).failed == 1
    assert there.connections == 1
    assert mode in Delivery.objects.get().answer or mode in ("reset", "nonsense")


def test_the_log_keeps_no_words_of_the_receiver(settings: Any) -> None:
    inside(settings)
    with receiver(lambda path, event, seen: "404") as there:
        webhook(endpoint(there.url()))
        relay.deliver(NOW)
    assert Delivery.objects.get().answer == "404 Not Found"


def test_after_a_rotation_both_secrets_are_good_for_a_day() -> None:
    first = secrets.new()
    item = webhook(endpoint("https://registry.example.kz/", secret=first))
    kept, second = receivers.rotate(item.endpoint_id or 0, by=make_user("administrator"), now=NOW)
    body = webhooks.message(item)
    during = webhooks.headers(item, kept, body, at(hours=23))["webhook-signature"].split(" ")
    after = webhooks.headers(item, kept, body, at(hours=25))["webhook-signature"].split(" ")
    signed = [Webhook(secret).sign(str(item.event), at(hours=23), body.decode()) for secret in (second, first)]
    assert during == signed
    assert len(after) == 1


def test_a_receiver_verifies_with_either_secret_during_a_rotation(settings: Any) -> None:
    inside(settings)
    first = secrets.new()
    with receiver() as there:
        kept, second = receivers.rotate(
            endpoint(there.url(), secret=first).pk, by=make_user("administrator"), now=at(days=9999)
        )
        webhook(kept)
        relay.deliver(NOW)
    assert verified(there.got[0], first) == verified(there.got[0], second)


def test_a_secret_is_as_the_standard_wants_it() -> None:
    secret = secrets.new()
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert secret != secrets.new()


def test_a_secret_is_kept_so_that_the_database_alone_tells_nothing(settings: Any) -> None:
    made, secret = receivers.add(
        Receiver("Registry", "https://127.0.0.1/", ["test"]), by=_administrator(settings), now=NOW
    )
    receivers.rotate(made.pk, by=made.made_by, now=NOW)
    made.refresh_from_db()
    assert secrets.opened(made.previous_secret) == secret
    assert secrets.opened(made.secret) != secret
    bare = secret.removeprefix("whsec_")
    assert bare not in _everything_in_the_database()
    assert bare not in made.secret + made.previous_secret


def test_a_secret_in_clear_would_be_found(settings: Any) -> None:
    """What the test above looks for is there where a secret is kept as it is."""
    made = endpoint("https://registry.example.kz/")
    WebhookEndpoint.objects.filter(pk=made.pk).update(secret="whsec_in+clear")
    assert "whsec_in+clear" in _everything_in_the_database()


def test_the_history_tells_that_a_secret_changed_and_not_which() -> None:
    made = endpoint("https://registry.example.kz/")
    receivers.rotate(made.pk, by=made.made_by, now=NOW)
    kept = WebhookEndpoint.objects.get().secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT e::text FROM audit.entry e WHERE e::text LIKE '%%webhookendpoint%%'")
        told = " ".join(row[0] for row in cursor.fetchall())
    assert "previous_until" in told
    assert kept not in told


def test_no_log_holds_a_secret(settings: Any) -> None:
    inside(settings)
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    logging.getLogger().addHandler(handler)
    try:
        with receiver(lambda path, event, seen: "500") as there:
            secret = secrets.new()
            webhook(endpoint(there.url(), secret=secret), attempts=len(PAUSES))
            assert relay.deliver(NOW).dead == 1
    finally:
        logging.getLogger().removeHandler(handler)
    assert "outbox_given_up" in heard.getvalue()
    assert secret.removeprefix("whsec_") not in heard.getvalue()


def test_another_key_opens_nothing_unless_the_one_before_is_kept(settings: Any) -> None:
    secret = secrets.new()
    kept, before = secrets.sealed(secret), settings.SECRET_KEY
    settings.SECRET_KEY = "another-key-of-more-than-forty-characters-0123456789"
    with pytest.raises(secrets.SealedError):
        secrets.opened(kept)
    item = webhook(endpoint("https://registry.example.kz/"))
    WebhookEndpoint.objects.filter(pk=item.endpoint_id).update(secret=kept)
    assert relay.deliver(NOW).failed == 1
    assert "rotate" in Delivery.objects.get().answer
    settings.SECRET_KEY_FALLBACKS = [before]
    assert secrets.opened(kept) == secret


def test_a_rotation_mends_what_another_key_had_sealed(settings: Any) -> None:
    made = endpoint("https://registry.example.kz/")
    settings.SECRET_KEY = "another-key-of-more-than-forty-characters-0123456789"
    kept, secret = receivers.rotate(made.pk, by=made.made_by, now=NOW)
    assert (secrets.opened(kept.secret), kept.previous_secret) == (secret, "")


def test_a_test_event_is_sent_whatever_events_are_wanted(settings: Any) -> None:
    inside(settings)
    with receiver() as there:
        made = endpoint(there.url(), events=[])
        item = receivers.send_test(made.pk, by=made.made_by, now=NOW)
        relay.deliver(NOW)
    assert event_of(there.got[0]) == {
        "type": "test",
        "timestamp": "2026-11-21T08:00:00Z",
        "data": {"receiver": made.pk},
    }
    assert there.got[0].event == str(item.event)


def test_a_receiver_that_is_switched_off_is_sent_no_test() -> None:
    made = endpoint("https://registry.example.kz/", enabled=False)
    with pytest.raises(RefusedError, match="switched off"):
        receivers.send_test(made.pk, by=made.made_by, now=NOW)


@pytest.mark.parametrize("role", ["reader", "desk_officer", "head_of_unit", "auditor"])
def test_only_administrators_change_receivers(role: str) -> None:
    made, user = endpoint("https://registry.example.kz/"), make_user(role)
    for step in (
        lambda: receivers.add(Receiver("R", "https://registry.example.kz/", []), by=user, now=NOW),
        lambda: receivers.rotate(made.pk, by=user, now=NOW),
        lambda: receivers.send_test(made.pk, by=user, now=NOW),
    ):
        with pytest.raises(ForbiddenError):
            step()
    assert WebhookEndpoint.objects.get().secret == made.secret
    assert not OutboxItem.objects.exists()


def test_a_receiver_that_webhooks_may_not_go_to_is_refused_in_words() -> None:
    administrator = make_user("administrator")
    with pytest.raises(RefusedError, match="WEBHOOK_HOSTS does not name it"):
        receivers.add(Receiver("R", "https://registry.example.kz/", []), by=administrator, now=NOW)
    with pytest.raises(RefusedError, match="no such event"):
        receivers.add(Receiver("R", "https://registry.example.kz/", ["commitment.moon"]), by=administrator, now=NOW)


# --- Who is told what ----------------------------------------------------------------------------------------------


@pytest.fixture
def scoped() -> dict[str, WebhookEndpoint]:
    """Receivers of all units, of Asia, of Europe; one that is off, and one that wants nothing."""
    asia, europe = make_unit("asia"), make_unit("europe")
    return {
        "all": endpoint("https://all.example.kz/"),
        "asia": endpoint("https://asia.example.kz/", unit=asia),
        "europe": endpoint("https://europe.example.kz/", unit=europe),
        "off": endpoint("https://off.example.kz/", enabled=False),
        "deaf": endpoint("https://deaf.example.kz/", events=["test"]),
    }


def told(scoped: dict[str, WebhookEndpoint], event: str) -> list[str]:
    names = {made.pk: name for name, made in scoped.items()}
    items = OutboxItem.objects.filter(event_type=event).order_by("endpoint_id")
    return [names[item.endpoint_id or 0] for item in items]


@pytest.mark.parametrize(
    ("unit", "instruments_unit", "expected"),
    [
        ("asia", None, ["all", "asia"]),
        ("asia", "europe", ["all", "asia"]),
        (None, "europe", ["all", "europe"]),
        (None, None, ["all", "asia", "europe"]),
    ],
)
def test_a_receiver_is_told_of_its_units_commitments_and_of_nobodys(
    scoped: dict[str, WebhookEndpoint], unit: str | None, instruments_unit: str | None, expected: list[str]
) -> None:
    units = {None: None, **{each.code: each for each in Unit.objects.all()}}
    made = make_commitment(unit=units[unit], due_on=TODAY, text=_text_of(units[instruments_unit]))
    announce.status_changed({made.pk: "not_started"}, NOW)
    announce.deadline_changed([made.pk], NOW)
    assert told(scoped, EventType.STATUS_CHANGED) == told(scoped, EventType.DEADLINE_CHANGED) == expected
    followup.sweep(at(days=9).date(), at(days=9))  # the sweep's own rule says the same
    assert sorted(set(told(scoped, EventType.FOLLOWUP_RAISED))) == sorted(expected)


def test_a_status_that_changes_is_told_and_one_that_stays_is_not(scoped: dict[str, WebhookEndpoint]) -> None:
    made, by = make_commitment(), make_user()
    for _ in range(2):
        given = {"to": "in_progress", "on": TODAY, "note": "Begun.", "by": by, "now": NOW}
        made = progress.record_status(made.pk, version=made.version, **given)
    item = OutboxItem.objects.get(endpoint=scoped["all"], event_type=EventType.STATUS_CHANGED)
    assert item.body == {
        "type": "commitment.status_changed",
        "timestamp": "2026-11-21T08:00:00Z",
        "data": {
            "commitment": made.pk,
            "from": "not_started",
            "to": "in_progress",
            "status": "in_progress",
            "on": "2026-11-21",
        },
    }


def test_a_last_day_that_moves_is_told(scoped: dict[str, WebhookEndpoint]) -> None:
    made, to = make_commitment(due_on=TODAY), at(days=30).date()
    progress.extend_deadline(made.pk, to=to, reason="Agreed.", by=make_user(), version=made.version, now=NOW)
    item = OutboxItem.objects.get(endpoint=scoped["all"], event_type=EventType.DEADLINE_CHANGED)
    assert item.body["data"] == {"commitment": made.pk, "due_on": to.isoformat()}


def test_a_last_day_that_is_read_anew_is_told_too(scoped: dict[str, WebhookEndpoint]) -> None:
    made, by = make_commitment(due_on=TODAY), make_user()
    changed = {"due_on": at(days=3).date()}
    made = review.amend(made.pk, changes=changed, by=by, version=made.version, now=NOW)
    review.amend(made.pk, changes={"title": "Trade house"}, by=by, version=made.version, now=NOW)
    assert told(scoped, EventType.DEADLINE_CHANGED) == ["all", "asia", "europe"]


def test_what_is_rolled_back_is_told_to_nobody(scoped: dict[str, WebhookEndpoint]) -> None:
    made = make_commitment()
    with pytest.raises(RefusedError):
        progress.record_status(
            made.pk, to="fulfilled", on=TODAY, note="-", by=make_user(), version=made.version, now=NOW
        )
    assert not OutboxItem.objects.exists()


def test_many_commitments_are_announced_by_one_statement(
    scoped: dict[str, WebhookEndpoint], django_assert_num_queries: Any
) -> None:
    made = [make_commitment().pk for _ in range(20)]
    with django_assert_num_queries(1):
        assert announce.status_changed(dict.fromkeys(made, "not_started"), NOW) == 60
    with django_assert_num_queries(0):
        assert announce.status_changed({}, NOW) == 0


def _text_of(unit: Unit | None) -> Any:
    text = make_text()
    text.instrument.unit = unit
    text.instrument.save()
    return text


def _administrator(settings: Any) -> Any:
    inside(settings)
    return make_user("administrator")


def _everything_in_the_database() -> str:
    """Every row of every table of ours, the history among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'audit')"
        )
        tables = [row[0] for row in cursor.fetchall()]
        words = []
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")  # noqa: S608
            words.append(cursor.fetchone()[0])
    return json.dumps(words, ensure_ascii=False) + " ".join(words)
