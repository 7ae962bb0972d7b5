"""What is flagged, when, how often, and when it is left alone."""

from __future__ import annotations

import datetime as dt
import threading
from copy import copy as copy_of
from typing import Any

import pytest
from django.db import connection, transaction

from tests.tracker.at_once import in_threads
from tests.tracker.makers import (
    NOW,
    TODAY,
    YESTERDAY,
    make_commitment,
    make_text,
    make_user,
)
from tracker import followup, progress, review, standing
from tracker.models import Commitment, FollowUp, FollowUpRule, Sweep
from tracker.models.days import ministry_day
from tracker.models.vocabulary import Closure, FollowUpState, Reason, Status
from tracker.tasks import run_sweep

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def sweep(on: dt.date = TODAY) -> followup.Swept:
    return followup.sweep(on, NOW + (on - TODAY))


def open_reasons(commitment: Commitment) -> set[str]:
    return set(FollowUp.objects.open().filter(commitment=commitment).values_list("reason", flat=True))


def closures(commitment: Commitment) -> dict[str, str]:
    closed = FollowUp.objects.filter(commitment=commitment, state=FollowUpState.CLOSED)
    return dict(closed.values_list("reason", "closed_because"))


def test_a_missed_deadline_is_raised_once() -> None:
    commitment = make_commitment(due_on=YESTERDAY)
    assert sweep().raised == {Reason.OVERDUE: 1}
    assert sweep().raised == {}
    flag = FollowUp.objects.get()
    assert (flag.commitment, flag.reason, flag.occasion, flag.raised_on) == (
        commitment,
        Reason.OVERDUE,
        YESTERDAY,
        TODAY,
    )


def test_days_of_downtime_lose_nothing() -> None:
    commitment = make_commitment(due_on=TODAY - 40 * DAY)
    sweep()
    assert open_reasons(commitment) == {Reason.OVERDUE}


@pytest.mark.parametrize(("days", "flags"), [(31, set()), (30, {Reason.DUE_SOON}), (0, {Reason.DUE_SOON})])
def test_a_deadline_is_due_soon_from_thirty_days_before_to_its_last_day(days: int, flags: set[str]) -> None:
    commitment = make_commitment(due_on=TODAY + days * DAY)
    sweep()
    assert open_reasons(commitment) == flags


def test_a_deadline_ends_at_midnight_in_almaty_not_in_utc() -> None:
    commitment = make_commitment(due_on=dt.date(2026, 11, 30), read_on=dt.date(2026, 11, 30))
    run_sweep(dt.datetime(2026, 11, 30, 18, 59, 59, tzinfo=dt.UTC))
    assert open_reasons(commitment) == {Reason.DUE_SOON}
    run_sweep(dt.datetime(2026, 11, 30, 19, 0, tzinfo=dt.UTC))
    assert open_reasons(commitment) == {Reason.OVERDUE}
    assert closures(commitment) == {Reason.DUE_SOON: Closure.DAY_PASSED}


def test_the_day_follows_almaty_through_its_change_of_zone_in_2024() -> None:
    before, after = dt.datetime(2024, 2, 28, 18, 30, tzinfo=dt.UTC), dt.datetime(2024, 3, 1, 18, 30, tzinfo=dt.UTC)
    assert (ministry_day(before), ministry_day(after)) == (dt.date(2024, 2, 29), dt.date(2024, 3, 1))


def test_a_continuing_duty_never_goes_red_but_goes_quiet() -> None:
    commitment = make_commitment(made_on=TODAY - 180 * DAY)
    sweep()
    assert open_reasons(commitment) == {Reason.QUIET}


def test_a_continuing_duty_is_not_quiet_before_its_days_are_over() -> None:
    commitment = make_commitment(made_on=TODAY - 400 * DAY, last_evidence_on=TODAY - 179 * DAY)
    sweep()
    assert open_reasons(commitment) == set()


def test_a_date_to_be_agreed_is_asked_for_and_does_not_also_count_as_quiet() -> None:
    commitment = make_commitment(made_on=TODAY - 200 * DAY, awaiting_date=True)
    sweep()
    assert open_reasons(commitment) == {Reason.AWAITING_DATE}


def test_a_reading_that_waits_a_week_is_flagged_whatever_became_of_the_promise() -> None:
    commitment = make_commitment(read_on=TODAY - 7 * DAY, status=Status.FULFILLED)
    sweep()
    assert open_reasons(commitment) == {Reason.REVIEW_WAITING}


@pytest.mark.parametrize("status", [each for each in Status if each not in ("not_started", "in_progress")])
def test_a_closed_promise_is_not_overdue(status: str) -> None:
    make_commitment(due_on=YESTERDAY, status=status)
    assert sweep().raised == {}


