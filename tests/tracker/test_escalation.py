"""The ladder: whom else a follow-up is told to when nobody acknowledges it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.tracker.at_once import in_threads
from tests.tracker.makers import make_unit
from tests.tracker.reminding import DAY, MONDAY, a_day, at, doubled, mails, only, promise, somebody, told
from tracker import followup, reminding
from tracker.models import AuditEntry, CalendarDay, Commitment, Escalation, EscalationRung, FollowUp, Person, Unit
from tracker.models.vocabulary import PersonRole, Reason, Tells

pytestmark = pytest.mark.django_db

WEEK = 7 * DAY


@pytest.fixture(autouse=True)
def _days() -> None:
    only(Reason.OVERDUE, 0)


@pytest.fixture
def officer() -> Person:
    return somebody(unit=make_unit())


@pytest.fixture
def head(officer: Person) -> Person:
    return somebody(PersonRole.HEAD_OF_UNIT, officer.unit)


@pytest.fixture
def inspector() -> Person:
    """An auditor of the control service: of any other role, one would not see other units' records."""
    return somebody(PersonRole.AUDITOR, Unit.objects.create(code="control", name_en="Control", controls=True))


@pytest.fixture
def late(officer: Person) -> Commitment:
    return promise(officer, due_on=MONDAY - DAY)


def climbed() -> list[tuple[int, str, dt.date]]:
    return list(Escalation.objects.order_by("followup", "level").values_list("level", "tells", "on"))


def acknowledge(by: Person) -> None:
    FollowUp.objects.update(acknowledged_at=at(MONDAY), acknowledged_by=by.user)


def test_the_officer_then_the_head_then_the_control_service_are_told(
    late: Commitment, officer: Person, head: Person, inspector: Person
) -> None:
    for n in range(30):
        CalendarDay.objects.create(on=MONDAY + n * DAY, works=True, name="a day of work")
        a_day(MONDAY + n * DAY)
    assert climbed() == [(1, "head", MONDAY + WEEK), (2, "control", MONDAY + 2 * WEEK)]
    assert told(officer) == [(MONDAY, 0, 0)]
    assert told(head) == [(MONDAY + WEEK, None, 1)]
    assert told(inspector) == [(MONDAY + 2 * WEEK, None, 2)]
    assert len(mails()) == 3


def test_what_climbed_stands_under_its_own_heading(late: Commitment, head: Person) -> None:
    a_day(MONDAY)
    a_day(MONDAY + WEEK)
    text = mails(head)[0].body["text"]
    assert text.startswith(
        "ESCALATED TO YOU: NOBODY HAS ACKNOWLEDGED THESE\n\n- Open a joint trade house\n  Overdue · "
    )


def test_acknowledgement_stops_the_ladder(late: Commitment, officer: Person, head: Person, inspector: Person) -> None:
    a_day(MONDAY)
    a_day(MONDAY + WEEK)
    acknowledge(head)
    a_day(MONDAY + 2 * WEEK)
    assert climbed() == [(1, "head", MONDAY + WEEK)]
    assert told(inspector) == []


def test_what_is_acknowledged_before_the_mail_went_out_is_not_told(
    late: Commitment, officer: Person, head: Person
) -> None:
    a_day(MONDAY)
    a_day(MONDAY + WEEK, hour=7)
    assert climbed() == [(1, "head", MONDAY + WEEK)]
    acknowledge(officer)
    a_day(MONDAY + WEEK, hour=9)
    assert told(head) == []


def test_what_is_put_off_climbs_when_its_day_comes(late: Commitment, head: Person) -> None:
    a_day(MONDAY)
    FollowUp.objects.update(snoozed_until=MONDAY + 2 * WEEK)
    a_day(MONDAY + WEEK)
    assert climbed() == []
    EscalationRung.objects.filter(level=2).delete()
    a_day(MONDAY + 2 * WEEK)
    assert climbed() == [(1, "head", MONDAY + 2 * WEEK)]
    assert told(head) == [(MONDAY + 2 * WEEK, None, 1)]


def test_a_rung_climbed_before_it_was_put_off_waits_too(late: Commitment, head: Person) -> None:
    a_day(MONDAY)
    a_day(MONDAY + WEEK, hour=7)
    FollowUp.objects.update(snoozed_until=MONDAY + WEEK + 2 * DAY)
    a_day(MONDAY + WEEK)
    assert told(head) == []
    a_day(MONDAY + WEEK + 2 * DAY)
    assert told(head) == [(MONDAY + WEEK + 2 * DAY, None, 1)]


def test_closed_flags_do_not_climb(late: Commitment, head: Person) -> None:
    a_day(MONDAY)
    Commitment.objects.filter(pk=late.pk).update(status="waived", status_on=MONDAY)
    a_day(MONDAY + WEEK)
    assert (climbed(), told(head)) == ([], [])


def test_a_rule_may_stay_off_the_ladder(late: Commitment, head: Person) -> None:
    only(Reason.OVERDUE, 0, escalates=False)
    a_day(MONDAY)
    a_day(MONDAY + 2 * WEEK)
    assert climbed() == []


