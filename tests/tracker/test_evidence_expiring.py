"""Evidence that expires: until when a commitment's evidence is valid, that one is told in time, and new evidence."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.tracker import people
from tests.tracker.makers import NOW, TODAY, make_commitment, make_unit, make_user
from tracker import followup, progress
from tracker.models import Commitment, Evidence, FollowUp, Obligor
from tracker.models.edits import RefusedError
from tracker.models.vocabulary import Closure, Reason
from tracker.progress import File

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
LINK = "https://www.gov.kz/accreditation"


def record(made: Commitment, until: dt.date | None = None, **said: Any) -> Commitment:
    made.refresh_from_db()
    said = {"to": "in_progress", "on": TODAY, "note": "-", "evidence": LINK, "by": make_user(unit=made.unit), **said}
    return progress.record_status(made.pk, **said, evidence_until=until, version=made.version, now=NOW)


def until(made: Commitment) -> dt.date | None:
    return Commitment.objects.get(pk=made.pk).evidence_until


def test_a_commitment_knows_until_when_its_evidence_is_valid() -> None:
    made = make_commitment()
    record(made, TODAY + 90 * DAY, evidence=[LINK, File("plan.pdf", b"%PDF-1.7")])
    assert until(made) == TODAY + 90 * DAY
    assert set(Evidence.objects.values_list("valid_until", flat=True)) == {TODAY + 90 * DAY}


def test_the_first_of_several_to_expire_counts() -> None:
    made = make_commitment()
    record(made, TODAY + 90 * DAY, evidence=[LINK, f"{LINK}/2"])
    Evidence.objects.filter(link=LINK).update(valid_until=TODAY + 30 * DAY)
    record(made, evidence="")
    assert until(made) == TODAY + 30 * DAY


def test_news_without_evidence_leave_it_and_newer_evidence_replaces_it() -> None:
    made = make_commitment()
    record(made, TODAY + 90 * DAY, on=TODAY - 20 * DAY)
    record(made, evidence="", on=TODAY - 10 * DAY)
    assert until(made) == TODAY + 90 * DAY
    record(made, TODAY + 400 * DAY, on=TODAY - 5 * DAY)
    assert until(made) == TODAY + 400 * DAY
    record(made, on=TODAY)
    assert until(made) is None


def test_an_older_event_that_is_recorded_afterwards_replaces_nothing() -> None:
    made = make_commitment()
    record(made, TODAY + 90 * DAY)
    record(made, TODAY + 10 * DAY, on=TODAY - 30 * DAY)
    assert until(made) == TODAY + 90 * DAY


def test_evidence_of_one_side_counts_for_the_commitment() -> None:
    made = make_commitment(obligors=("KAZ", "UZB"))
    side = Obligor.objects.get(commitment=made, party__code="UZB")
    record(made, TODAY + 90 * DAY, obligor=side.pk)
    assert until(made) == TODAY + 90 * DAY


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"until": TODAY - DAY}, "can't have expired before"),
        ({"until": TODAY - 11 * DAY, "on": TODAY - 10 * DAY}, "can't have expired before"),
        ({"until": TODAY + DAY, "evidence": ""}, "no evidence that could be valid"),
    ],
)
def test_evidence_has_not_expired_before_it_is_given(said: dict[str, Any], told: str) -> None:
    made = make_commitment()
    with pytest.raises(RefusedError, match=told):
        record(made, **said)
    assert (until(made), Evidence.objects.count()) == (None, 0)


def test_evidence_may_be_valid_on_the_day_of_the_step_alone() -> None:
    made = make_commitment()
    record(made, TODAY)
    assert until(made) == TODAY


def test_what_a_second_person_accepts_is_valid_as_its_author_said() -> None:
    unit = make_unit()
    unit.second_person = True
    unit.save()
    made = make_commitment(unit=unit)
    record(made, TODAY + 90 * DAY)
    assert until(made) is None
    made.refresh_from_db()
    waiting = made.submissions.get()
    assert waiting.proofs.get().valid_until == TODAY + 90 * DAY
    progress.accept(waiting.pk, by=make_user(unit=unit), version=made.version, now=NOW)
    assert until(made) == TODAY + 90 * DAY


def test_one_is_told_before_evidence_expires_and_new_evidence_closes_the_flag() -> None:
    made = make_commitment(review="confirmed")
    record(made, TODAY + 40 * DAY, to="fulfilled")
    for day, flags in ((9, 0), (10, 1)):
        followup.sweep(TODAY + day * DAY, NOW + day * DAY)
        assert FollowUp.objects.open().filter(reason=Reason.EVIDENCE_EXPIRING).count() == flags
    flag = FollowUp.objects.get(reason=Reason.EVIDENCE_EXPIRING)
    assert flag.occasion == TODAY + 40 * DAY
    made.refresh_from_db()
    later = {"on": TODAY + 11 * DAY, "now": NOW + 11 * DAY, "by": make_user(), "note": "Renewed.", "evidence": LINK}
    renewed = TODAY + 400 * DAY
    progress.record_status(made.pk, to="in_progress", evidence_until=renewed, version=made.version, **later)
    flag.refresh_from_db()
    assert (flag.state, flag.closed_because) == ("closed", Closure.EVIDENCE)
    followup.sweep(TODAY + 12 * DAY, NOW + 12 * DAY)
    assert not FollowUp.objects.open().filter(reason=Reason.EVIDENCE_EXPIRING).exists()


def test_the_form_of_a_status_asks_until_when_its_evidence_is_valid() -> None:
    text = people.instrument("We will open a school.", unit_code="asia")
    made = people.commitment(text, "We will open a school")
    client = Client()
    client.force_login(people.person("aigerim"))
    page = reverse("admin:tracker_commitment_change", args=[made.pk])
    assert 'name="evidence_until"' in client.get(page).content.decode()
    said = {"version": 1, "to": "in_progress", "on": "2025-02-01", "note": "Done.", "obligor": "", "evidence": LINK}
    address = reverse("admin:tracker_commitment_status", args=[made.pk])
    assert client.post(address, {**said, "evidence_until": "2025-01-31"}).status_code == 422
    assert client.post(address, {**said, "evidence_until": "2027-01-31"}).status_code == 302
    assert until(made) == dt.date(2027, 1, 31)
    assert "valid until" in client.get(page).content.decode()