def test_a_rejected_reading_is_not_flagged() -> None:
    make_commitment(due_on=YESTERDAY, review="rejected")
    assert sweep().raised == {}


def test_a_promise_adopted_in_two_languages_is_flagged_once() -> None:
    english = make_text()
    make_commitment(text=english, due_on=YESTERDAY)
    make_commitment(text=make_text(english.instrument, language="kk", leading=False), due_on=YESTERDAY)
    assert sweep().raised == {Reason.OVERDUE: 1}


def test_periods_are_settings() -> None:
    make_commitment(due_on=TODAY + 60 * DAY)
    assert sweep().raised == {}
    FollowUpRule.objects.filter(reason=Reason.DUE_SOON).update(days=[90])
    assert sweep().raised == {Reason.DUE_SOON: 1}
    FollowUpRule.objects.filter(reason=Reason.DUE_SOON).update(enabled=False)
    assert sweep().cleared == {Reason.DUE_SOON: 1}
    assert FollowUp.objects.get().closed_because == Closure.RULE_CHANGED


def test_acting_clears_the_flag() -> None:
    commitment = make_commitment(due_on=YESTERDAY)
    sweep()
    record(commitment, Status.FULFILLED)
    assert closures(commitment) == {Reason.OVERDUE: Closure.STATUS}
    assert sweep().raised == {}


def test_news_of_a_continuing_duty_clears_the_quiet_flag_and_starts_its_clock_anew() -> None:
    commitment = make_commitment(made_on=TODAY - 200 * DAY)
    sweep()
    record(commitment, Status.IN_PROGRESS)
    assert closures(commitment) == {Reason.QUIET: Closure.EVIDENCE}
    assert sweep(TODAY + 179 * DAY).raised.get(Reason.QUIET) is None
    assert sweep(TODAY + 180 * DAY).raised.get(Reason.QUIET) == 1


def test_a_promise_that_is_opened_again_is_flagged_again_on_the_same_row() -> None:
    commitment = make_commitment(due_on=YESTERDAY)
    sweep()
    record(commitment, Status.FULFILLED)
    commitment.refresh_from_db()
    record(commitment, Status.IN_PROGRESS)
    assert sweep().raised == {Reason.OVERDUE: 1}
    assert FollowUp.objects.get().state == FollowUpState.OPEN


def test_a_moved_day_closes_the_old_flag_and_is_a_new_occasion() -> None:
    commitment = make_commitment(due_on=YESTERDAY)
    sweep()
    review.amend(
        commitment.pk,
        changes={"due_on": YESTERDAY - 5 * DAY, "due_precision": "day"},
        by=make_user(),
        version=1,
        now=NOW,
    )
    assert closures(commitment) == {Reason.OVERDUE: Closure.DATE_CHANGED}
    assert sweep().raised == {Reason.OVERDUE: 1}
    assert FollowUp.objects.count() == 2


def test_a_rejected_reading_loses_its_flags() -> None:
    commitment = make_commitment(due_on=YESTERDAY, read_on=TODAY - 30 * DAY)
    sweep()
    review.reject(commitment.pk, by=make_user(), version=1, now=NOW)
    assert closures(commitment) == {Reason.OVERDUE: Closure.REJECTED, Reason.REVIEW_WAITING: Closure.REJECTED}


def test_a_confirmed_reading_waits_for_review_no_more_and_stays_overdue() -> None:
    commitment = make_commitment(due_on=YESTERDAY, read_on=TODAY - 30 * DAY)
    sweep()
    review.confirm(commitment.pk, by=make_user(), version=1, now=NOW)
    assert closures(commitment) == {Reason.REVIEW_WAITING: Closure.REVIEWED}
    assert open_reasons(commitment) == {Reason.OVERDUE}


def test_when_another_text_leads_its_commitments_are_flagged_and_not_the_old_ones() -> None:
    english = make_text()
    kazakh = make_text(english.instrument, language="kk", leading=False)
    old, new = make_commitment(text=english, due_on=YESTERDAY), make_commitment(text=kazakh, due_on=YESTERDAY)
    sweep()
    assert review.lead_with(kazakh.pk, now=NOW).leading
    assert closures(old) == {Reason.OVERDUE: Closure.ANOTHER_TEXT}
    sweep()
    assert open_reasons(new) == {Reason.OVERDUE}


def test_a_finished_run_is_on_record() -> None:
    make_commitment(due_on=YESTERDAY)
    sweep()
    last = Sweep.objects.latest()
    assert (last.started_at, last.on, last.raised, last.cleared) == (NOW, TODAY, 1, 0)
    assert last.finished_at >= NOW


