"""A person's decision on our reading."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest

from tests.tracker.makers import NOW, make_commitment, make_text, make_user
from tracker import review
from tracker.models import Commitment
from tracker.models.vocabulary import Review
from tracker.review import DECISIONS, RefusedError, StaleError

pytestmark = pytest.mark.django_db

_DECIDED = (Review.CONFIRMED, Review.AMENDED, Review.REJECTED)


def decide(commitment: Commitment, to: Review) -> Commitment:
    said: dict[str, Any] = {"by": make_user(), "version": commitment.version, "now": NOW}
    if to == Review.AMENDED:
        return review.amend(commitment.pk, changes={"force": "intention"}, **said)
    return {Review.CONFIRMED: review.confirm, Review.REJECTED: review.reject}[to](commitment.pk, **said)


@pytest.mark.parametrize(("before", "to"), list(product(Review, _DECIDED)))
def test_a_reading_is_decided_only_as_the_table_says(before: Review, to: Review) -> None:
    commitment = make_commitment(review=before)
    if to in DECISIONS[before]:
        decide(commitment, to)
        commitment.refresh_from_db()
        assert (commitment.review, commitment.reviewed_at, commitment.version) == (to, NOW, 2)
    else:
        with pytest.raises(RefusedError, match="can't become"):
            decide(commitment, to)


def test_the_reviewer_is_on_record() -> None:
    officer = make_user()
    commitment = make_commitment()
    review.confirm(commitment.pk, by=officer, version=1, now=NOW)
    commitment.refresh_from_db()
    assert commitment.reviewed_by == officer


def test_a_decision_on_a_stale_record_is_refused() -> None:
    commitment = make_commitment()
    decide(commitment, Review.CONFIRMED)
    with pytest.raises(StaleError):
        decide(commitment, Review.REJECTED)


def test_a_corrected_reading_keeps_the_correction() -> None:
    commitment = make_commitment()
    changes = {"due_on": dt.date(2027, 12, 31), "due_precision": "year", "title": "Open the house"}
    review.amend(commitment.pk, changes=changes, by=make_user(), version=1, now=NOW)
    commitment.refresh_from_db()
    assert (commitment.due_on, commitment.due_precision, commitment.title) == tuple(changes.values())


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"status": "fulfilled"},
        {"counted": False},
        {"force": "promise"},
        {"due_on": dt.date(2027, 12, 31)},
        {"title": ""},
        {"due_on": "soon", "due_precision": "day"},
    ],
)
def test_a_correction_that_can_not_stand_is_refused_and_nothing_is_changed(changes: dict[str, Any]) -> None:
    commitment = make_commitment()
    with pytest.raises(RefusedError):
        review.amend(commitment.pk, changes=changes, by=make_user(), version=1, now=NOW)
    commitment.refresh_from_db()
    assert (commitment.review, commitment.version) == (Review.PROPOSED, 1)


def test_a_text_that_was_replaced_can_not_lead() -> None:
    english = make_text()
    old = make_text(english.instrument, leading=False, current=False)
    with pytest.raises(RefusedError):
        review.lead_with(old.pk, now=NOW)
