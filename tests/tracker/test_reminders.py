"""Reminders: once for each occasion, after downtime too, in one mail a person and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from tests.tracker.at_once import in_threads
from tests.tracker.makers import make_unit
from tests.tracker.reminding import (
    DAY,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    a_day,
    at,
    doubled,
    mails,
    only,
    promise,
    somebody,
    told,
)
from tracker import followup, reminding
from tracker.models import CalendarDay, Commitment, Digest, FollowUp, OutboxItem, Person, Reminder, Unit
from tracker.models.vocabulary import PersonRole, Reason
from tracker.reminding import digest as digests
from tracker.reminding import letter as letters
from tracker.reminding import owed
from tracker.tasks import remind as ring

pytestmark = pytest.mark.django_db


@pytest.fixture
def asia() -> Unit:
    return make_unit()


@pytest.fixture
def officer(asia: Unit) -> Person:
    return somebody(unit=asia)


@pytest.fixture
def head(asia: Unit) -> Person:
    return somebody(PersonRole.HEAD_OF_UNIT, asia)


# --- Once for each occasion ----------------------------------------------------------------------------------------


def test_a_missed_deadline_is_told_to_its_officer_once(officer: Person) -> None:
    only(Reason.OVERDUE, 0)
    promise(officer, due_on=MONDAY - DAY)
    assert a_day(MONDAY) == 1
    assert told(officer) == [(MONDAY, 0, 0)]
    assert [a_day(day) for day in (MONDAY, TUESDAY, WEDNESDAY)] == [0, 0, 0]
    assert len(mails()) == 1


def test_each_day_of_a_rule_is_one_reminder(officer: Person) -> None:
    only(Reason.DUE_SOON, 30, 7, 1)
    promise(officer, due_on=MONDAY + 31 * DAY)
    for n in range(40):
        CalendarDay.objects.create(on=MONDAY + n * DAY, works=True, name="a day of work")
        a_day(MONDAY + n * DAY)
    assert told(officer) == [(MONDAY + 1 * DAY, 30, 0), (MONDAY + 24 * DAY, 7, 0), (MONDAY + 30 * DAY, 1, 0)]
    assert len(mails()) == 3


def test_a_reason_that_looks_back_is_told_at_each_of_its_days(officer: Person) -> None:
    only(Reason.OVERDUE, 0, 14, 30)
    promise(officer, due_on=MONDAY - DAY)
    for n in range(40):
        CalendarDay.objects.create(on=MONDAY + n * DAY, works=True, name="a day of work")
        a_day(MONDAY + n * DAY)
    assert told(officer) == [(MONDAY, 0, 0), (MONDAY + 13 * DAY, 14, 0), (MONDAY + 29 * DAY, 30, 0)]


def test_a_moved_day_is_another_occasion(officer: Person) -> None:
    only(Reason.OVERDUE, 0)
    made = promise(officer, due_on=MONDAY - DAY)
    a_day(MONDAY)
    Commitment.objects.filter(pk=made.pk).update(due_on=MONDAY)
    a_day(TUESDAY)
    assert told(officer) == [(MONDAY, 0, 0), (TUESDAY, 0, 0)]


def test_a_flag_that_comes_back_for_the_same_occasion_is_not_told_again(officer: Person) -> None:
    only(Reason.OVERDUE, 0)
    made = promise(officer, due_on=MONDAY - DAY)
    a_day(MONDAY)
    for status in ("waived", "not_started"):
        Commitment.objects.filter(pk=made.pk).update(status=status, status_on=MONDAY)
        a_day(TUESDAY)
    assert FollowUp.objects.get().state == "open"
    assert told() == [(MONDAY, 0, 0)]


def test_a_rule_whose_days_are_changed_does_not_tell_again_what_was_told_more_urgently(officer: Person) -> None:
    rule = only(Reason.DUE_SOON, 30, 7)
    promise(officer, due_on=MONDAY + 5 * DAY)
    a_day(MONDAY)
    rule.days = [30, 14]
    rule.save()
    a_day(TUESDAY)
    assert told() == [(MONDAY, 7, 0)]


def test_four_at_once_write_one_mail_to_each(transactional_db: None) -> None:
    unit = make_unit()
    only(Reason.OVERDUE, 0)
    people = [somebody(unit=unit) for _ in range(12)]
    for person in people * 3:
        promise(person, due_on=MONDAY - DAY)
    followup.sweep(MONDAY, at(MONDAY))
    results = in_threads([lambda: reminding.remind(at(MONDAY))] * 4)
    assert sum(result.mails for result in results) == len(mails()) == 12
    assert not any(result.failed for result in results)
    assert len(told()) == 36
    assert doubled() == []


@contextmanager
def _without_the_keys() -> Iterator[None]:
    """The tables as they would be without what keeps a person from being told twice."""
    keys = [
        (model, key)
        for model in (Digest, Reminder)
        for key in model._meta.constraints
        if key.name in ("digest_once_a_day", "reminder_once_an_occasion")
    ]
    with connection.schema_editor() as editor:
        for model, key in keys:
            editor.remove_constraint(model, key)
    try:
        yield
    finally:
        Digest.objects.all().delete()
        with connection.schema_editor() as editor:
            for model, key in keys:
                editor.add_constraint(model, key)


def test_without_the_unique_keys_four_at_once_would_tell_twice(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(Reason.OVERDUE, 0)
    promise(somebody(unit=make_unit()), due_on=MONDAY - DAY)
    followup.sweep(MONDAY, at(MONDAY))
    found = owed.owed_to(digests.days.units_at_work(at(MONDAY)), MONDAY)
    monkeypatch.setattr(owed, "owed_to", lambda *_: found)
    slow = letters.letter

    def slowly(*arguments: object) -> dict[str, str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")
        return slow(*arguments)

    monkeypatch.setattr(digests, "letter", slowly)
    with _without_the_keys():
        in_threads([lambda: reminding.send_digests(at(MONDAY))] * 4)
        assert len(doubled()) > 0
    OutboxItem.objects.all().delete()
    in_threads([lambda: reminding.send_digests(at(MONDAY))] * 4)
    assert (doubled(), len(mails())) == ([], 1)


# --- After downtime ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [1, 2, 7, 30])
def test_an_outage_misses_nothing_and_tells_nothing_twice(days: int) -> None:
    """Whatever came due meanwhile is told on the day of return: once, and at the most urgent day that was reached."""
    offsets = (30, 7, 1)
    only(Reason.DUE_SOON, *offsets)
    asia = make_unit()
    due = {somebody(unit=asia): MONDAY + n * DAY for n in range(70)}
    for person, last_day in due.items():
        promise(person, due_on=last_day)
    back = MONDAY + days * DAY
    CalendarDay.objects.bulk_create(CalendarDay(on=day, works=True, name="a day of work") for day in (MONDAY, back))
    a_day(MONDAY)
    a_day(back)
    a_day(back, hour=11)
    for person, last_day in due.items():
        owed_then = [(MONDAY, _most_urgent(offsets, last_day - MONDAY)), (back, _most_urgent(offsets, last_day - back))]
        expected = {offset: day for day, offset in reversed(owed_then) if offset is not None}
        assert {offset: day for day, offset, _ in told(person)} == expected
        assert len(told(person)) == len(expected)
    assert doubled() == []


def _most_urgent(offsets: tuple[int, ...], left: dt.timedelta) -> int | None:
    """The offset at which a deadline so far ahead is told; None where it has passed, or is further off than all."""
    return min((offset for offset in offsets if offset >= left.days), default=None) if left.days >= 0 else None


def test_thirty_days_of_downtime_are_one_mail(officer: Person) -> None:
    only(Reason.DUE_SOON, 30, 14, 7, 3, 1)
    for n in range(20):
        promise(officer, due_on=MONDAY + (30 + n % 3) * DAY)
    assert a_day(MONDAY + 30 * DAY) == 1
    assert len(told(officer)) == 20
    assert len(mails(officer)) == 1


def test_nobody_is_told_before_a_sweep_has_looked_at_the_day(officer: Person) -> None:
    only(Reason.DUE_SOON, 7)
    promise(officer, due_on=MONDAY)
    followup.sweep(MONDAY, at(MONDAY))
    assert reminding.remind(at(TUESDAY)).mails == 0
    followup.sweep(TUESDAY, at(TUESDAY))
    assert reminding.remind(at(TUESDAY)).mails == 0
    assert told() == []


def test_the_bell_sweeps_and_reminds(officer: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    only(Reason.OVERDUE, 0)
    promise(officer, due_on=MONDAY - DAY)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(MONDAY))
    ring()
    ring()
    assert len(mails(officer)) == 1


# --- One mail a person and day, at their hours ---------------------------------------------------------------------


def test_what_comes_later_in_the_day_waits_for_the_next(officer: Person) -> None:
    only(Reason.OVERDUE, 0)
    promise(officer, due_on=MONDAY - DAY)
    a_day(MONDAY, 9)
    promise(officer, due_on=MONDAY - DAY)
    assert a_day(MONDAY, 11) == 0
    assert a_day(TUESDAY) == 1
    assert [day for day, _, _ in told(officer)] == [MONDAY, TUESDAY]


def test_nothing_is_written_in_quiet_hours(officer: Person) -> None:
    only(Reason.OVERDUE, 0)
    promise(officer, due_on=MONDAY - DAY)
    assert [a_day(MONDAY, hour) for hour in (0, 8, 18, 23)] == [0, 0, 0, 0]
    assert not Digest.objects.exists()
    assert a_day(TUESDAY, 9) == 1


def test_a_unit_sets_its_hours(asia: Unit, officer: Person) -> None:
    asia.mail_from, asia.mail_until = dt.time(14), dt.time(15)
    asia.save()
    only(Reason.OVERDUE, 0)
    promise(officer, due_on=MONDAY - DAY)
    assert [a_day(MONDAY, hour) for hour in (9, 13, 15)] == [0, 0, 0]
    assert a_day(MONDAY, 14) == 1


def test_nobody_is_written_to_on_a_holiday_and_everybody_is_on_a_worked_saturday(officer: Person) -> None:
    only(Reason.OVERDUE, 0)
    saturday = MONDAY + 5 * DAY
    promise(officer, due_on=MONDAY - DAY)
    CalendarDay.objects.create(on=MONDAY, name="Republic Day")
    assert a_day(MONDAY) == 0
    assert a_day(TUESDAY) == 1
    promise(officer, due_on=saturday - DAY)
    assert a_day(saturday + DAY) == 0
    CalendarDay.objects.create(on=saturday, works=True, name="worked for Republic Day")
    assert a_day(saturday) == 1


def test_nothing_is_written_for_whom_nothing_is_owed(officer: Person, head: Person) -> None:
    promise(officer, due_on=MONDAY + 400 * DAY)
    assert a_day(MONDAY) == 0
    assert not Digest.objects.exists()
    assert not OutboxItem.objects.exists()


def test_a_mail_that_fails_keeps_nobody_else_from_theirs(asia: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    only(Reason.OVERDUE, 0)
    people = [somebody(unit=asia) for _ in range(3)]
    for person in people:
        promise(person, due_on=MONDAY - DAY)
    followup.sweep(MONDAY, at(MONDAY))
    real = letters.letter

    def fails(person: Person, *rest: object) -> dict[str, str]:
        if person == people[1]:
            raise ValueError("no words")
        return real(person, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(digests, "letter", fails)
        assert reminding.remind(at(MONDAY)) == reminding.Sent(2, (people[1].pk,))
    assert told(people[1]) == []
    assert reminding.remind(at(MONDAY, 11)) == reminding.Sent(1)
    assert doubled() == []


def test_the_mail_the_ledger_and_the_day_are_written_together_or_not_at_all(
    officer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(Reason.OVERDUE, 0)
    promise(officer, due_on=MONDAY - DAY)
    followup.sweep(MONDAY, at(MONDAY))

    def refuse(**_: object) -> None:
        raise ValueError("the outbox is not there")

    with monkeypatch.context() as patched:
        patched.setattr(OutboxItem.objects, "create", refuse)
        assert reminding.remind(at(MONDAY)).failed == (officer.pk,)
    assert not Reminder.objects.exists()
    assert not Digest.objects.exists()
    reminding.remind(at(MONDAY))
    sent = Digest.objects.get()
    assert (sent.mail, sent.mail.person, sent.reminders.count()) == (mails()[0], officer, 1)