def test_runs_of_long_ago_leave_the_record() -> None:
    old = NOW - 91 * DAY
    Sweep.objects.create(started_at=old, finished_at=old, on=old.date(), raised=0, cleared=0)
    sweep()
    assert Sweep.objects.get().started_at == NOW


@pytest.mark.parametrize("number", [1, 40])
def test_a_sweep_takes_at_most_six_statements_at_any_size(number: int, django_assert_num_queries: Any) -> None:
    for _ in range(number):
        make_commitment(due_on=YESTERDAY)
    for statements in (5, 6):  # the first looks at everything, the second at what has come since
        make_commitment(due_on=YESTERDAY)
        with transaction.atomic(), django_assert_num_queries(statements + 2):  # and the savepoint of this test
            sweep()


def test_a_sweep_with_nothing_to_do_takes_three_statements(django_assert_num_queries: Any) -> None:
    make_commitment(due_on=YESTERDAY)
    sweep()
    with transaction.atomic(), django_assert_num_queries(3 + 2):
        assert not sweep().full


def test_the_sweep_finds_its_rows_by_the_partial_indexes() -> None:
    # a ministry's years: nearly everything is closed, so that the few open rows are worth an index
    closed = make_commitment(due_on=YESTERDAY)
    Commitment.objects.filter(pk=closed.pk).update(status="waived", status_on=YESTERDAY)
    closed.refresh_from_db()
    copies = []
    for number in range(1, 3000):
        copy = copy_of(closed)
        copy.pk, copy.start, copy.end = None, closed.start + number, closed.end + number
        copies.append(copy)
    Commitment.objects.bulk_create(copies)
    make_commitment(due_on=YESTERDAY)
    parameters = {"on": TODAY, "now": NOW, "zone": "Asia/Almaty", "since": YESTERDAY, "touched": [closed.pk]}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tracker_commitment")
        cursor.execute("EXPLAIN " + standing.raising(standing.look().rules, standing._NEW_OR_TOUCHED), parameters)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan on tracker_commitment " not in plan
    for index in ("commitment_open_due", "commitment_unreviewed", "commitment_unanswered", "commitment_evidence_until"):
        assert index in plan


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_the_same_time_raise_each_flag_once() -> None:
    for _ in range(30):
        make_commitment(due_on=YESTERDAY)
    done = in_threads([sweep] * 4)
    assert sum(sum(each.raised.values()) for each in done) == 30
    assert FollowUp.objects.count() == 30


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_keys_still_keep_flags_single(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.models.locks.try_take", lambda lock: True)
    for _ in range(30):
        make_commitment(due_on=YESTERDAY)
    in_threads([sweep] * 4)
    sweep()
    assert FollowUp.objects.count() == 30


@pytest.mark.django_db(transaction=True)
def test_a_promise_kept_during_a_sweep_is_not_flagged() -> None:
    sweep_while_a_promise_is_kept(make_commitment(due_on=YESTERDAY))
    assert not FollowUp.objects.open().exists()


@pytest.mark.django_db(transaction=True)
def test_without_the_row_lock_it_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "_RAISE", standing._RAISE.replace("FOR SHARE OF c SKIP LOCKED", ""))
    sweep_while_a_promise_is_kept(make_commitment(due_on=YESTERDAY))
    assert FollowUp.objects.open().exists()


@pytest.mark.django_db(transaction=True)
def test_races_between_a_sweep_and_a_kept_promise_leave_no_flag() -> None:
    for _ in range(15):
        commitment = make_commitment(due_on=YESTERDAY)
        in_threads([sweep, lambda one=commitment: record(one, Status.FULFILLED)])
    assert not FollowUp.objects.open().exists()


def sweep_while_a_promise_is_kept(commitment: Commitment) -> None:
    """A sweep that runs after somebody recorded the fulfilment and before that transaction ends."""
    recorded, swept = threading.Event(), threading.Event()

    def keep() -> None:
        with transaction.atomic():
            record(commitment, Status.FULFILLED)
            recorded.set()
            swept.wait(1)

    def run() -> None:
        recorded.wait(10)
        sweep()
        swept.set()

    assert in_threads([keep, run]) == [None, None]


def record(commitment: Commitment, to: str) -> Commitment:
    return progress.record_status(
        commitment.pk,
        to=to,
        on=TODAY,
        note="Done.",
        evidence="https://www.gov.kz/news/1",
        by=make_user(),
        version=commitment.version,
        now=NOW,
    )
