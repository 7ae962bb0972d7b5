"""Facts that are edited in the admin: nobody overwrites what a colleague changed, and nothing typed is lost."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.tracker import people
from tests.tracker.forms import filled
from tracker.models import FollowUpRule, Instrument, Theme, Unit

FACTS = {"title": "Joint statement", "kind": "joint_statement", "legal_nature": "political_commitment"}


def _signed_in(name: str, role: str = "desk_officer") -> Client:
    client = Client()
    client.force_login(people.person(name, role))
    return client


def _address(instrument: Instrument) -> str:
    return reverse("admin:tracker_instrument_change", args=[instrument.pk])


def _seen(client: Client, address: str) -> str:
    return client.get(address).context["adminform"].form.seen


@pytest.fixture
def kept() -> Instrument:
    """An instrument of the Asia unit, signed on 1 March 2025."""
    return people.instrument("We will open a school.", unit_code="asia").instrument


def _typed(kept: Instrument, **changes: Any) -> dict[str, Any]:
    return {**FACTS, "signed_on": "2025-03-01", "signed_at": "", "unit": kept.unit_id, **changes}


@pytest.mark.django_db
def test_the_second_of_two_is_shown_both_versions_and_keeps_what_was_typed(kept: Instrument) -> None:
    aigerim, dauren, address = _signed_in("aigerim"), _signed_in("dauren"), _address(kept)
    seen = _seen(dauren, address)
    changes = _typed(kept, title="Astana declaration", signed_on="2025-03-02", seen=_seen(aigerim, address))
    assert aigerim.post(address, changes).status_code == 302
    refused = dauren.post(address, _typed(kept, signed_at="Астана", seen=seen))
    page = refused.content.decode()
    assert refused.status_code == 409
    lines = {line.label: (line.seen, line.current) for line in refused.context["adminform"].form.stale}
    assert lines == {"title": (kept.title, "Astana declaration"), "signed on": ("1 March 2025", "2 March 2025")}
    for words in (
        "Astana declaration",
        "2 March 2025",
        "1 March 2025",
        'value="Астана"',
        "You saw",
        "Somebody changed",
    ):
        assert words in page
    kept.refresh_from_db()
    assert (kept.title, kept.signed_at) == ("Astana declaration", "")
    again = _typed(kept, title="Astana declaration", signed_at="Астана", seen=refused.context["adminform"].form.seen)
    assert dauren.post(address, again).status_code == 302
    kept.refresh_from_db()
    assert (kept.title, kept.signed_at) == ("Astana declaration", "Астана")


@pytest.mark.django_db
def test_a_unit_that_was_given_meanwhile_is_named_and_stays(kept: Instrument) -> None:
    head, address = _signed_in("head", "administrator"), _address(kept)
    seen = _seen(head, address)
    Instrument.objects.filter(pk=kept.pk).update(unit=people.unit("europe"))
    refused = head.post(address, _typed(kept, seen=seen))
    assert [(line.seen, line.current) for line in refused.context["adminform"].form.stale] == [("Asia", "Europe")]
    kept.refresh_from_db()
    assert kept.unit == people.unit("europe")


@pytest.mark.django_db
@pytest.mark.parametrize("seen", ["", "x", "forged:1:2"])
def test_an_edit_that_does_not_tell_what_was_seen_is_refused(kept: Instrument, seen: str) -> None:
    answer = _signed_in("aigerim").post(_address(kept), _typed(kept, seen=seen))
    assert "Nothing tells what you saw" in answer.content.decode()
    assert Instrument.objects.get(pk=kept.pk).title == kept.title


@pytest.mark.django_db
def test_what_was_seen_of_one_record_says_nothing_of_another(kept: Instrument) -> None:
    aigerim, other = _signed_in("aigerim"), people.instrument("We will sing.", unit_code="asia").instrument
    assert aigerim.post(_address(kept), _typed(kept, seen=_seen(aigerim, _address(other)))).status_code == 200
    assert Instrument.objects.get(pk=kept.pk).title == kept.title


@pytest.mark.django_db
def test_a_mistake_keeps_what_was_seen(kept: Instrument) -> None:
    aigerim, address = _signed_in("aigerim"), _address(kept)
    seen = _seen(aigerim, address)
    answer = aigerim.post(address, _typed(kept, title="", seen=seen))
    assert (answer.status_code, answer.context["adminform"].form.seen) == (200, seen)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["unit", "theme"])
def test_units_and_themes_are_not_overwritten_either(name: str) -> None:
    row: Any = people.unit("asia") if name == "unit" else Theme.objects.create(code="letters", name_en="Letters")
    madina = _signed_in("madina", "administrator")
    address = reverse(f"admin:tracker_{name}_change", args=[row.pk])
    mine = filled(madina, address, name_en="Mine")
    type(row).objects.filter(pk=row.pk).update(name_en="Theirs")
    assert madina.post(address, mine).status_code == 409
    row.refresh_from_db()
    assert row.name_en == "Theirs"
    assert madina.post(address, {**mine, "seen": _seen(madina, address)}).status_code == 302


@pytest.mark.django_db
def test_a_new_record_has_nothing_to_be_stale() -> None:
    madina = _signed_in("madina", "administrator")
    address = reverse("admin:tracker_unit_add")
    assert madina.post(address, filled(madina, address, code="europe", name_en="Europe")).status_code == 302
    assert Unit.objects.filter(code="europe").exists()


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_save_at_once_one_does() -> None:
    kept = people.instrument("We will open a school.", unit_code="asia").instrument
    address = _address(kept)
    clients = [_signed_in(f"officer{number}") for number in range(10)]
    seen = _seen(clients[0], address)
    answers: list[int] = []
    gate = threading.Barrier(len(clients))

    def save(number: int) -> None:
        with translation.override("en"):
            gate.wait()
            answers.append(clients[number].post(address, _typed(kept, title=f"Title {number}", seen=seen)).status_code)
        connection.close()

    threads = [threading.Thread(target=save, args=[number]) for number in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302] + [409] * 9
    kept.refresh_from_db()
    assert kept.title.startswith("Title ")
    assert kept.signed_on == dt.date(2025, 3, 1)


@pytest.mark.django_db
def test_the_page_of_a_record_tells_who_changed_what(kept: Instrument) -> None:
    aigerim, address = _signed_in("aigerim"), _address(kept)
    assert (
        aigerim.post(address, _typed(kept, title="Astana declaration", seen=_seen(aigerim, address))).status_code == 302
    )
    page = aigerim.get(address)
    entry = page.context["history"][0]
    assert entry.actor == "aigerim"
    assert [(change.label, change.before, change.after) for change in entry.changes] == [
        ("title", kept.title, "Astana declaration")
    ]
    assert "desk-history" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["unit", "theme", "person"])
def test_units_themes_and_people_have_a_history_too(name: str) -> None:
    madina = _signed_in("madina", "administrator")
    dauren = people.person("dauren").person
    row: Any = {"unit": dauren.unit, "person": dauren}.get(name) or Theme.objects.create(code="letters", name_en="L")
    column, value = ("role", "reader") if name == "person" else ("name_en", "Changed")
    type(row).objects.filter(pk=row.pk).update(**{column: value})
    page = madina.get(reverse(f"admin:tracker_{name}_change", args=[row.pk]))
    assert column in {change.column for entry in page.context["history"] for change in entry.changes}
    assert "desk-history" in page.content.decode()


@pytest.mark.django_db
def test_a_party_and_a_rule_are_not_overwritten_and_tell_their_history() -> None:
    saule, timur = _signed_in("saule", "administrator"), _signed_in("timur", "administrator")
    party = people.party("KAZ")
    rule = FollowUpRule.objects.filter(reason="quiet").first()
    assert rule is not None
    typed = {"reason": "quiet", "tells": "officer", "regular_months": "12", "enabled": "on", "days": "45, 90"}
    for name, pk, changes, told in (
        ("party", party.pk, {"code": "KAZ", "sort": "state", "name_en": "Qazaqstan"}, "Qazaqstan"),
        ("followuprule", rule.pk, {**typed, "name": "Autumn"}, "45, 90"),
    ):
        address = reverse(f"admin:tracker_{name}_change", args=[pk])
        first, second = _seen(saule, address), _seen(timur, address)
        assert saule.post(address, {**changes, "seen": first}).status_code == 302
        refused = timur.post(address, {**changes, "name_en": "Other", "name": "Other", "seen": second})
        assert refused.status_code == 409
        assert refused.context["adminform"].form.stale
        assert "Other" in refused.content.decode()
        history = saule.get(address).context["history"]
        assert any(change.after == told for entry in history for change in entry.changes)
        assert history[0].actor == "saule"
