"""Whom a reminder is for: who answers, who was given it, who may know of it; and who is left alone."""

from __future__ import annotations

import pytest

from tests.tracker.makers import make_unit
from tests.tracker.reminding import (
    DAY,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    WEEK,
    a_day,
    at,
    doubled,
    mails,
    only,
    promise,
    somebody,
    told,
)
from tracker import followup, reminding, rights, standing
from tracker.models import Commitment, Digest, FollowUp, Person, Reminder, Unit
from tracker.models.vocabulary import PersonRole, Reason, Tells
from tracker.reminding import owed

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


def test_where_there_is_no_officer_the_heads_of_the_answering_unit_are_told(head: Person, asia: Unit) -> None:
    only(Reason.OVERDUE, 0)
    other = somebody(PersonRole.HEAD_OF_UNIT, make_unit())
    somebody(unit=asia)
    promise(unit=asia, due_on=MONDAY - DAY)
    by_instrument = promise(due_on=MONDAY - DAY)
    by_instrument.text.instrument.unit = other.unit
    by_instrument.text.instrument.save()
    assert a_day(MONDAY) == 2
    assert (len(told(head)), len(told(other))) == (1, 1)


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
def test_in_place_of_an_officer_who_left_or_has_no_address_the_head_is_told(
    officer: Person, head: Person, change: dict[str, object]
) -> None:
    only(Reason.OVERDUE, 0)
    promise(officer, due_on=MONDAY - DAY)
    for name, value in change.items():
        setattr(officer.user, name, value)
    officer.user.save()
    a_day(MONDAY)
    assert (told(officer), told(head)) == ([], [(MONDAY, 0, 0)])


def test_a_rule_may_tell_the_head_or_the_control_service(officer: Person, head: Person) -> None:
    service = Unit.objects.create(code="control", name_en="Control", controls=True)
    inspector = somebody(PersonRole.AUDITOR, service)
    rule = only(Reason.OVERDUE, 0, tells=Tells.HEAD)
    promise(officer, due_on=MONDAY - DAY)
    a_day(MONDAY)
    assert (len(told(officer)), len(told(head)), len(told(inspector))) == (0, 1, 0)
    rule.tells = Tells.CONTROL
    rule.save()
    a_day(TUESDAY)
    assert (len(told(officer)), len(told(inspector))) == (0, 1)


def test_whoever_the_flag_was_given_to_is_told_in_place_of_all_others(officer: Person, head: Person) -> None:
    only(Reason.OVERDUE, 0)
    colleague = somebody(unit=officer.unit)
    promise(officer, due_on=MONDAY - DAY)
    followup.sweep(MONDAY, at(MONDAY))
    FollowUp.objects.update(assigned_to=colleague)
    a_day(MONDAY)
    assert (told(officer), told(head), told(colleague)) == ([], [], [(MONDAY, 0, 0)])


def test_reassignment_moves_the_reminders_that_are_to_come(officer: Person) -> None:
    only(Reason.OVERDUE, 0, 14, 30)
    successor = somebody(unit=officer.unit)
    made = promise(officer, due_on=MONDAY - DAY)
    a_day(MONDAY)
    Commitment.objects.filter(pk=made.pk).update(officer=successor)
    a_day(TUESDAY)
    a_day(WEDNESDAY)
    a_day(MONDAY + 14 * DAY)
    assert told(officer) == [(MONDAY, 0, 0)]
    assert told(successor) == [(TUESDAY, 0, 0), (MONDAY + 14 * DAY, 14, 0)]


def test_whoever_acted_is_left_alone(officer: Person) -> None:
    only(Reason.OVERDUE, 0)
    made, other = promise(officer, due_on=MONDAY - DAY), promise(officer, due_on=MONDAY - DAY, title="Build a bridge")
    followup.sweep(MONDAY, at(MONDAY, 8))
    Commitment.objects.filter(pk=made.pk).update(status="waived", status_on=MONDAY)
    standing.clear_of([made.pk], MONDAY, at(MONDAY, 8))
    reminding.remind(at(MONDAY, 9))
    assert list(Reminder.objects.values_list("followup__commitment", flat=True)) == [other.pk]
    assert "Build a bridge" in mails()[0].body["text"]
    assert made.title not in mails()[0].body["text"]


def test_what_closed_between_the_question_and_the_mail_is_not_told(officer: Person) -> None:
    only(Reason.OVERDUE, 0)
    promise(officer, due_on=MONDAY - DAY)
    followup.sweep(MONDAY, at(MONDAY))
    found = owed.owed_to({officer.unit_id}, MONDAY)
    FollowUp.objects.update(state="closed", closed_at=at(MONDAY), closed_because="status")
    assert owed.tell(officer.pk, found[officer.pk], MONDAY) is None


def test_what_is_put_off_is_told_when_its_day_comes(officer: Person) -> None:
    only(Reason.OVERDUE, 0)
    promise(officer, due_on=MONDAY - DAY)
    followup.sweep(MONDAY, at(MONDAY))
    FollowUp.objects.update(snoozed_until=WEDNESDAY)
    assert [a_day(day) for day in (MONDAY, TUESDAY, WEDNESDAY, WEDNESDAY + DAY)] == [0, 0, 1, 0]


def test_the_end_of_a_pause_is_told_once_though_its_day_was_told_before(officer: Person) -> None:
    only(Reason.OVERDUE, 0, 14)
    made = promise(officer, due_on=MONDAY - DAY)
    a_day(MONDAY)
    for until in (WEDNESDAY, WEDNESDAY + WEEK):
        FollowUp.objects.update(snoozed_until=until)
        for n in range(5):
            a_day(until + (n - 2) * DAY)
    a_day(MONDAY + 2 * WEEK)
    days = [MONDAY, WEDNESDAY, WEDNESDAY + WEEK, MONDAY + 2 * WEEK]
    assert [day for day, _, _ in told(officer)] == days
    for status in ("waived", "not_started"):
        Commitment.objects.filter(pk=made.pk).update(status=status, status_on=MONDAY)
        a_day(MONDAY + 2 * WEEK + DAY)
    assert [day for day, _, _ in told(officer)] == days
    assert doubled() == []


@pytest.mark.parametrize("whose", ["own", "nobodys", "others"])
@pytest.mark.parametrize("role", list(PersonRole))
def test_whoever_may_not_see_a_commitment_is_not_told_of_it(role: PersonRole, whose: str) -> None:
    """Even where the flag was given to them, or they are the officer, or of the control service."""
    service = Unit.objects.create(code="control", name_en="Control", controls=True)
    person = somebody(role, service)
    unit = {"own": service, "nobodys": None, "others": make_unit()}[whose]
    for tells in (Tells.OFFICER, Tells.CONTROL):
        only(Reason.OVERDUE, 0, tells=tells)
        Reminder.objects.all().delete()
        Digest.objects.all().delete()
        made = promise(person, unit=unit, due_on=MONDAY - DAY)
        followup.sweep(MONDAY, at(MONDAY), everything=True)
        FollowUp.objects.filter(commitment=made).update(assigned_to=person if tells == Tells.OFFICER else None)
        reminding.remind(at(MONDAY))
        may = rights.may(person.user, rights.Action.SEE, made)
        assert Reminder.objects.filter(recipient=person, followup__commitment=made).exists() == may, tells


def test_a_mail_holds_titles_and_never_the_words_of_the_text(officer: Person) -> None:
    only(Reason.OVERDUE, 0)
    made = promise(officer, due_on=MONDAY - DAY, title="Trade house")
    a_day(MONDAY)
    for part in mails()[0].body.values():
        assert made.quote not in part
