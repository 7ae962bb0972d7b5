"""Private addresses: who gets what in a calendar and a news reader, and when they stop answering."""

from __future__ import annotations

import datetime as dt
import json
import logging
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from tests.tracker import people
from tests.tracker.makers import make_commitment, make_instrument, make_text
from tracker import feeds, progress
from tracker.models import AuditEntry, Commitment, Feed
from tracker.models.days import ministry_day
from tracker.models.edits import RefusedError
from tracker.models.vocabulary import FeedKind, Status

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
NOW = timezone.now()
TODAY = ministry_day(NOW)
SOON = TODAY + dt.timedelta(days=20)


def address(user, kind: FeedKind = FeedKind.CALENDAR, query: str = "") -> str:
    _, secret = feeds.make(user.person, kind, "Desk", query, now=NOW)
    return f"/feeds/{secret}/{'calendar.ics' if kind == FeedKind.CALENDAR else 'changes.atom'}"


def events(answer) -> list:
    assert answer.status_code == 200, answer.status_code
    return Calendar.from_ical(answer.content).walk("VEVENT")


def atom(answer) -> ElementTree.Element:
    return ElementTree.fromstring(answer.content)  # noqa: S314  (our own answer)


def of_unit(code: str, **fields) -> Commitment:
    unit = people.unit(code)
    return make_commitment(
        text=make_text(make_instrument(unit=unit)), **{"due_on": SOON, "obligors": ("KAZ",), **fields}
    )


@pytest.fixture
def aigerim():
    """A desk officer of the Asia unit."""
    return people.person("aigerim")


def test_a_deadline_is_an_all_day_event_whose_end_is_the_day_after(client: Client, aigerim) -> None:
    commitment = of_unit("asia")
    (event,) = events(client.get(address(aigerim)))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (SOON, SOON + dt.timedelta(days=1))
    assert str(event["UID"]).startswith(f"commitment-{commitment.pk}@")
    assert str(event["SUMMARY"]) == f"KAZ: {commitment.title}"
    assert str(event["STATUS"]) == "CONFIRMED"
    assert len(event.walk("VALARM")) == 3


def test_a_moved_day_keeps_the_id_and_raises_the_sequence(client: Client, aigerim) -> None:
    commitment = of_unit("asia")
    at = address(aigerim)
    (before,) = events(client.get(at))
    progress.extend_deadline(
        commitment.pk, to=SOON + dt.timedelta(days=30), reason="Asked for", by=aigerim, version=1, now=NOW
    )
    (after,) = events(client.get(at))
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].dt == SOON + dt.timedelta(days=30)
    assert after["DTSTAMP"].dt >= before["DTSTAMP"].dt


def test_a_kept_promise_is_cancelled_in_the_calendar(client: Client, aigerim) -> None:
    commitment = of_unit("asia")
    at = address(aigerim)
    (before,) = events(client.get(at))
    progress.record_status(
        commitment.pk, to=Status.FULFILLED, on=TODAY, note="Done", evidence="https://gov.kz/1", by=aigerim, version=1,
        now=NOW,
    )  # fmt: skip
    (after,) = events(client.get(at))
    assert (str(after["STATUS"]), after.walk("VALARM")) == ("CANCELLED", [])
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_a_feed_shows_what_its_person_may_see_at_the_time(client: Client, aigerim) -> None:
    mine, _ = of_unit("asia"), of_unit("europe")
    at = address(aigerim)
    assert [str(event["UID"]).partition("@")[0] for event in events(client.get(at))] == [f"commitment-{mine.pk}"]
    aigerim.person.unit = people.unit("europe")
    aigerim.person.save()
    assert f"commitment-{mine.pk}" not in client.get(at).content.decode()


def test_a_feed_is_cut_by_its_filter(client: Client, aigerim) -> None:
    of_unit("asia", force="commitment")
    bound = of_unit("asia", force="obligation")
    (event,) = events(client.get(address(aigerim, query="force=obligation")))
    assert str(event["UID"]).startswith(f"commitment-{bound.pk}@")


def test_hostile_titles_add_no_lines_to_a_calendar(client: Client, aigerim) -> None:
    title = "Open\r\nATTENDEE:mailto:x@example.org\r\nEND:VEVENT; a, b \\ Ә"
    of_unit("asia", title=title)
    (event,) = events(client.get(address(aigerim)))
    assert "ATTENDEE" not in event
    assert "Ә" in str(event["SUMMARY"])


@pytest.mark.parametrize("kind", FeedKind)
def test_a_revoked_feed_answers_as_one_that_never_was(client: Client, aigerim, kind: FeedKind) -> None:
    at = address(aigerim, kind)
    assert client.get(at).status_code == 200
    feeds.revoke(Feed.objects.get(), now=NOW)
    assert client.get(at).status_code == 404
    assert client.get(at.replace("/feeds/", "/feeds/x")).status_code == 404


def test_a_deactivated_persons_feed_answers_no_more(client: Client, aigerim) -> None:
    at = address(aigerim)
    aigerim.is_active = False
    aigerim.save()
    assert client.get(at).status_code == 404


def test_a_calendars_secret_does_not_open_the_changes(client: Client, aigerim) -> None:
    assert client.get(address(aigerim).replace("calendar.ics", "changes.atom")).status_code == 404


