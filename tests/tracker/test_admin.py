"""The lists of the admin: what they show, to whom, and at what cost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.tracker import people
from tests.tracker.forms import filled
from tracker.models import Instrument, Sweep
from tracker.models.days import ministry_day

pytestmark = pytest.mark.django_db

LISTS = ("instrument", "commitment", "followup", "text", "party", "unit", "person", "sweep", "followuprule")


def _list(name: str) -> str:
    return reverse(f"admin:tracker_{name}_changelist")


def _signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def aigerim() -> Client:
    """A desk officer of the Asia unit."""
    return _signed_in(people.person("aigerim"))


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_for_staff(name: str, aigerim: Client) -> None:
    assert aigerim.get(_list(name)).status_code == 200
    assert _signed_in(people.person("guest", staff=False)).get(_list(name)).status_code == 302
    assert Client().get(_list(name)).status_code == 302


@pytest.mark.parametrize("name", LISTS)
def test_lists_ask_fewer_than_ten_queries_however_long_they_are(name: str, aigerim: Client) -> None:
    people.many(60)
    for n in range(60):
        people.person(f"officer{n}", unit_code=f"unit{n}")
        at = timezone.now()
        Sweep.objects.create(started_at=at, finished_at=at, on=at.date(), raised=0, cleared=0)
    aigerim.get(_list(name))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = aigerim.get(_list(name))
    assert answer.status_code == 200
    # The session is written on each request, whatever the page; that is not the list's cost.
    asked = [
        each["sql"]
        for each in captured
        if not each["sql"].startswith(("SAVEPOINT", "RELEASE")) and "UPDATE" not in each["sql"][:6]
    ]
    assert len(asked) < 10, asked


@pytest.mark.parametrize("name", ["instrument", "commitment", "followup", "text"])
def test_lists_show_nothing_of_another_unit(name: str, aigerim: Client) -> None:
    text = people.instrument("We will open a school.", unit_code="europe")
    people.flag(people.commitment(text, "We will open a school"))
    bolat = _signed_in(people.person("bolat", unit_code="europe"))
    saule = _signed_in(people.person("saule", "auditor", None))
    assert aigerim.get(_list(name)).context["cl"].result_count == 0
    assert bolat.get(_list(name)).context["cl"].result_count == 1
    assert saule.get(_list(name)).context["cl"].result_count == 1


def test_records_of_another_unit_are_not_there(aigerim: Client) -> None:
    text = people.instrument("We will open a school.", unit_code="europe")
    flagged = people.flag(people.commitment(text, "We will open a school"))
    bolat = _signed_in(people.person("bolat", unit_code="europe"))
    for name, pk, right in (
        ("instrument", text.instrument_id, 200),
        ("commitment", flagged.commitment_id, 200),
        ("followup", flagged.pk, 200),
        ("text", text.pk, 302),
    ):
        address = reverse(f"admin:tracker_{name}_change", args=[pk])
        assert aigerim.get(address).status_code == 404
        assert bolat.get(address).status_code == right


def test_the_autocomplete_tells_nothing_of_another_unit(aigerim: Client) -> None:
    people.instrument("We will open a school.", unit_code="europe")
    asked = {"app_label": "tracker", "model_name": "text", "field_name": "instrument"}
    assert aigerim.get(reverse("admin:autocomplete"), asked).json()["results"] == []
    bolat = _signed_in(people.person("bolat", unit_code="europe"))
    assert len(bolat.get(reverse("admin:autocomplete"), asked).json()["results"]) == 1


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"standing": "overdue"}, {"school"}),
        ({"standing": "due_soon"}, {"road"}),
        ({"standing": "open"}, {"school", "road", "trees"}),
        ({"standing": "pending"}, set()),
        ({"standing": "awaiting"}, {"trees"}),
        ({"force__exact": "intention"}, {"trees"}),
        ({"status__exact": "not_started"}, {"school", "road", "trees"}),
        ({"review__exact": "confirmed"}, set()),
        ({"q": "ROAD"}, {"road"}),
        ({"q": "Жол"}, set()),
        ({"due_on_from": "2024-01-01", "due_on_to": "2024-12-31"}, {"school"}),
    ],
)
def test_commitments_are_filtered_and_found_by_their_words(aigerim: Client, asked: dict, expected: set[str]) -> None:
    today = ministry_day(timezone.now())
    text = people.instrument("We will open a school. We will build a road. We intend to plant trees.")
    people.commitment(text, "We will open a school", due_on=dt.date(2024, 6, 30))
    people.commitment(text, "We will build a road", due_on=today + dt.timedelta(3))
    people.commitment(text, "We intend to plant trees", force="intention", awaiting_date=True)
    rows = aigerim.get(_list("commitment"), asked).context["cl"].result_list
    assert {row.words.split()[-1] for row in rows} == expected


def test_parties_filter_commitments(aigerim: Client) -> None:
    text = people.instrument("KAZ will sing. UZB will dance.")
    people.commitment(text, "KAZ will sing", ("KAZ",))
    people.commitment(text, "UZB will dance", ("UZB",))
    rows = (
        aigerim.get(_list("commitment"), {"obligors__party__id__exact": people.party("UZB").pk})
        .context["cl"]
        .result_list
    )
    assert [row.words for row in rows] == ["UZB will dance"]


def test_only_administrators_change_units_and_rules(aigerim: Client) -> None:
    kept = people.unit("asia")
    address = reverse("admin:tracker_unit_change", args=[kept.pk])
    madina = _signed_in(people.person("madina", "administrator", None))
    data = filled(madina, address, name_en="Asia and Oceania")
    assert aigerim.post(address, data).status_code == 403
    assert madina.post(address, data).status_code == 302
    kept.refresh_from_db()
    assert kept.name_en == "Asia and Oceania"


@pytest.mark.parametrize("name", [name for name in LISTS if name != "followuprule"])
def test_nothing_is_deleted_in_the_admin(name: str) -> None:
    text = people.instrument("We will sing.")
    people.flag(people.commitment(text, "We will sing"))
    madina = _signed_in(people.person("madina", "administrator", None))
    assert madina.post(
        _list(name), {"action": "delete_selected", "_selected_action": [1], "post": "yes"}
    ).status_code in (200, 302, 403)
    assert madina.get(reverse(f"admin:tracker_{name}_delete", args=[1])).status_code == 403


def test_accounts_are_for_superusers() -> None:
    madina = _signed_in(people.person("madina", "administrator", None))
    assert madina.get(reverse("admin:auth_user_changelist")).status_code == 403
    user = people.person("root", "administrator", None)
    user.is_superuser = True
    user.save()
    assert _signed_in(user).get(reverse("admin:auth_user_changelist")).status_code == 200


def test_administrators_see_tokens_and_end_them(aigerim: Client) -> None:
    from knox.models import AuthToken

    token, _ = AuthToken.objects.create(people.person("dauren"))
    address = reverse("admin:knox_authtoken_delete", args=[token.pk])
    assert aigerim.post(address, {"post": "yes"}).status_code == 403
    madina = _signed_in(people.person("madina", "administrator", None))
    assert madina.post(address, {"post": "yes"}).status_code == 302
    assert not AuthToken.objects.exists()


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_the_admin_loads_nothing_from_elsewhere(language: str) -> None:
    people.many(10)
    client = _signed_in(people.person("madina", "administrator", None, language=language))
    for name in LISTS:
        page = client.get(_list(name)).content.decode()
        for mark in ('src="http', 'href="http', "url(http"):
            assert mark not in page.replace('href="https://unfoldadmin.com', ""), name


def _retitled(by: Client, pk: int, **changes: object) -> int:
    page = reverse("admin:tracker_instrument_change", args=[pk])
    return by.post(page, filled(by, page, title="Corrected", **changes)).status_code


def test_an_instrument_is_corrected_by_the_unit_that_answers_for_it(aigerim: Client) -> None:
    ours, theirs = (people.instrument("We will open a school.", unit_code=code) for code in ("asia", "europe"))
    # a commitment of ours in it lets us see their instrument, not change it
    people.commitment(theirs, "We will open a school", unit=people.unit("asia"))
    assert _retitled(aigerim, ours.instrument_id, unit=people.unit("asia").pk) == 302
    assert _retitled(aigerim, theirs.instrument_id, unit=people.unit("asia").pk) == 403
    titles = Instrument.objects.in_bulk([ours.instrument_id, theirs.instrument_id])
    assert titles[ours.instrument_id].title == "Corrected"
    assert titles[theirs.instrument_id].title != "Corrected"


def test_an_officer_takes_no_instrument_out_of_a_unit_with_a_second_person(aigerim: Client) -> None:
    guarded = people.unit("asia")
    guarded.second_person = True
    guarded.save()
    kept = people.instrument("We will open a school.", unit_code="asia").instrument
    assert _retitled(aigerim, kept.pk, unit="") == 302
    kept.refresh_from_db()
    assert (kept.title, kept.unit) == ("Corrected", guarded)
    head = _signed_in(people.person("dauren", "head_of_unit"))
    assert _retitled(head, kept.pk, unit="") == 302
    kept.refresh_from_db()
    assert kept.unit is None
