"""The second person: where a unit wants one, a step takes effect when somebody else has accepted it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from tests.tracker.makers import NOW, TODAY, YESTERDAY, make_commitment, make_followup, make_unit, make_user
from tracker import assignment, progress
from tracker.models import Commitment, DeadlineStep, Evidence, FollowUp, StatusStep, Submission, Unit
from tracker.models.vocabulary import Status
from tracker.progress import File, ForbiddenError, RefusedError, StaleError

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(hours=3)
LINK = "https://www.gov.kz/news/1"


@dataclass
class Desk:
    """A unit that wants a second person: Aigerim submits, Dauren and the head may accept, Bolat is of another unit."""

    unit: Unit
    aigerim: User
    dauren: User
    head: User
    bolat: User

    def submit(self, commitment: Commitment, to: str = Status.FULFILLED, **fields: Any) -> Submission:
        said = {"on": YESTERDAY, "note": "Opened.", "evidence": LINK, "by": self.aigerim, "now": NOW, **fields}
        progress.record_status(commitment.pk, to=to, version=commitment.version, **said)
        commitment.refresh_from_db()
        return commitment.submissions.pending().get()


@pytest.fixture
def desk() -> Desk:
    unit = make_unit()
    unit.second_person = True
    unit.save()
    head = make_user("head_of_unit", unit=unit)
    return Desk(unit, make_user(unit=unit), make_user(unit=unit), head, make_user(unit=make_unit()))


@pytest.fixture
def commitment(desk: Desk) -> Commitment:
    return make_commitment(unit=desk.unit, due_on=YESTERDAY, obligors=("KAZ",))


def decide(step: Any, submission: Submission, by: User, **fields: Any) -> Commitment:
    said = {"version": Commitment.objects.get(pk=submission.commitment_id).version, "now": LATER, **fields}
    done: Commitment = step(submission.pk, by=by, **said)
    return done


def test_a_submitted_step_changes_nothing_but_the_version(desk: Desk, commitment: Commitment) -> None:
    make_followup(commitment)
    submission = desk.submit(commitment)
    assert (commitment.status, commitment.last_evidence_on, commitment.version) == (Status.NOT_STARTED, None, 2)
    assert (submission.to_status, submission.by, submission.proofs.get().link) == ("fulfilled", desk.aigerim, LINK)
    assert not StatusStep.objects.exists()
    assert FollowUp.objects.open().count() == 1


@pytest.mark.parametrize("second", ["dauren", "head"])
def test_it_takes_effect_in_its_authors_name_when_another_of_the_unit_accepts(
    desk: Desk, commitment: Commitment, second: str
) -> None:
    make_followup(commitment)
    submission = desk.submit(commitment, evidence=[LINK, File("act.pdf", b"%PDF-1")])
    after = decide(progress.accept, submission, getattr(desk, second))
    assert (after.status, after.status_on, after.version) == (Status.FULFILLED, YESTERDAY, 3)
    step = StatusStep.objects.get()
    assert (step.by, step.at, step.submission, step.proofs.count()) == (desk.aigerim, LATER, submission, 2)
    submission.refresh_from_db()
    assert (submission.state, submission.decided_by) == ("accepted", getattr(desk, second))
    assert submission.decided_at == LATER
    assert not FollowUp.objects.open().exists()


def test_its_author_can_not_accept_it_nor_send_it_back(desk: Desk, commitment: Commitment) -> None:
    submission = desk.submit(commitment)
    for step, more in ((progress.accept, {}), (progress.send_back, {"reason": "-"})):
        with pytest.raises(ForbiddenError, match="yourself"):
            decide(step, submission, desk.aigerim, **more)
    assert not StatusStep.objects.exists()


def test_no_administrator_accepts_what_the_administrator_submitted(desk: Desk, commitment: Commitment) -> None:
    chief = make_user("administrator", unit=desk.unit)
    submission = desk.submit(commitment, by=chief)
    with pytest.raises(ForbiddenError, match="yourself"):
        decide(progress.accept, submission, chief)
    assert decide(progress.accept, submission, make_user("administrator")).status == Status.FULFILLED


@pytest.mark.parametrize("state", ["accepted", "rejected"])
def test_the_database_refuses_it_too(desk: Desk, commitment: Commitment, state: str) -> None:
    submission = desk.submit(commitment)
    change = "UPDATE tracker_submission SET state = %s, decided_by_id = by_id, decided_at = now(), decided_why = 'x'"
    with pytest.raises(IntegrityError, match="submission_decided_by_another"), transaction.atomic():
        _run(change + " WHERE id = %s", state, submission.pk)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'accepted'", "submission_decided_by_somebody"),
        ("decided_at = now()", "submission_decided_by_somebody"),
        ("state = 'perhaps'", "submission_"),
        ("to_status = ''", "submission_says_what_its_kind_needs"),
        ("kind = 'extension'", "submission_says_what_its_kind_needs"),
        ("note = ''", "submission_note_filled"),
    ],
)
def test_a_submission_that_can_not_be_is_refused(
    desk: Desk, commitment: Commitment, change: str, constraint: str
) -> None:
    submission = desk.submit(commitment)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        _run(f"UPDATE tracker_submission SET {change} WHERE id = %s", submission.pk)  # noqa: S608


def _run(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_a_step_points_to_a_submission_of_its_own_commitment(desk: Desk, commitment: Commitment) -> None:
    other = desk.submit(make_commitment(unit=desk.unit))
    decide(progress.accept, desk.submit(commitment), desk.head)
    move = "UPDATE tracker_statusstep SET submission_id = %s; SET CONSTRAINTS ALL IMMEDIATE"
    with pytest.raises(IntegrityError, match="statusstep_submission_of_same_commitment"), transaction.atomic():
        _run(move, other.pk)


@pytest.mark.parametrize("who", ["reader", "auditor", "stranger"])
def test_others_do_not_decide(desk: Desk, commitment: Commitment, who: str) -> None:
    people = {"reader": make_user("reader", unit=desk.unit), "auditor": make_user("auditor"), "stranger": desk.bolat}
    submission = desk.submit(commitment)
    for step, more in ((progress.accept, {}), (progress.send_back, {"reason": "-"}), (progress.withdraw, {})):
        with pytest.raises(ForbiddenError):
            decide(step, submission, people[who], **more)


def test_it_is_sent_back_with_a_reason_and_can_be_submitted_again(desk: Desk, commitment: Commitment) -> None:
    submission = desk.submit(commitment)
    with pytest.raises(RefusedError, match="why"):
        decide(progress.send_back, submission, desk.dauren, reason=" ")
    after = decide(progress.send_back, submission, desk.dauren, reason="The act is not signed.")
    assert (after.status, after.version) == (Status.NOT_STARTED, 3)
    submission.refresh_from_db()
    assert (submission.state, submission.decided_why) == ("rejected", "The act is not signed.")
    commitment.refresh_from_db()
    assert desk.submit(commitment).pk != submission.pk


def test_its_author_withdraws_it(desk: Desk, commitment: Commitment) -> None:
    submission = desk.submit(commitment)
    with pytest.raises(ForbiddenError, match="Only its author"):
        decide(progress.withdraw, submission, desk.head)
    decide(progress.withdraw, submission, desk.aigerim)
    submission.refresh_from_db()
    assert submission.state == "withdrawn"


def test_it_is_decided_once(desk: Desk, commitment: Commitment) -> None:
    submission = desk.submit(commitment)
    decide(progress.accept, submission, desk.dauren)
    with pytest.raises(RefusedError, match="decided already"):
        decide(progress.accept, submission, desk.head)
    with pytest.raises(RefusedError, match="no such submission"):
        progress.accept(0, by=desk.head, version=1, now=NOW)


def test_a_decision_about_a_commitment_that_changed_meanwhile_is_refused(desk: Desk, commitment: Commitment) -> None:
    submission = desk.submit(commitment)
    seen = commitment.version
    assignment.assign(commitment.pk, unit=desk.unit, officer=desk.dauren.person, version=seen, by=desk.head)
    with pytest.raises(StaleError):
        decide(progress.accept, submission, desk.head, version=seen)


def test_nothing_else_is_recorded_while_one_waits(desk: Desk, commitment: Commitment) -> None:
    desk.submit(commitment)
    with pytest.raises(RefusedError, match="waits for acceptance"):
        desk.submit(commitment, Status.IN_PROGRESS)
    with pytest.raises(RefusedError, match="waits for acceptance"):
        progress.extend_deadline(
            commitment.pk, to=dt.date(2027, 1, 1), reason="-", by=desk.dauren, version=commitment.version, now=NOW
        )
    with pytest.raises(IntegrityError, match="submission_one_pending"), transaction.atomic():
        Submission.objects.create(
            commitment=commitment, kind="status", to_status="waived", on=TODAY, note="-", by=desk.dauren, at=NOW
        )


def test_a_wrong_step_is_refused_before_it_is_submitted(desk: Desk, commitment: Commitment) -> None:
    with pytest.raises(RefusedError, match="evidence"):
        desk.submit(commitment, evidence="")
    assert not Submission.objects.exists()
    assert not Evidence.objects.exists()


def test_an_extension_waits_as_well(desk: Desk, commitment: Commitment) -> None:
    to = dt.date(2027, 1, 31)
    said: dict[str, Any] = {"reason": "Tender was late.", "by": desk.aigerim, "version": 1, "now": NOW}
    assert progress.extend_deadline(commitment.pk, to=to, **said).due_on == YESTERDAY
    submission = commitment.submissions.get()
    after = decide(progress.accept, submission, desk.dauren)
    assert (after.due_on, after.version) == (to, 3)
    step = DeadlineStep.objects.get()
    assert (step.by, step.submission) == (desk.aigerim, submission)
    assert (step.from_day, step.reason) == (YESTERDAY, said["reason"])


def test_an_extension_that_came_to_nothing_by_waiting_is_refused(desk: Desk, commitment: Commitment) -> None:
    said: dict[str, Any] = {"reason": "-", "by": desk.aigerim, "version": 1, "now": NOW}
    progress.extend_deadline(commitment.pk, to=TODAY, **said)
    submission = commitment.submissions.get()
    with pytest.raises(RefusedError, match="already passed"):
        decide(progress.accept, submission, desk.head, now=NOW + dt.timedelta(days=30))
    submission.refresh_from_db()
    assert submission.state == "pending"


def test_a_unit_that_wants_no_second_person_has_its_steps_at_once(desk: Desk) -> None:
    commitment = make_commitment(unit=desk.bolat.person.unit)
    said: dict[str, Any] = {"on": TODAY, "note": "-", "evidence": LINK, "by": desk.bolat, "version": 1, "now": NOW}
    assert progress.record_status(commitment.pk, to="fulfilled", **said).status == Status.FULFILLED


def test_the_instruments_unit_stands_in_for_a_commitment_without_one(desk: Desk) -> None:
    commitment = make_commitment()
    instrument = commitment.text.instrument
    instrument.unit = desk.unit
    instrument.save()
    assert desk.submit(commitment).state == "pending"


def test_what_waits_is_listed_for_those_who_may_accept_it(desk: Desk, commitment: Commitment) -> None:
    submission = desk.submit(commitment)
    assert [list(progress.to_accept(user)) for user in (desk.dauren, desk.head)] == [[submission]] * 2
    for user in (desk.aigerim, desk.bolat, make_user("reader", unit=desk.unit), make_user("auditor")):
        assert list(progress.to_accept(user)) == []
    decide(progress.accept, submission, desk.head)
    assert list(progress.to_accept(desk.dauren)) == []


def test_the_officer_is_asked_unless_it_is_the_officers_own_step(desk: Desk) -> None:
    ours = make_commitment(unit=desk.unit, officer=desk.dauren.person)
    assert desk.submit(ours).asked == desk.dauren.person
    own = make_commitment(unit=desk.unit, officer=desk.aigerim.person)
    assert desk.submit(own).asked is None


def test_giving_a_commitment_away_is_no_way_round_the_second_person(desk: Desk, commitment: Commitment) -> None:
    with pytest.raises(ForbiddenError, match="only the head"):
        assignment.assign(commitment.pk, unit=None, officer=None, version=1, by=desk.aigerim)
    assert assignment.assign(commitment.pk, unit=None, officer=None, version=1, by=desk.head).unit is None
