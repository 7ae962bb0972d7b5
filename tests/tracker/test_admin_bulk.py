"""Steps on many rows, and spreadsheets, in the admin: shown first, then done, and told row by row."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from redis import RedisError

from tests.tracker import people
from tracker.admin import kept_files
from tracker.models import Commitment, EvidenceFile, StatusStep

pytestmark = pytest.mark.django_db

LIST = "admin:tracker_commitment_changelist"


@pytest.fixture
def aigerim() -> Client:
    """A desk officer of the Asia unit."""
    return _signed_in(people.person("aigerim"))


@pytest.fixture
def two() -> list[Commitment]:
    """Two commitments of the Asia unit."""
    text = people.instrument("We will open a school. We will build a road.", unit_code="asia")
    return [people.commitment(text, words) for words in ("We will open a school", "We will build a road")]


def _signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _begin(client: Client, action: str, chosen: list[Commitment]):
    data = {"action": action, "_selected_action": [each.pk for each in chosen]}
    return client.post(reverse(LIST), data)


def _order(client: Client, action: str, **data):
    return client.post(reverse(f"admin:tracker_commitment_bulk_{action}"), data)


def test_what_will_change_is_shown_before_anything_does(aigerim: Client, two: list[Commitment]) -> None:
    begun = _begin(aigerim, "confirm", two)
    seen = begun.context["form"]["seen"].value()
    assert seen == f"{two[0].pk}:1 {two[1].pk}:1"
    Commitment.objects.filter(pk=two[1].pk).update(version=2)
    shown = _order(aigerim, "confirm", seen=seen)
    page = shown.content.decode()
    assert "1 commitment will change" in page
    assert "you saw version 1, it is now 2" in page
    assert not Commitment.objects.filter(review="confirmed").exists()
    kept = dict(shown.context["kept"])
    assert kept["seen"] == f"{two[0].pk}:1"
    done = _order(aigerim, "confirm", **kept, do="1")
    assert "1 commitment changed" in done.content.decode()
    two[0].refresh_from_db()
    assert two[0].review == "confirmed"


def test_a_status_for_many_bears_the_same_note_and_evidence(aigerim: Client, two: list[Commitment]) -> None:
    seen = _begin(aigerim, "status", two).context["form"]["seen"].value()
    report = {"to": "fulfilled", "on": "2025-04-01", "note": "Both done.", "evidence": "https://example.org"}
    shown = _order(aigerim, "status", seen=seen, **report)
    assert len(shown.context["plan"].changes) == 2
    assert not StatusStep.objects.exists()
    _order(aigerim, "status", **dict(shown.context["kept"]), do="1")
    assert {step.evidence for step in StatusStep.objects.all()} == {"https://example.org"}
    assert Commitment.objects.filter(status="fulfilled").count() == 2


def _file(name: str = "хаттама.pdf", content: bytes = b"%PDF-1.7 minutes") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_one_file_is_evidence_for_many_and_is_stored_once(aigerim: Client, two: list[Commitment]) -> None:
    seen = _begin(aigerim, "status", two).context["form"]["seen"].value()
    report = {"to": "fulfilled", "on": "2025-04-01", "note": "Both done.", "evidence": "https://example.org"}
    shown = _order(aigerim, "status", seen=seen, evidence_file=_file(), **report)
    page = shown.content.decode()
    assert "2 commitments will change" in page
    assert "хаттама.pdf" in page
    assert not StatusStep.objects.exists()
    assert not EvidenceFile.objects.exists()
    done = _order(aigerim, "status", **dict(shown.context["kept"]), do="1")
    assert "2 commitments changed" in done.content.decode()
    stored = EvidenceFile.objects.get()
    assert bytes(stored.content) == b"%PDF-1.7 minutes"
    assert {step.proofs.get(file=stored).file_name for step in StatusStep.objects.all()} == {"хаттама.pdf"}
    assert {step.evidence for step in StatusStep.objects.all()} == {"https://example.org"}


def test_a_file_alone_is_evidence_enough(aigerim: Client, two: list[Commitment]) -> None:
    seen = " ".join(f"{each.pk}:1" for each in two)
    report = {"to": "fulfilled", "on": "2025-04-01", "note": "Both done.", "seen": seen}
    assert len(_order(aigerim, "status", **report).context["plan"].changes) == 0
    assert len(_order(aigerim, "status", **report, evidence_file=_file()).context["plan"].changes) == 2


def test_a_file_that_is_not_kept_any_longer_is_asked_for_again(aigerim: Client, two: list[Commitment]) -> None:
    report = {"to": "fulfilled", "on": "2025-04-01", "note": "Done.", "seen": f"{two[0].pk}:1"}
    first = dict(_order(aigerim, "status", **report, evidence_file=_file()).context["kept"])
    second = dict(_order(aigerim, "status", **report, evidence_file=_file(content=b"other")).context["kept"])
    lost = _order(aigerim, "status", **first, do="1")
    assert (lost.status_code, "Choose it again" in lost.content.decode()) == (422, True)
    dauren = _signed_in(people.person("dauren"))
    assert _order(dauren, "status", **second, do="1").status_code == 422
    assert not StatusStep.objects.exists()
    assert _order(aigerim, "status", **second, do="1").status_code == 200
    assert StatusStep.objects.get().proofs.get().file_name == "хаттама.pdf"


@pytest.mark.parametrize("content", [b"", b"x" * 25_000_001])
def test_a_file_that_is_no_evidence_is_refused(aigerim: Client, two: list[Commitment], content: bytes) -> None:
    report = {"to": "fulfilled", "on": "2025-04-01", "note": "Done.", "seen": f"{two[0].pk}:1"}
    assert _order(aigerim, "status", **report, evidence_file=_file(content=content)).status_code == 422


def test_where_the_cache_is_away_a_file_is_refused_in_words(
    aigerim: Client, two: list[Commitment], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_named: object) -> None:
        raise RedisError

    monkeypatch.setattr(kept_files.cache, "set", away)
    monkeypatch.setattr(kept_files.cache, "get", away)
    report = {"to": "fulfilled", "on": "2025-04-01", "note": "Done.", "seen": f"{two[0].pk}:1"}
    refused = _order(aigerim, "status", **report, evidence_file=_file())
    assert (refused.status_code, "give a web address" in refused.content.decode()) == (422, True)
    assert _order(aigerim, "status", **report, kept_file="0" * 64, do="1").status_code == 422


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("status", {"to": "in_progress", "on": "2025-04-01", "note": ""}),
        ("extension", {"to": "soon", "reason": "x"}),
        ("unit", {"unit": "999999"}),
        ("officer", {"officer": "x"}),
        ("confirm", {"seen": "1; DROP TABLE"}),
        ("confirm", {"seen": ""}),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(
    aigerim: Client, two: list[Commitment], action: str, data: dict[str, str]
) -> None:
    answer = _order(aigerim, action, **{"seen": f"{two[0].pk}:1", **data})
    assert answer.status_code == 422
    assert Commitment.objects.filter(version=1).count() == 2


def test_a_unit_and_an_officer_are_given_to_many(aigerim: Client, two: list[Commitment]) -> None:
    dauren = people.person("dauren").person
    seen = " ".join(f"{each.pk}:1" for each in two)
    _order(aigerim, "unit", seen=seen, unit=people.unit("asia").pk, do="1")
    _order(aigerim, "officer", seen=seen.replace(":1", ":2"), officer=dauren.pk, do="1")
    assert set(Commitment.objects.values_list("unit__code", "officer")) == {("asia", dauren.pk)}


def test_rows_of_another_unit_are_refused_as_if_they_were_not_there(two: list[Commitment]) -> None:
    bolat = _signed_in(people.person("bolat", unit_code="europe"))
    page = _order(bolat, "confirm", seen=f"{two[0].pk}:1", do="1").content.decode()
    assert "There is no such commitment." in page
    assert "school" not in page


@pytest.mark.parametrize("action", ["status", "extension", "unit", "officer", "confirm", "reject"])
def test_orders_are_for_those_who_may_act(two: list[Commitment], action: str) -> None:
    saule = _signed_in(people.person("saule", "auditor", None))
    assert _order(saule, action, seen=f"{two[0].pk}:1").status_code == 403
    assert saule.get(reverse(f"admin:tracker_commitment_bulk_{action}")).status_code == 405
    assert 'name="action"' not in saule.get(reverse(LIST)).content.decode()


def _rows(answer) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_list_is_exported_with_its_filters(aigerim: Client, two: list[Commitment]) -> None:
    Commitment.objects.filter(pk=two[0].pk).update(force="intention")
    page = aigerim.get(reverse(LIST), {"force__exact": "intention"}).content.decode()
    assert reverse("admin:tracker_commitment_export_csv") + "?force__exact=intention" in page
    answer = aigerim.get(reverse("admin:tracker_commitment_export_csv"), {"force__exact": "intention"})
    assert [row["words"] for row in _rows(answer)] == ["We will open a school"]
    assert "attachment" in answer["Content-Disposition"]
    found = aigerim.get(reverse("admin:tracker_commitment_export_csv"), {"q": "ROAD"})
    assert [row["words"] for row in _rows(found)] == ["We will build a road"]
    sheet = aigerim.get(reverse("admin:tracker_commitment_export_xlsx"))
    assert b"".join(sheet.streaming_content).startswith(b"PK")


def test_a_filter_that_makes_no_sense_exports_nothing(aigerim: Client, two: list[Commitment]) -> None:
    answer = aigerim.get(reverse("admin:tracker_commitment_export_csv"), {"force__exactly": "x"})
    assert answer.status_code == 302


def test_an_export_holds_nothing_of_another_unit(two: list[Commitment]) -> None:
    bolat = _signed_in(people.person("bolat", unit_code="europe"))
    assert _rows(bolat.get(reverse("admin:tracker_commitment_export_csv"))) == []
    assert Client().get(reverse("admin:tracker_commitment_export_csv")).status_code == 302


def _upload(client: Client, text: str):
    file = SimpleUploadedFile("sheet.csv", text.encode())
    return client.post(reverse("admin:tracker_commitment_import"), {"sheet": file})


def test_an_import_is_shown_row_by_row_and_then_carried_out(aigerim: Client, two: list[Commitment]) -> None:
    first, second = two
    sheet = f"id,version,title\n{first.pk},1,School\n{second.pk},7,Road\n"
    shown = _upload(aigerim, sheet)
    page = shown.content.decode()
    for words in ("1 row will change", "1 row refused", "School", "you saw version 7"):
        assert words in page
    first.refresh_from_db()
    assert first.version == 1
    done = aigerim.post(reverse("admin:tracker_commitment_import"), {"orders": shown.context["orders"]})
    assert "1 row changed" in done.content.decode()
    first.refresh_from_db()
    assert first.title == "School"
    again = aigerim.post(reverse("admin:tracker_commitment_import"), {"orders": shown.context["orders"]})
    assert "you saw version 1, it is now 2" in again.content.decode()


def test_what_was_not_shown_to_this_person_is_not_carried_out(aigerim: Client, two: list[Commitment]) -> None:
    orders = _upload(aigerim, f"id,version,title\n{two[0].pk},1,School\n").context["orders"]
    dauren = _signed_in(people.person("dauren"))
    for forged in (orders, orders[:-3], "", "x"):
        answer = dauren.post(reverse("admin:tracker_commitment_import"), {"orders": forged})
        assert answer.status_code == 422
    assert not Commitment.objects.filter(title="School").exists()


@pytest.mark.parametrize("text", ["", "nothing,here\n1,2\n"])
def test_a_file_that_is_no_sheet_is_refused_in_words(aigerim: Client, text: str) -> None:
    assert _upload(aigerim, text).status_code == 422
    assert aigerim.post(reverse("admin:tracker_commitment_import")).status_code == 422
    assert aigerim.get(reverse("admin:tracker_commitment_import")).status_code == 200


def test_imports_are_for_those_who_may_act() -> None:
    for name, role in (("reader", "reader"), ("auditor", "auditor")):
        assert _signed_in(people.person(name, role)).get(reverse("admin:tracker_commitment_import")).status_code == 403