def test_the_secret_is_kept_nowhere(client: Client, aigerim, caplog: pytest.LogCaptureFixture) -> None:
    at = address(aigerim)
    secret = at.split("/")[2]
    with caplog.at_level(logging.DEBUG):
        client.get(at)
        feeds.revoke(Feed.objects.get(), now=NOW)
        client.get(at)
    rows = json.dumps([*Feed.objects.values(), *AuditEntry.objects.values("before", "after")], default=str)
    assert secret not in rows
    assert Feed.objects.get().digest not in json.dumps([*AuditEntry.objects.values("before", "after")], default=str)


def test_a_line_of_the_log_leaves_the_key_out() -> None:
    from config.logs import _mask

    line = _mask(None, "", {"event": "Not Found: /feeds/abcdefghijklmnopqrstuvwxyz/calendar.ics", "status": 404})
    assert line == {"event": "Not Found: /feeds/…/calendar.ics", "status": 404}


def test_private_answers_are_kept_by_nobody(client: Client, aigerim) -> None:
    answer = client.get(address(aigerim))
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_changes_tell_who_did_what_in_atom(client: Client, aigerim) -> None:
    commitment = of_unit("asia")
    hidden = of_unit("europe", title="Somebody else's line")
    at = address(aigerim, FeedKind.CHANGES)
    progress.record_status(commitment.pk, to=Status.IN_PROGRESS, on=TODAY, note="Begun", by=aigerim, version=1, now=NOW)
    answer = client.get(at)
    tree = atom(answer)
    titles = [entry.findtext(f"{ATOM}title") for entry in tree.iter(f"{ATOM}entry")]
    ids = [entry.findtext(f"{ATOM}id") for entry in tree.iter(f"{ATOM}entry")]
    assert any(commitment.title in (title or "") for title in titles)
    assert hidden.title not in answer.content.decode()
    assert len(set(ids)) == len(ids)
    again = atom(client.get(at))
    assert [entry.findtext(f"{ATOM}id") for entry in again.iter(f"{ATOM}entry")] == ids


def test_a_feed_of_nothing_is_a_feed(client: Client, aigerim) -> None:
    assert events(client.get(address(aigerim))) == []
    tree = atom(client.get(address(aigerim, FeedKind.CHANGES)))
    assert tree.findtext(f"{ATOM}updated")


@pytest.mark.parametrize("kind", FeedKind)
def test_a_feed_asks_as_many_queries_for_many_as_for_few(
    client: Client, aigerim, kind: FeedKind, django_assert_max_num_queries
) -> None:
    for _ in range(30):
        of_unit("asia")
    at = address(aigerim, kind)
    client.get(at)
    with django_assert_max_num_queries(8):
        client.get(at)


def test_the_address_is_shown_once(aigerim) -> None:
    client = Client()
    client.force_login(aigerim)
    answer = client.post("/feeds/", {"kind": "calendar", "name": "Mine", "query": "?force=obligation"})
    shown = answer.context["address"]
    assert Client().get(shown.replace("http://testserver", "")).status_code == 200
    assert shown not in client.get("/feeds/").content.decode()
    assert Feed.objects.get().query == "force=obligation"


@pytest.mark.parametrize("query", ["colour=red", "force=gentle", "party=Nowhere"])
def test_a_filter_that_is_none_is_refused_and_the_form_keeps_what_was_typed(aigerim, query: str) -> None:
    client = Client()
    client.force_login(aigerim)
    answer = client.post("/feeds/", {"kind": "calendar", "name": "Mine", "query": query})
    assert answer.context["form"].errors["query"]
    assert query in answer.content.decode()
    assert not Feed.objects.exists()


def test_one_revokes_ones_own_feeds_and_no_others(aigerim) -> None:
    address(people.person("boris"))
    client = Client()
    client.force_login(aigerim)
    assert client.post(f"/feeds/{Feed.objects.get().pk}/revoke/").status_code == 404
    address(aigerim)
    mine = Feed.objects.get(person=aigerim.person)
    assert client.get(f"/feeds/{mine.pk}/revoke/").status_code == 405
    assert client.post(f"/feeds/{mine.pk}/revoke/").status_code == 302
    mine.refresh_from_db()
    assert mine.revoked_at is not None


def test_feeds_are_for_those_who_signed_in(client: Client) -> None:
    assert client.get("/feeds/").status_code == 302


def test_a_person_has_no_more_feeds_than_can_be_looked_after(aigerim) -> None:
    for number in range(feeds.MOST):
        feeds.make(aigerim.person, FeedKind.CALENDAR, str(number), "", now=NOW)
    with pytest.raises(RefusedError, match="Revoke one"):
        feeds.make(aigerim.person, FeedKind.CALENDAR, "one more", "", now=NOW)


def test_an_administrator_revokes_anybodys_feed_and_an_officer_sees_no_list(aigerim) -> None:
    address(aigerim)
    wanted = {"action": "revoke", "_selected_action": Feed.objects.get().pk}
    client = Client()
    client.force_login(aigerim)
    assert client.post("/admin/tracker/feed/", wanted).status_code == 403
    assert Feed.objects.alive().exists()
    client.force_login(people.person("root", role="administrator"))
    assert client.post("/admin/tracker/feed/", wanted).status_code == 302
    assert not Feed.objects.alive().exists()
