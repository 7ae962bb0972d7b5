"""Many commitments at once: shown first, then done by the same step, with a report of what was not."""

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import User

from tests.tracker.makers import NOW, TODAY, make_commitment, make_unit, make_user
from tracker import bulk, review
from tracker.bulk import Order
from tracker.history import acting
from tracker.history.timeline import timeline
from tracker.models import Commitment, DeadlineStep, Evidence, EvidenceFile, StatusStep, Submission, Unit
from tracker.models.edits import RefusedError
from tracker.progress import File

pytestmark = pytest.mark.django_db

REPORT = {"to": "fulfilled", "on": TODAY, "note": "Reported by the ministry."}
PROVEN = {**REPORT, "evidence": File("act.pdf", b"%PDF-1")}


def order(action: str, commitments: list[Commitment], **params: Any) -> Order:
    return Order(action, params, {each.pk: each.version for each in commitments})


def planned(asked: Order, by: User | None = None) -> bulk.Plan:
    return bulk.plan(asked, by=by or make_user(), now=NOW)


def applied(asked: Order, by: User | None = None) -> bulk.Outcome:
    return bulk.apply(asked, by=by or make_user(), now=NOW)


def test_a_preview_tells_before_and_after_and_changes_nothing() -> None:
    first, second = make_commitment(due_on=TODAY), make_commitment(status="fulfilled")
    plan = planned(order("status", [first, second], **PROVEN))
    (change,) = plan.changes
    assert change.commitment_id == first.pk
    assert ("status", "not started", "fulfilled") in change.fields
    (refusal,) = plan.refusals
    assert (refusal.commitment_id, refusal.why) == (second.pk, "A promise that is fulfilled can't become fulfilled.")
    assert plan.order.seen == {first.pk: 1}
    first.refresh_from_db()
    assert (first.status, first.version) == ("not_started", 1)
    assert not StatusStep.objects.exists()
    assert not Evidence.objects.exists()
    assert not EvidenceFile.objects.exists()


def test_what_was_shown_is_what_is_done() -> None:
    rows, officer = [make_commitment() for _ in range(3)], make_user()
    plan = planned(order("status", rows, **PROVEN), officer)
    outcome = applied(plan.order, officer)
    assert outcome.changes == plan.changes
    assert not outcome.refusals
    assert list(StatusStep.objects.values_list("commitment", "by", "to_status")) == [
        (row.pk, officer.pk, "fulfilled") for row in rows
    ]
    assert EvidenceFile.objects.get().uses.count() == 3


def test_a_preview_stores_a_file_once_for_all_rows_and_rolls_it_back() -> None:
    rows = [make_commitment() for _ in range(5)]
    with mock.patch.object(EvidenceFile.objects, "bulk_create", wraps=EvidenceFile.objects.bulk_create) as storing:
        assert len(planned(order("status", rows, **PROVEN)).changes) == 5
    assert storing.call_count == 1
    assert not EvidenceFile.objects.exists()


def test_a_file_of_evidence_that_is_none_is_refused_row_by_row() -> None:
    asked = order("status", [make_commitment()], **{**REPORT, "evidence": [File("act.pdf", b"")]})
    (refusal,) = planned(asked).refusals
    assert refusal.why == "act.pdf is empty."


def test_a_row_that_changed_since_the_preview_is_refused_and_the_others_are_done() -> None:
    first, second = make_commitment(), make_commitment()
    plan = planned(order("status", [first, second], **PROVEN))
    review.confirm(first.pk, by=make_user(), version=1, now=NOW)
    outcome = applied(plan.order)
    assert [change.commitment_id for change in outcome.changes] == [second.pk]
    (refusal,) = outcome.refusals
    assert (refusal.commitment_id, "you saw version 1, it is now 2" in refusal.why) == (first.pk, True)
    first.refresh_from_db()
    assert first.status == "not_started"


def test_deadlines_are_extended_with_their_old_days_kept() -> None:
    dated, undated = make_commitment(due_on=TODAY), make_commitment()
    to = dt.date(2027, 12, 31)
    outcome = applied(order("extension", [dated, undated], to=to, reason="Postponed by both sides."))
    assert [change.fields for change in outcome.changes] == [(("due on", "Nov. 21, 2026", "Dec. 31, 2027"),)] or (
        outcome.changes[0].fields[0][0] == "due on"
    )
    assert (DeadlineStep.objects.get().from_day, DeadlineStep.objects.get().to_day) == (TODAY, to)
    assert [refusal.commitment_id for refusal in outcome.refusals] == [undated.pk]


