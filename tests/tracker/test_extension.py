"""A deadline is moved: the old day is kept, and who has acted is left alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError

from tests.tracker.makers import NOW, TODAY, YESTERDAY, make_commitment, make_unit, make_user
from tracker import followup, review
from tracker.models import Commitment, DeadlineStep, FollowUp
from tracker.models.vocabulary import Precision, Status
from tracker.progress import ForbiddenError, RefusedError, StaleError, extend_deadline

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
NEXT_YEAR = dt.date(2027, 12, 31)


def extend(commitment: Commitment, to: dt.date = NEXT_YEAR, **fields: Any) -> Commitment:
    said = {"reason": "Tender was late.", "version": commitment.version, "now": NOW, "by": make_user(), **fields}
    return extend_deadline(commitment.pk, to=to, **said)


def test_the_day_moves_and_the_old_one_is_kept_with_why_and_by_whom() -> None:
    officer = make_user()
    read = {"due_precision": Precision.YEAR, "due_text": "in 2026", "due_why": "the year ends"}
    commitment = make_commitment(due_on=TODAY, **read)
    extend(commitment, by=officer, reason="  Tender was late. ")
    commitment.refresh_from_db()
    assert (commitment.due_on, commitment.due_precision, commitment.version) == (NEXT_YEAR, Precision.DAY, 2)
    assert (commitment.due_text, commitment.due_why) == ("in 2026", "the year ends")
    step = DeadlineStep.objects.get()
    assert (step.from_day, step.from_precision, step.to_day) == (TODAY, "year", NEXT_YEAR)
    assert step.reason == "Tender was late."
    assert (step.by, step.at) == (officer, NOW)


def test_every_old_day_is_kept() -> None:
    commitment = extend(extend(make_commitment(due_on=TODAY), TODAY + DAY), TODAY + 5 * DAY)
    days = [(step.from_day, step.to_day) for step in commitment.deadline_steps.all()]
    assert days == [(TODAY, TODAY + DAY), (TODAY + DAY, TODAY + 5 * DAY)]


def test_an_extension_closes_the_flag_in_the_same_step_and_the_new_day_is_another_occasion() -> None:
    commitment = make_commitment(due_on=YESTERDAY)
    followup.sweep(on=TODAY, now=NOW)
    extend(commitment)
    flag = FollowUp.objects.get(reason="overdue")
    assert (flag.state, flag.closed_because) == ("closed", "date_changed")
    followup.sweep(on=NEXT_YEAR + DAY, now=NOW + dt.timedelta(days=500))
    assert set(FollowUp.objects.filter(reason="overdue").values_list("occasion", "state")) == {
        (YESTERDAY, "closed"),
        (NEXT_YEAR, "open"),
    }


@pytest.mark.parametrize(
    ("made", "asked", "why"),
    [
        ({}, {"reason": "  "}, "why the day is moved"),
        ({"due_on": None}, {}, "no last day"),
        ({"status": Status.FULFILLED}, {}, "closed"),
        ({"review": "rejected"}, {}, "rejected"),
        ({}, {"to": TODAY + 10 * DAY}, "goes beyond"),
        ({}, {"to": TODAY + 5 * DAY}, "goes beyond"),
        ({}, {"to": TODAY + 11 * DAY, "brought_forward": True}, "brought forward to one before"),
        ({}, {"to": TODAY + 10 * DAY, "brought_forward": True}, "brought forward to one before"),
        ({}, {"to": YESTERDAY, "brought_forward": True}, "already passed"),
        ({"starts_on": TODAY + 8 * DAY}, {"to": TODAY + 7 * DAY, "brought_forward": True}, "first day"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused_and_nothing_changes(
    made: dict[str, Any], asked: dict[str, Any], why: str
) -> None:
    commitment = make_commitment(**{"due_on": TODAY + 10 * DAY, **made})
    with pytest.raises(RefusedError, match=why):
        extend(commitment, **asked)
    commitment.refresh_from_db()
    assert commitment.version == 1
    assert not DeadlineStep.objects.exists()


def test_a_day_is_brought_forward_only_where_that_is_said() -> None:
    commitment = make_commitment(due_on=TODAY + 10 * DAY)
    assert extend(commitment, TODAY + 5 * DAY, brought_forward=True).due_on == TODAY + 5 * DAY


def test_a_stale_extension_is_refused() -> None:
    commitment = make_commitment(due_on=TODAY)
    extend(commitment)
    with pytest.raises(StaleError) as refusal:
        extend(commitment, dt.date(2028, 1, 1))
    assert refusal.value.current.due_on == NEXT_YEAR


def test_a_deadline_is_not_moved_by_those_who_only_look_or_are_of_another_unit() -> None:
    desk = make_unit()
    commitment = make_commitment(due_on=TODAY, unit=desk)
    for stranger in (make_user("reader", unit=desk), make_user("auditor"), make_user(unit=make_unit())):
        with pytest.raises(ForbiddenError):
            extend(commitment, by=stranger)
    assert extend(commitment, by=make_user(unit=desk)).due_on == NEXT_YEAR


def test_a_moved_day_is_no_reading_any_more() -> None:
    commitment = extend(make_commitment(due_on=TODAY))
    said: dict[str, Any] = {"by": make_user(), "version": commitment.version, "now": NOW}
    with pytest.raises(RefusedError, match="moved since it was read"):
        review.amend(commitment.pk, changes={"due_on": TODAY}, **said)
    assert review.amend(commitment.pk, changes={"title": "Open the house"}, **said).due_on == NEXT_YEAR


def test_the_database_refuses_a_step_that_moves_nothing_or_says_nothing() -> None:
    step = {"commitment": make_commitment(), "from_day": TODAY, "from_precision": "day", "by": make_user(), "at": NOW}
    with pytest.raises(IntegrityError, match="deadlinestep_moves"):
        DeadlineStep.objects.create(to_day=TODAY, reason="-", **step)


def test_the_database_refuses_a_step_without_a_reason() -> None:
    step = {"commitment": make_commitment(), "from_day": TODAY, "from_precision": "day", "by": make_user(), "at": NOW}
    with pytest.raises(IntegrityError, match="deadlinestep_reason_filled"):
        DeadlineStep.objects.create(to_day=NEXT_YEAR, reason="", **step)
