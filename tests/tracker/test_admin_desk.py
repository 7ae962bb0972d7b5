"""The page of a commitment: what it tells, and every step that is taken on it."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.tracker import people
from tests.tracker.forms import filled
from tracker.models import Commitment, DeadlineStep, Evidence, HandOver, Note, Relation, Submission, Theme, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Commitment:
    """A commitment of the Asia unit."""
    text = people.instrument("1. The Parties will open a school by 2030. They will build a road.", unit_code="asia")
    return people.commitment(
        text,
        "The Parties will open a school by 2030",
        ("KAZ", "UZB"),
        clause=people.clause(text, "1", text.body),
        due_on=dt.date(2030, 12, 31),
        due_why="the year's last day",
    )


@pytest.fixture
def user() -> User:
    """A desk officer of the Asia unit."""
    return people.person("aigerim")


@pytest.fixture
def aigerim(user: User) -> Client:
    """The officer, signed in."""
    return _signed_in(user)


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _take(client: Client, made: Commitment, act: str, **data):
    made.refresh_from_db()
    return client.post(reverse(f"admin:tracker_commitment_{act}", args=[made.pk]), {"version": made.version, **data})


def _page(client: Client, made: Commitment) -> str:
    return client.get(reverse("admin:tracker_commitment_change", args=[made.pk])).content.decode()


def test_a_deadline_is_extended_and_the_old_day_stays_in_sight(aigerim: Client, made: Commitment) -> None:
    assert _take(aigerim, made, "extend", to="2031-06-30", reason="The winter was long.").status_code == 302
    made.refresh_from_db()
    assert (made.due_on, DeadlineStep.objects.get().from_day) == (dt.date(2031, 6, 30), dt.date(2030, 12, 31))
    page = _page(aigerim, made)
    for words in ("30 June 2031", "until then 31 December 2030", "The winter was long.", "the year&#x27;s last day"):
        assert words in page


@pytest.mark.parametrize("wrong", [{"to": "2029-01-01"}, {"to": ""}, {"reason": ""}, {"to": "soon"}])
def test_a_wrong_extension_changes_nothing_and_keeps_what_was_typed(
    aigerim: Client, made: Commitment, wrong: dict
) -> None:
    answer = _take(aigerim, made, "extend", **{"to": "2031-01-01", "reason": "Typed with care.", **wrong})
    assert answer.status_code == 422
    assert "reason" in wrong or "Typed with care." in answer.content.decode()
    made.refresh_from_db()
    assert (made.version, made.due_on) == (1, dt.date(2030, 12, 31))


def _report(**changes):
    return {"to": "fulfilled", "on": "2025-03-01", "note": "Opened.", "evidence": "", "obligor": "", **changes}


def test_a_file_of_evidence_is_kept_with_its_sum_and_given_back_as_it_came(aigerim: Client, made: Commitment) -> None:
    data = b"%PDF-1.7 <script>alert(1)</script>"
    files = [SimpleUploadedFile("хаттама.pdf", data), SimpleUploadedFile("photo.png", b"\x89PNG\r\n\x1a\n")]
    assert _take(aigerim, made, "status", **_report(evidence_files=files)).status_code == 302
    kept = Evidence.objects.get(file_name="хаттама.pdf")
    assert kept.file_id == hashlib.sha256(data).hexdigest()
    assert "хаттама.pdf" in _page(aigerim, made)
    answer = aigerim.get(reverse("evidence", args=[kept.pk]))
    assert (answer.content, answer["Content-Type"]) == (data, "application/octet-stream")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")


def test_evidence_of_another_unit_is_not_there(aigerim: Client, made: Commitment) -> None:
    _take(aigerim, made, "status", **_report(evidence_files=[SimpleUploadedFile("a.txt", b"x")]))
    address = reverse("evidence", args=[Evidence.objects.get().pk])
    assert _signed_in(people.person("bolat", unit_code="europe")).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_verdict_without_evidence_is_refused(aigerim: Client, made: Commitment) -> None:
    assert _take(aigerim, made, "status", **_report()).status_code == 422


def test_a_commitment_is_superseded_by_another(aigerim: Client, made: Commitment) -> None:
    other = people.commitment(made.text, "They will build a road")
    assert _take(aigerim, made, "status", **_report(to="superseded", by_commitment=other.pk)).status_code == 302
    page = _page(aigerim, made)
    assert "superseded by" in page
    assert "They will build a road" in page


def test_a_hidden_commitment_supersedes_nothing(aigerim: Client, made: Commitment) -> None:
    hidden = people.commitment(people.instrument("We will sing.", unit_code="europe"), "We will sing")
    answer = _take(aigerim, made, "status", **_report(to="superseded", by_commitment=hidden.pk))
    assert answer.status_code == 422
    assert "We will sing" not in answer.content.decode()


def test_title_themes_relations_and_notes_are_kept(aigerim: Client, made: Commitment) -> None:
    other = people.commitment(made.text, "They will build a road")
    theme = Theme.objects.create(code="schools", name_en="Schools", sdg=4)
    for act, data in (
        ("title", {"title": "Open the school"}),
        ("themes", {"themes": [theme.pk]}),
        ("relate", {"kind": "specifies", "target": other.pk}),
        ("note", {"words": "Ask <b>Dauren</b>."}),
    ):
        assert _take(aigerim, made, act, **data).status_code == 302, act
    page = _page(aigerim, made)
    for words in ("Open the school", "Schools", "specifies", "They will build a road", "Ask &lt;b&gt;Dauren"):
        assert words in page
    assert _take(aigerim, made, "unrelate", relation_id=Relation.objects.get().pk).status_code == 302
    assert not Relation.objects.exists()


def test_a_note_is_not_refused_because_somebody_else_acted(aigerim: Client, made: Commitment) -> None:
    address = reverse("admin:tracker_commitment_note", args=[made.pk])
    assert aigerim.post(address, {"version": 99, "words": "Call Tashkent."}).status_code == 302
    assert Note.objects.get().words == "Call Tashkent."


def test_a_second_person_accepts_what_its_author_cannot(user: User, aigerim: Client, made: Commitment) -> None:
    Unit.objects.update(second_person=True)
    assert _take(aigerim, made, "status", **_report(evidence="https://example.org")).status_code == 302
    waiting = Submission.objects.get()
    assert "Withdraw" in _page(aigerim, made)
    assert "Send back" not in _page(aigerim, made)
    assert _take(aigerim, made, "accept", submission_id=waiting.pk).status_code == 422
    dauren = _signed_in(people.person("dauren"))
    assert "Accept" in _page(dauren, made)
    assert _take(dauren, made, "accept", submission_id=waiting.pk).status_code == 302
    made.refresh_from_db()
    assert made.status == "fulfilled"
    assert "accepted by dauren" in _page(aigerim, made)


def test_a_submission_is_sent_back_with_a_reason_or_withdrawn(aigerim: Client, made: Commitment) -> None:
    Unit.objects.update(second_person=True)
    dauren = _signed_in(people.person("dauren"))
    for client, act, data, state in (
        (dauren, "send_back", {"reason": "No photo."}, "rejected"),
        (aigerim, "withdraw", {}, "withdrawn"),
    ):
        _take(aigerim, made, "extend", to="2031-01-01", reason="Snow.")
        waiting = Submission.objects.order_by("-pk").first()
        assert _take(client, made, act, submission_id=waiting.pk, **data).status_code == 302
        waiting.refresh_from_db()
        assert waiting.state == state
    made.refresh_from_db()
    assert made.due_on == dt.date(2030, 12, 31)


@pytest.mark.parametrize("act", ["extend", "title", "themes", "relate", "note", "unrelate", "accept", "withdraw"])
def test_who_only_looks_takes_no_step(act: str, made: Commitment) -> None:
    for name, role, unit, expected in (
        ("reader", "reader", "asia", 403),
        ("auditor", "auditor", None, 403),
        ("stranger", "desk_officer", "europe", 404),
    ):
        client = _signed_in(people.person(name, role, unit))
        assert _take(client, made, act).status_code == expected, name
        assert client.get(reverse(f"admin:tracker_commitment_{act}", args=[made.pk])).status_code == 405
    assert "Record status" not in _page(_signed_in(people.person("looker", "reader", "asia")), made)


@pytest.mark.django_db(transaction=True)
def test_the_history_tells_who_changed_what_from_what_to_what() -> None:
    text = people.instrument("We will open a school.", unit_code="asia")
    made = people.commitment(text, "We will open a school", due_on=dt.date(2030, 12, 31))
    aigerim = _signed_in(people.person("aigerim"))
    _take(aigerim, made, "confirm")
    _take(aigerim, made, "extend", to="2031-06-30", reason="The winter was long.")
    told = aigerim.get(reverse("admin:tracker_commitment_change", args=[made.pk])).context["history"]
    assert {entry.actor for entry in told[:2]} == {"aigerim"}
    changes = {(change.label, change.before, change.after) for entry in told for change in entry.changes}
    assert ("review", "proposed", "confirmed") in changes
    assert ("due on", "31 December 2030", "30 June 2031") in changes


def test_the_page_asks_a_fixed_number_of_queries(aigerim: Client, made: Commitment) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            _page(aigerim, made)
        return len([each for each in captured if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "UPDATE"))])

    _take(aigerim, made, "status", **_report(to="in_progress"))
    _take(aigerim, made, "note", words="One.")
    before = asked()
    for _ in range(5):
        _take(aigerim, made, "status", **_report(to="in_progress", evidence="https://example.org"))
        _take(aigerim, made, "note", words="More.")
    assert asked() <= before + 2  # the evidence of steps that have some, the words of those it names
    assert before <= 40


def test_everything_open_is_handed_over_in_one_step(aigerim: Client, user: User, made: Commitment) -> None:
    dauren = people.person("dauren").person
    Commitment.objects.filter(pk=made.pk).update(officer=user.person)
    page = reverse("admin:tracker_handover_add")
    assert aigerim.get(page).status_code == 200
    given = {"from_person": user.person.pk, "to_person": dauren.pk, "reason": "Posted to Tokyo."}
    assert aigerim.post(page, {**given, "reason": ""}).status_code == 422
    assert aigerim.post(page, given).status_code == 302
    made.refresh_from_db()
    assert made.officer == dauren
    assert HandOver.objects.get().reason == "Posted to Tokyo."
    assert "Posted to Tokyo." in aigerim.get(reverse("admin:tracker_handover_changelist")).content.decode()


def test_what_is_anothers_is_handed_over_by_the_head(aigerim: Client, user: User, made: Commitment) -> None:
    dauren = people.person("dauren").person
    Commitment.objects.filter(pk=made.pk).update(officer=dauren)
    given = {"from_person": dauren.pk, "to_person": user.person.pk, "reason": "Ill."}
    page = reverse("admin:tracker_handover_add")
    assert aigerim.post(page, given).status_code == 422
    assert _signed_in(people.person("reader", "reader")).post(page, given).status_code == 403
    assert _signed_in(people.person("head", "head_of_unit")).post(page, given).status_code == 302


@pytest.mark.parametrize("name", ["theme", "submission", "handover"])
def test_the_desk_lists_ask_fewer_than_ten_queries(aigerim: Client, user: User, made: Commitment, name: str) -> None:
    Unit.objects.update(second_person=True)
    for each in people.many(20, "asia"):
        _take(aigerim, each, "extend", to="2999-01-01", reason="Snow.")
    address = reverse(f"admin:tracker_{name}_changelist")
    aigerim.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert aigerim.get(address).status_code == 200
    assert len([each for each in captured if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "UPDATE"))]) < 10


def test_themes_and_units_are_kept_by_administrators(aigerim: Client) -> None:
    boss = _signed_in(people.person("boss", "administrator", None))
    for name, data in (
        ("theme", {"code": "steppe", "name_en": "Steppe", "name_kk": "Дала", "name_ru": "Степь"}),
        ("unit", {"code": "africa", "name_en": "Africa", "name_kk": "", "name_ru": "", "second_person": "on"}),
    ):
        page = reverse(f"admin:tracker_{name}_add")
        assert aigerim.post(page, data).status_code == 403
        assert boss.post(page, filled(boss, page, **data)).status_code == 302
    assert Unit.objects.get(code="africa").second_person
