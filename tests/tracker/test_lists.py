"""Long lists: what they find, in which order, and that neither costs more queries where there is more."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.tracker import people
from tests.tracker.makers import NOW, make_commitment, make_instrument, make_text
from tracker import assignment
from tracker.admin import sheets
from tracker.models import Clause, Commitment, Searchable
from tracker.models.pages import Pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """An auditor, who sees everything."""
    signed_in = Client()
    signed_in.force_login(people.person("saule", "auditor", None))
    return signed_in


def _found(client: Client, words: str, name: str = "commitment") -> list[int]:
    answer = client.get(reverse(f"admin:tracker_{name}_changelist"), {"q": words})
    assert answer.status_code == 200
    return [row.pk for row in answer.context["cl"].result_list]


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    # The session is written anew whatever the page.
    written = ("SAVEPOINT", 'UPDATE "django_session"')
    return sum(1 for query in captured if not any(sign in query["sql"] for sign in written))


@pytest.mark.parametrize("name", ["commitment", "instrument", "followup", "text"])
@pytest.mark.parametrize("query", ["", "?q=open+trade", "?p=2"])
def test_a_list_asks_the_same_number_of_queries_whatever_its_length(name: str, query: str, client: Client) -> None:
    address = reverse(f"admin:tracker_{name}_changelist") + query
    people.many(110)
    few = _queries(client, address)
    people.many(120)
    assert _queries(client, address) == few < 10


def test_all_filters_for_one_record_at_once_ask_under_ten_queries(client: Client) -> None:
    people.many(3)
    one = Commitment.objects.get(pk=Commitment.objects.order_by("pk").values_list("pk", flat=True)[0])
    instrument, party = one.text.instrument_id, one.obligors.first()
    query = f"?text__instrument__id__exact={instrument}&obligors__party__id__exact={party.party_id if party else 1}"
    assert _queries(client, reverse("admin:tracker_commitment_changelist") + query) < 10


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        ("The Parties will open a Veterinary Laboratory.", "veterinary laboratory"),
        ("Стороны откроют ВЕТЕРИНАРНУЮ лабораторию.", "ветеринарную"),
        ("Тараптар ҚОЛЖАЗБАЛАР көрмесін өткізеді.", "қолжазбалар"),
        ("Тараптар қолжазбалар көрмесін өткізеді.", "ҚОЛЖАЗБАЛАР көрме"),
        ("Growth of 5% in _trade_ by road.", "5% _trade"),
    ],
)
def test_a_word_is_found_in_any_case_and_language(words: str, typed: str, client: Client) -> None:
    make_commitment()
    wanted = make_commitment(text=make_text(body=words), end=len(words), start=0, title="Open")
    assert _found(client, typed) == [wanted.pk]


def test_all_that_was_typed_must_be_there_and_quotes_keep_a_phrase_together(client: Client) -> None:
    one = make_commitment(title="a road to the sea")
    other = make_commitment(title="the sea and a road")
    assert set(_found(client, "road sea")) == {one.pk, other.pk}
    assert _found(client, '"road to"') == [one.pk]
    assert _found(client, "road mountain") == []


@pytest.mark.parametrize("typed", ['"', "%", "_", "\\", "'", "'x", "--"])
def test_signs_are_looked_for_as_they_are(typed: str, client: Client) -> None:
    make_commitment(title="nothing of the kind")
    assert _found(client, typed) == []


def test_the_search_follows_every_change_of_the_words(client: Client) -> None:
    body = "First words. Second sentence."
    instrument = make_instrument(title="Treaty of the river")
    text = make_text(instrument, body=body)
    clause = Clause.objects.create(text=text, position=1, role="operative", path="17 bis", start=0, end=len(body))
    made = make_commitment(text=text, start=0, end=12, title="short name", clause=clause)
    assert _found(client, "first") == _found(client, "river") == _found(client, "17 bis") == [made.pk]
    Commitment.objects.filter(pk=made.pk).update(start=13, end=len(body), title="other name")
    assert _found(client, "first") == _found(client, "short") == []
    assert _found(client, "second") == _found(client, "other") == [made.pk]
    instrument.title = "Treaty of the lake"
    instrument.save()
    Clause.objects.update(path="18")
    assert _found(client, "river") == _found(client, "17 bis") == []
    assert _found(client, "lake 18") == [made.pk]


def test_what_is_searched_goes_with_its_commitment_also_in_raw_sql() -> None:
    made = make_commitment()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM tracker_commitment WHERE id = %s", [made.pk])
    assert not Searchable.objects.filter(pk=made.pk).exists()


def test_an_update_that_leaves_the_words_alone_does_not_touch_the_search() -> None:
    made = make_commitment()
    Searchable.objects.update(words="AS IT WAS")
    Commitment.objects.filter(pk=made.pk).update(force="intention")
    assert Searchable.objects.get(pk=made.pk).words == "AS IT WAS"


@pytest.mark.parametrize("ordering", [("title", "pk"), ("-due_on", "pk"), ("due_on", "-pk")])
def test_pages_hold_every_record_once_in_the_order_of_the_list(ordering: tuple[str, ...]) -> None:
    made = [make_commitment(title=f"number {n % 4}", due_on=None if n % 3 else "2027-01-01") for n in range(23)]
    listed = Commitment.objects.order_by(*ordering)
    pages = Pages(listed, 5, rows=Commitment.objects.all())
    shown = [row.pk for number in pages.page_range for row in pages.page(number).object_list]
    assert shown == [row.pk for row in listed]
    assert len(shown) == len(made)


def test_a_page_of_a_list_with_doubles_holds_each_record_once() -> None:
    made = make_commitment(obligors=("KAZ", "UZB"))
    doubled = Commitment.objects.filter(obligors__party__sort="state").distinct().order_by("due_on", "pk")
    assert [row.pk for row in Pages(doubled, 5, rows=Commitment.objects.all()).page(1).object_list] == [made.pk]


def test_an_empty_list_has_one_page_without_rows() -> None:
    assert Pages(Commitment.objects.order_by("pk"), 5, rows=Commitment.objects.all()).page(1).object_list == []


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_begins_before_all_of_it_is_read(suffix: str, client: Client) -> None:
    make_commitment()
    answer = client.get(reverse(f"admin:tracker_commitment_export_{suffix}"))
    assert answer.streaming
    assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_too_many_rows_for_xlsx_are_refused_with_the_remedy(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(sheets, "MOST_IN_XLSX", 1)
    make_commitment()
    address = reverse("admin:tracker_commitment_export_xlsx")
    assert client.get(address).streaming
    make_commitment()
    answer = client.get(address, {"force__exact": "commitment"}, follow=True)
    assert answer.redirect_chain == [(reverse("admin:tracker_commitment_changelist") + "?force__exact=commitment", 302)]
    assert "export it as CSV" in answer.content.decode()


def test_the_first_page_needs_no_count() -> None:
    made = [make_commitment(due_on=f"2027-01-0{day}") for day in (3, 1, 2)]
    with CaptureQueriesContext(connection) as captured:
        shown = Pages(Commitment.objects.order_by("due_on", "pk"), 2, rows=Commitment.objects.all()).first()
    assert [row.pk for row in shown] == [made[1].pk, made[2].pk]
    assert len(captured) == 2


def test_the_obligors_of_a_list_come_in_their_order_in_one_query() -> None:
    make_commitment(obligors=("UZB", "KAZ", "AZE"))
    with CaptureQueriesContext(connection) as captured:
        row = Commitment.objects.for_lists().get()
        assert [side.party.code for side in row.obligors.all()] == ["UZB", "KAZ", "AZE"]
        assert not row.addressees.all()
    assert len(captured) == 3


@pytest.mark.parametrize("name", ["handover", "upload"])
def test_a_list_that_tells_little_reads_little(name: str, client: Client) -> None:
    make_commitment()
    assert _queries(client, reverse(f"admin:tracker_{name}_changelist")) < 10


def test_a_hand_over_says_how_many_went_over(client: Client) -> None:
    giver, taker = people.person("dauren"), people.person("aigerim")
    for _ in range(3):
        make_commitment(officer=giver.person, unit=giver.person.unit)
    by = people.person("bolat", "administrator")
    assignment.hand_over(giver.person, taker.person, by=by, reason="leave", now=NOW)
    rows = client.get(reverse("admin:tracker_handover_changelist")).context["cl"].result_list
    assert [row.number for row in rows] == [3]
