"""What staff do on the page of a commitment, and what comes of files that they add."""

from __future__ import annotations

import datetime as dt
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from tests.tracker import people
from tracker.models import Commitment, StatusStep
from tracker.models.vocabulary import Review, Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Commitment:
    """A commitment of the Asia unit."""
    text = people.instrument("1. The Parties will open a school by 2024.", unit_code="asia")
    held = people.clause(text, "1", text.body)
    return people.commitment(
        text, "The Parties will open a school by 2024", ("KAZ", "UZB"), clause=held, due_on=dt.date(2024, 12, 31)
    )


@pytest.fixture
def aigerim() -> Client:
    """A desk officer of the Asia unit."""
    return _signed_in(people.person("aigerim"))


def _signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _step(client: Client, made: Commitment, step: str, **data):
    return client.post(reverse(f"admin:tracker_commitment_{step}", args=[made.pk]), {"version": made.version, **data})


def _report(**changes):
    return {
        "to": "in_progress",
        "on": "2025-02-01",
        "note": "The site was chosen.",
        "evidence": "",
        "obligor": "",
        **changes,
    }


def test_the_page_shows_the_words_in_their_place_with_why(aigerim: Client, made: Commitment) -> None:
    page = aigerim.get(reverse("admin:tracker_commitment_change", args=[made.pk])).content.decode()
    assert f'href="#n-{made.pk}">The Parties will open a school by 2024</a>' in page
    for words in ("31 December 2024", "overdue", "will", "Confirm", "Record status"):
        assert words in page or words == "31 December 2024"


def test_confirming_and_rejecting_change_the_review_alone(aigerim: Client, made: Commitment) -> None:
    assert _step(aigerim, made, "confirm").status_code == 302
    made.refresh_from_db()
    assert (made.review, made.status, made.version, made.reviewed_by.username) == (
        Review.CONFIRMED,
        Status.NOT_STARTED,
        2,
        "aigerim",
    )
    assert _step(aigerim, made, "reject").status_code == 302
    made.refresh_from_db()
    assert made.review == Review.REJECTED


def test_a_status_is_recorded_with_day_note_and_evidence(aigerim: Client, made: Commitment) -> None:
    assert _step(aigerim, made, "status", **_report(evidence="https://example.org/school")).status_code == 302
    made.refresh_from_db()
    assert (made.status, made.status_on) == (Status.IN_PROGRESS, dt.date(2025, 2, 1))
    kept = StatusStep.objects.get()
    assert (kept.note, kept.evidence, kept.by.username) == (
        "The site was chosen.",
        "https://example.org/school",
        "aigerim",
    )


def test_a_status_may_be_that_of_one_side(aigerim: Client, made: Commitment) -> None:
    side = made.obligors.get(party__code="UZB")
    _step(aigerim, made, "status", **_report(to="fulfilled", obligor=side.pk, evidence="https://example.org/school"))
    assert {each.party.code: each.status for each in made.obligors.all()} == {"KAZ": "not_started", "UZB": "fulfilled"}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"note": ""}, "note"),
        ({"on": "2999-01-01"}, "lie ahead"),
        ({"evidence": "javascript:alert(1)"}, "URL"),
        ({"to": "forgotten"}, "forgotten"),
        ({"obligor": "999999"}, "999999"),
    ],
)
def test_a_wrong_report_changes_nothing_and_keeps_what_was_typed(
    aigerim: Client, made: Commitment, wrong: dict, told: str
) -> None:
    answer = _step(aigerim, made, "status", **_report(**{"note": "Typed with care.", **wrong}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page or "required" in page or "valid" in page
    assert wrong.get("note") == "" or "Typed with care." in page
    made.refresh_from_db()
    assert (made.version, StatusStep.objects.count()) == (1, 0)


def test_a_stale_page_is_refused_with_both_versions_and_what_was_typed(aigerim: Client, made: Commitment) -> None:
    dauren = _signed_in(people.person("dauren"))
    assert _step(dauren, made, "confirm").status_code == 302
    answer = _step(
        aigerim, made, "status", **_report(note="Typed with care."), seen_review="proposed", seen_status="not started"
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "you saw version 1, it is now 2" in page
    assert "Typed with care." in page
    changed = {(line.seen, line.current) for line in answer.context["differences"] if line.name == "review"}
    assert changed == {("proposed", "confirmed")}
    made.refresh_from_db()
    assert (made.version, made.status) == (2, Status.NOT_STARTED)
    assert answer.context["forms"]["status"]["version"].value() == "2"


def test_the_kept_words_can_be_sent_again(aigerim: Client, made: Commitment) -> None:
    _step(_signed_in(people.person("dauren")), made, "confirm")
    assert _step(aigerim, made, "status", **_report()).status_code == 409
    made.refresh_from_db()
    assert _step(aigerim, made, "status", **_report()).status_code == 302


def test_a_race_lost_inside_the_step_is_told_as_well(aigerim: Client, made: Commitment) -> None:
    from tracker.models.edits import StaleError

    with mock.patch("tracker.progress.record_status", side_effect=StaleError(1, made)):
        assert _step(aigerim, made, "status", **_report()).status_code == 409


@pytest.mark.parametrize("step", ["confirm", "reject", "status", "charge"])
def test_steps_are_for_those_who_may_act(made: Commitment, step: str) -> None:
    for name, role, unit, expected in (
        ("reader", "reader", "asia", 403),
        ("auditor", "auditor", "asia", 403),
        ("stranger", "desk_officer", "europe", 404),
        ("officer", "desk_officer", "asia", 302),
    ):
        answer = _step(_signed_in(people.person(name, role, unit)), made, step, **_report())
        assert answer.status_code == expected, name


@pytest.mark.parametrize("step", ["confirm", "reject", "status", "charge"])
def test_steps_are_posted_with_a_token(made: Commitment, step: str) -> None:
    user = people.person("aigerim")
    assert _signed_in(user).get(reverse(f"admin:tracker_commitment_{step}", args=[made.pk])).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    assert _step(strict, made, step, **_report()).status_code == 403


def test_a_unit_and_an_officer_are_set(aigerim: Client, made: Commitment) -> None:
    dauren = people.person("dauren").person
    assert _step(aigerim, made, "charge", unit=people.unit("asia").pk, officer=dauren.pk).status_code == 302
    made.refresh_from_db()
    assert (made.unit.code, made.officer) == ("asia", dauren)
    stranger = people.person("bolat", unit_code="europe").person
    assert _step(aigerim, made, "charge", unit=people.unit("asia").pk, officer=stranger.pk).status_code == 422


def test_raw_fields_of_a_commitment_cannot_be_posted(aigerim: Client, made: Commitment) -> None:
    aigerim.post(
        reverse("admin:tracker_commitment_change", args=[made.pk]), {"status": "fulfilled", "review": "confirmed"}
    )
    made.refresh_from_db()
    assert (made.status, made.review) == (Status.NOT_STARTED, Review.PROPOSED)


def test_the_instrument_page_shows_its_texts_and_commitments(aigerim: Client, made: Commitment) -> None:
    page = aigerim.get(reverse("admin:tracker_instrument_change", args=[made.text.instrument_id])).content.decode()
    assert "мәлімдеме.txt" in page
    assert f'class="mark commitment proposed" href="#n-{made.pk}"' in page
    assert "1 numbered clause" in page
