"""What became of a promise: which moves are allowed, what they record, and who is told that they came too late."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracker.at_once import in_threads
from tests.tracker.makers import NOW, TODAY, YESTERDAY, make_commitment, make_instrument, make_unit, make_user
from tracker.models import Commitment, Obligor, StatusStep
from tracker.models.vocabulary import JUDGED_STATUSES, OPEN_STATUSES, Status
from tracker.progress import (
    TRANSITIONS,
    RefusedError,
    StaleError,
    assign,
    next_statuses,
    record_status,
    rolled_up,
)

pytestmark = pytest.mark.django_db


def record(commitment: Commitment, to: str, **fields: Any) -> Commitment:
    """Take the step, with what its status needs unless the test says otherwise."""
    needs: dict[str, Any] = {"evidence": "https://www.gov.kz/news/1"} if to in JUDGED_STATUSES else {}
    if to == Status.SUPERSEDED:
        needs = {"by_instrument": make_instrument()}
    said = {"on": TODAY, "note": "The ministry reported.", "version": commitment.version, "now": NOW, **needs, **fields}
    by = said.pop("by", None) or make_user()
    return record_status(commitment.pk, to=to, by=by, **said)


@pytest.mark.parametrize(("before", "to"), list(product(Status, Status)))
def test_a_status_moves_only_as_the_table_says(before: Status, to: Status) -> None:
    commitment = make_commitment(status=before, obligors=("KAZ", "AZE"))
    if to in TRANSITIONS[before]:
        record(commitment, to)
        commitment.refresh_from_db()
        assert commitment.status == to
        assert {side.status for side in commitment.obligors.all()} == {to}
    else:
        with pytest.raises(RefusedError, match="can't become"):
            record(commitment, to)
        assert not StatusStep.objects.exists()


def test_every_status_can_be_left_and_only_open_ones_take_news() -> None:
    assert all(set(next_statuses(status)) - {status} for status in Status)
    assert {status for status in Status if status in next_statuses(status)} == set(OPEN_STATUSES)


def test_a_step_says_who_when_from_what_to_what_and_why() -> None:
    commitment, officer = make_commitment(obligors=("KAZ",)), make_user()
    link = "https://www.gov.kz/news/1"
    record(commitment, Status.FULFILLED, by=officer, on=YESTERDAY, note="  Opened. ", evidence=link)
    step = StatusStep.objects.get()
    assert (step.from_status, step.to_status, step.on, step.note) == ("not_started", "fulfilled", YESTERDAY, "Opened.")
    assert (step.by, step.at, step.evidence, step.obligor) == (officer, NOW, link, None)
    commitment.refresh_from_db()
    assert (commitment.status_on, commitment.last_evidence_on, commitment.version) == (YESTERDAY, YESTERDAY, 2)


def test_news_recorded_late_does_not_turn_the_clock_back() -> None:
    commitment = make_commitment(last_evidence_on=TODAY)
    assert record(commitment, Status.IN_PROGRESS, on=YESTERDAY).last_evidence_on == TODAY


def test_news_alone_leaves_the_status_and_its_day() -> None:
    commitment = make_commitment(status=Status.IN_PROGRESS, status_on=YESTERDAY)
    after = record(commitment, Status.IN_PROGRESS)
    assert (after.status, after.status_on, after.last_evidence_on) == (Status.IN_PROGRESS, YESTERDAY, TODAY)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"on": TODAY + dt.timedelta(days=1)}, "lie ahead"),
        ({"note": " "}, "note"),
        ({"evidence": "javascript:alert(1)"}, "web address"),
        ({"evidence": "ftp://gov.kz/a"}, "web address"),
        ({"obligor": 0}, "not an obligor"),
    ],
)
def test_a_step_that_says_too_little_or_nonsense_is_refused(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        record(make_commitment(), Status.IN_PROGRESS, **fields)


def test_an_unknown_status_or_commitment_is_refused() -> None:
    with pytest.raises(RefusedError, match="no status"):
        record(make_commitment(), "done")
    with pytest.raises(RefusedError, match="no such commitment"):
        record(Commitment(pk=0, version=1), Status.WAIVED)


def test_today_is_the_day_in_almaty() -> None:
    evening = dt.datetime(2026, 11, 21, 19, 30, tzinfo=dt.UTC)  # already the 22nd in Almaty
    record(make_commitment(), Status.IN_PROGRESS, on=dt.date(2026, 11, 22), now=evening)


def test_there_is_nothing_to_report_on_a_rejected_reading() -> None:
    with pytest.raises(RefusedError, match="rejected"):
        record(make_commitment(review="rejected"), Status.FULFILLED)


def test_one_side_may_keep_a_promise_that_the_other_has_not_kept_yet() -> None:
    commitment = make_commitment(obligors=("KAZ", "AZE"))
    ours, theirs = commitment.obligors.all()
    after = record(commitment, Status.FULFILLED, obligor=ours.pk)
    assert after.status == Status.IN_PROGRESS
    assert StatusStep.objects.get().obligor == ours
    assert record(after, Status.FULFILLED, obligor=theirs.pk).status == Status.FULFILLED


def test_a_side_that_was_excused_stays_so_when_the_promise_is_kept() -> None:
    commitment = make_commitment(obligors=("KAZ", "AZE"))
    ours, _theirs = commitment.obligors.all()
    commitment = record(commitment, Status.WAIVED, obligor=ours.pk)
    assert record(commitment, Status.FULFILLED).status == Status.FULFILLED
    assert list(Obligor.objects.order_by("position").values_list("status", flat=True)) == ["waived", "fulfilled"]


@pytest.mark.parametrize(
    ("sides", "whole"),
    [
        ("fulfilled", "fulfilled"),
        ("fulfilled not_started", "in_progress"),
        ("not_started not_started", "not_started"),
        ("fulfilled not_fulfilled", "partly_fulfilled"),
        ("fulfilled partly_fulfilled", "partly_fulfilled"),
        ("not_fulfilled not_fulfilled", "not_fulfilled"),
        ("waived fulfilled", "fulfilled"),
        ("waived not_started", "not_started"),
        ("waived waived", "waived"),
        ("waived superseded", "superseded"),
    ],
)
def test_the_whole_is_rolled_up_from_its_sides(sides: str, whole: str) -> None:
    assert rolled_up(sides.split()) == whole


@given(st.lists(st.sampled_from(Status), min_size=1, max_size=6))
def test_the_whole_is_open_exactly_while_a_side_is(sides: list[Status]) -> None:
    whole = rolled_up(sides)
    assert (whole in OPEN_STATUSES) == any(side in OPEN_STATUSES for side in sides)
    assert rolled_up(reversed(sides)) == whole


def test_an_edit_on_a_stale_record_is_refused_with_both_versions() -> None:
    commitment = make_commitment()
    record(commitment, Status.IN_PROGRESS)
    with pytest.raises(StaleError) as refusal:
        record(commitment, Status.WAIVED)
    assert (refusal.value.seen, refusal.value.current.version) == (1, 2)
    assert refusal.value.current.status == Status.IN_PROGRESS
    assert StatusStep.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_edits_of_one_version_exactly_one_is_kept() -> None:
    commitment, officer = make_commitment(), make_user()
    done = in_threads([lambda: record(commitment, Status.IN_PROGRESS, by=officer)] * 8)
    assert sum(isinstance(each, Commitment) for each in done) == 1
    assert sum(isinstance(each, StaleError) for each in done) == 7
    commitment.refresh_from_db()
    assert (commitment.version, StatusStep.objects.count()) == (2, 1)


def test_a_commitment_goes_to_an_officer_of_its_unit() -> None:
    desk, other = make_unit(), make_unit()
    officer = make_user(unit=desk).person
    commitment = make_commitment()
    with pytest.raises(RefusedError, match="not of this unit"):
        assign(commitment.pk, unit=other, officer=officer, version=1)
    assign(commitment.pk, unit=desk, officer=officer, version=1)
    commitment.refresh_from_db()
    assert (commitment.unit, commitment.officer, commitment.version) == (desk, officer, 2)
