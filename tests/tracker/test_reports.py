"""The numbers that pages and API show, and whose records they count."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.tracker.makers import (
    TODAY,
    YESTERDAY,
    make_commitment,
    make_followup,
    make_instrument,
    make_text,
    make_unit,
    make_user,
)
from tracker.models import Commitment
from tracker.models.vocabulary import PersonRole, Reason, Status
from tracker.reports import picture

pytestmark = pytest.mark.django_db

NEXT_WEEK = TODAY + dt.timedelta(days=7)


def test_what_was_accepted_and_what_waits_for_review_are_counted_apart() -> None:
    make_commitment(review="confirmed", due_on=YESTERDAY, obligors=("KAZ", "AZE"))
    make_commitment(review="amended", status=Status.FULFILLED, obligors=("KAZ",))
    make_commitment(due_on=NEXT_WEEK, obligors=("AZE",))
    make_commitment(review="rejected", due_on=YESTERDAY, obligors=("AZE",))
    seen = picture(make_user(PersonRole.ADMINISTRATOR), TODAY)
    assert (seen.pending, seen.proposed, seen.overdue, seen.due_soon) == (1, 1, 1, 1)
    assert {
        line.status: (line.accepted, line.proposed) for line in seen.by_status if line.accepted + line.proposed
    } == {
        Status.NOT_STARTED: (1, 1),
        Status.FULFILLED: (1, 0),
    }
    assert [(line.party.code, line.accepted, line.proposed, line.overdue, line.closed) for line in seen.by_party] == [
        ("AZE", 1, 1, 1, 0),
        ("KAZ", 1, 0, 1, 1),
    ]


def test_the_nearest_deadlines_come_first() -> None:
    later, sooner = make_commitment(due_on=NEXT_WEEK), make_commitment(due_on=TODAY)
    late, later_still = make_commitment(due_on=YESTERDAY), make_commitment(due_on=YESTERDAY - dt.timedelta(days=9))
    seen = picture(make_user(PersonRole.AUDITOR), TODAY)
    assert seen.due_next == [sooner, later]
    assert seen.overdue_first == [later_still, late]


def test_a_text_that_does_not_lead_is_not_counted() -> None:
    make_commitment(text=make_text(leading=False), due_on=YESTERDAY, obligors=("KAZ",))
    seen = picture(make_user(PersonRole.AUDITOR), TODAY)
    assert (seen.proposed, seen.overdue, seen.by_party) == (0, 0, [])


def test_open_follow_ups_are_counted_by_reason() -> None:
    make_followup(make_commitment(due_on=YESTERDAY))
    assert picture(make_user(PersonRole.AUDITOR), TODAY).followups == {Reason.OVERDUE: 1}


def test_the_picture_takes_the_same_number_of_queries_at_any_size(django_assert_num_queries: Any) -> None:
    user = make_user(PersonRole.AUDITOR)
    for _ in range(15):
        make_commitment(due_on=YESTERDAY, obligors=("KAZ", "AZE"))
        make_commitment(due_on=NEXT_WEEK, obligors=("KAZ",))
    user = type(user).objects.get(pk=user.pk)
    with django_assert_num_queries(16):
        seen = picture(user, TODAY)
        assert [(each.words, each.obligors.all()[0].party.code, each.text.instrument.title) for each in seen.due_next]


def test_units_see_what_is_theirs_and_what_is_nobodys() -> None:
    ours, theirs = make_unit(), make_unit()
    own, foreign, free = make_commitment(unit=ours), make_commitment(unit=theirs), make_commitment()
    inherited = make_commitment(text=make_text(make_instrument(unit=ours)))
    hidden = make_commitment(text=make_text(make_instrument(unit=theirs)))
    handed_over = make_commitment(text=make_text(make_instrument(unit=theirs)), unit=ours)
    everything = {own, foreign, free, inherited, hidden, handed_over}
    table = [
        (make_user(PersonRole.READER, ours), {own, free, inherited, handed_over}),
        (make_user(PersonRole.DESK_OFFICER, ours), {own, free, inherited, handed_over}),
        (make_user(PersonRole.HEAD_OF_UNIT, theirs), {foreign, free, hidden}),
        (make_user(PersonRole.READER), {free}),
        (make_user(PersonRole.AUDITOR, ours), everything),
        (make_user(PersonRole.ADMINISTRATOR), everything),
        (make_user(PersonRole.READER, is_superuser=True), everything),
        (make_user(PersonRole.ADMINISTRATOR, is_active=False), set()),
        (AnonymousUser(), set()),
    ]
    for user, visible in table:
        assert set(Commitment.objects.for_user(user)) == visible, user


def test_the_picture_counts_nothing_of_another_unit() -> None:
    make_followup(make_commitment(unit=make_unit(), due_on=YESTERDAY, obligors=("KAZ",)))
    seen = picture(make_user(PersonRole.HEAD_OF_UNIT, make_unit()), TODAY)
    assert (seen.proposed, seen.overdue, seen.by_party, seen.followups, seen.overdue_first) == (0, 0, [], {}, [])


def test_pending_is_accepted_and_open() -> None:
    pending = make_commitment(review="confirmed", status=Status.IN_PROGRESS)
    make_commitment()
    make_commitment(review="confirmed", status=Status.WAIVED)
    make_commitment(review="rejected")
    assert list(Commitment.objects.pending()) == [pending]


def test_due_soon_holds_its_first_and_last_day() -> None:
    days = [YESTERDAY, TODAY, NEXT_WEEK, NEXT_WEEK + dt.timedelta(days=1)]
    for day in days:
        make_commitment(due_on=day)
    found = Commitment.objects.due_soon(TODAY, 7).values_list("due_on", flat=True)
    assert sorted(found) == [TODAY, NEXT_WEEK]
    assert list(Commitment.objects.overdue(TODAY).values_list("due_on", flat=True)) == [YESTERDAY]