def test_a_unit_with_rungs_of_its_own_has_only_these(late: Commitment, officer: Person, head: Person) -> None:
    EscalationRung.objects.create(unit=officer.unit, level=1, after_days=2, tells=Tells.HEAD)
    EscalationRung.objects.create(unit=make_unit(), level=1, after_days=0, tells=Tells.CONTROL)
    elsewhere = promise(somebody(unit=make_unit()), due_on=MONDAY - DAY)
    a_day(MONDAY)
    a_day(MONDAY + 2 * DAY)
    assert climbed() == [(1, "head", MONDAY + 2 * DAY)]
    a_day(MONDAY + 4 * WEEK)
    rungs = {(about, level) for about, level in Escalation.objects.values_list("followup__commitment", "level")}
    assert rungs == {(late.pk, 1), (elsewhere.pk, 1), (elsewhere.pk, 2)}


def test_a_commitment_without_a_unit_has_its_instruments_ladder(inspector: Person) -> None:
    unit = make_unit()
    EscalationRung.objects.create(unit=unit, level=1, after_days=1, tells=Tells.CONTROL)
    made = promise(due_on=MONDAY - DAY)
    made.text.instrument.unit = unit
    made.text.instrument.save()
    a_day(MONDAY)
    a_day(MONDAY + DAY)
    assert climbed() == [(1, "control", MONDAY + DAY)]


def test_what_nobody_answers_for_comes_to_the_control_service(inspector: Person) -> None:
    promise(due_on=MONDAY - DAY)
    a_day(MONDAY)
    a_day(MONDAY + 2 * WEEK)
    assert told() == [(MONDAY + 2 * WEEK, None, 2)]


def test_weeks_of_downtime_climb_every_rung_and_tell_each_person_once(
    late: Commitment, officer: Person, head: Person, inspector: Person
) -> None:
    a_day(MONDAY)
    a_day(MONDAY + 5 * WEEK)
    assert [(level, on) for level, _, on in climbed()] == [(1, MONDAY + 5 * WEEK), (2, MONDAY + 5 * WEEK)]
    assert (len(told(head)), len(told(inspector)), len(mails())) == (1, 1, 3)


def test_a_ladder_that_is_changed_leaves_what_was_climbed_on_record(late: Commitment, head: Person) -> None:
    a_day(MONDAY)
    a_day(MONDAY + WEEK)
    EscalationRung.objects.all().delete()
    a_day(MONDAY + 2 * WEEK)
    assert climbed() == [(1, "head", MONDAY + WEEK)]


def test_whoever_may_not_see_the_record_is_not_told_on_any_rung(late: Commitment) -> None:
    service = Unit.objects.create(code="control", name_en="Control", controls=True)
    desk = somebody(unit=service)
    a_day(MONDAY)
    a_day(MONDAY + 5 * WEEK)
    assert (len(climbed()), told(desk)) == (2, [])


def test_a_head_who_is_told_twice_reads_it_once(officer: Person, head: Person) -> None:
    promise(unit=officer.unit, due_on=MONDAY - DAY)
    followup.sweep(MONDAY, at(MONDAY))
    a_day(MONDAY + WEEK)
    assert told(head) == [(MONDAY + WEEK, 0, 0), (MONDAY + WEEK, None, 1)]
    assert mails(head)[0].body["text"].count("Open a joint trade house") == 1
    assert "ESCALATED" in mails(head)[0].body["text"]


def test_every_step_is_in_the_history(late: Commitment, head: Person) -> None:
    a_day(MONDAY)
    a_day(MONDAY + WEEK)
    recorded = set(AuditEntry.objects.values_list("model", "action"))
    assert {("tracker.escalation", "insert"), ("tracker.reminder", "insert")} <= recorded


def test_four_at_once_climb_each_rung_once(transactional_db: None) -> None:
    only(Reason.OVERDUE, 0)
    unit = make_unit()
    head = somebody(PersonRole.HEAD_OF_UNIT, unit)
    for _ in range(20):
        promise(somebody(unit=unit), due_on=MONDAY - DAY)
    followup.sweep(MONDAY, at(MONDAY))
    followup.sweep(MONDAY + WEEK, at(MONDAY + WEEK))
    results = in_threads([lambda: reminding.remind(at(MONDAY + WEEK))] * 4)
    assert not any(isinstance(result, Exception) or result.failed for result in results)
    assert Escalation.objects.count() == 20
    assert (len(told(head)), len(mails(head)), doubled()) == (20, 1, [])


def test_climbing_is_one_statement_however_much_climbs(officer: Person) -> None:
    for _ in range(30):
        promise(officer, due_on=MONDAY - DAY)
    followup.sweep(MONDAY, at(MONDAY))
    with CaptureQueriesContext(connection) as captured:
        assert reminding.climb(MONDAY + 3 * WEEK) == 60
    assert len(captured) == 1
    assert reminding.climb(MONDAY + 3 * WEEK) == 0