def test_each_row_has_the_history_of_its_step() -> None:
    rows, officer = [make_commitment() for _ in range(3)], make_user()
    with acting(officer, reason="the note of 3 May"):
        applied(order("status", rows, **PROVEN), officer)
    for row in rows:
        told = [entry for entry in timeline(row) if entry.actor_id == officer.pk]
        assert {entry.reason for entry in told} == {"the note of 3 May"}
        assert {"", "status step", "evidence: act.pdf"} <= {entry.subject for entry in told}
        (changed,) = [entry for entry in told if not entry.subject]
        assert ("not started", "fulfilled") in {(change.before, change.after) for change in changed.changes}


def test_units_and_officers_are_set_by_the_rules_of_one() -> None:
    desk, other = make_unit(), make_unit()
    officer = make_user(unit=desk).person
    chief = make_user("administrator")
    ours, theirs = make_commitment(unit=desk, officer=officer), make_commitment(unit=other)
    outcome = applied(order("officer", [ours, theirs], officer=officer), chief)
    assert {refusal.commitment_id: refusal.why for refusal in outcome.refusals} == {
        ours.pk: "It is so already.",
        theirs.pk: f"{officer} is not of this unit.",
    }
    outcome = applied(order("unit", [ours, theirs], unit=other), chief)
    assert [change.commitment_id for change in outcome.changes] == [ours.pk]
    assert set(outcome.changes[0].fields) == {("unit", str(desk), str(other)), ("officer", str(officer), "–")}
    ours.refresh_from_db()
    assert (ours.unit, ours.officer, ours.version) == (other, None, 2)


def test_readings_are_confirmed_and_rejected() -> None:
    proposed, confirmed = make_commitment(), make_commitment(review="confirmed")
    assert len(applied(order("confirm", [proposed, confirmed])).changes) == 1
    rows = list(Commitment.objects.all())
    assert len(applied(order("reject", rows)).changes) == 2


def test_a_second_person_is_needed_in_bulk_as_well() -> None:
    desk = make_unit()
    Unit.objects.update(second_person=True)
    officer = make_user(unit=desk)
    asked = order("status", [make_commitment(unit=desk)], **PROVEN)
    assert planned(asked, officer).changes[0].waits
    assert not Submission.objects.exists()
    assert applied(asked, officer).changes[0].waits
    assert Submission.objects.pending().count() == 1
    assert not StatusStep.objects.exists()


def test_what_the_user_may_not_touch_is_refused_and_what_the_user_may_not_know_of_is_not_there() -> None:
    desk, other = make_unit(), make_unit()
    ours, theirs = make_commitment(unit=desk), make_commitment(unit=other, title="Secret")
    outcome = applied(order("confirm", [ours, theirs]), make_user(unit=desk))
    assert [change.commitment_id for change in outcome.changes] == [ours.pk]
    assert [(refusal.title, refusal.why) for refusal in outcome.refusals] == [("", "There is no such commitment.")]
    reader = make_user("reader", unit=other)
    assert [refusal.title for refusal in applied(order("confirm", [theirs]), reader).refusals] == ["Secret"]
    theirs.refresh_from_db()
    assert theirs.review == "proposed"


@pytest.mark.parametrize(
    ("action", "params", "why"),
    [
        ("forget", {}, "no such action"),
        ("status", {"to": "fulfilled"}, "note, on"),
        ("status", {**REPORT, "by": 1}, "by"),
        ("status", {**REPORT, "version": 1}, "version"),
        ("confirm", {"status": "fulfilled"}, "status"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_as_a_whole(action: str, params: dict[str, Any], why: str) -> None:
    asked = order(action, [make_commitment()], **params)
    for step in (planned, applied):
        with pytest.raises(RefusedError, match=why):
            step(asked)


def test_an_order_has_rows_but_not_too_many() -> None:
    with pytest.raises(RefusedError, match="at least one"):
        planned(order("confirm", []))
    rows = [make_commitment(), make_commitment()]
    with mock.patch.object(bulk, "MOST", 1), pytest.raises(RefusedError, match="at most 1"):
        planned(order("confirm", rows))


def test_a_report_without_evidence_is_refused_row_by_row() -> None:
    outcome = applied(order("status", [make_commitment(), make_commitment()], **REPORT))
    assert [("Give evidence" in refusal.why) for refusal in outcome.refusals] == [True, True]
