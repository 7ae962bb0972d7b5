"""What people do about a follow-up: who may, what is refused, and that all of it is on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.tracker.at_once import in_threads
from tests.tracker.makers import (
    NOW,
    TODAY,
    YESTERDAY,
    make_commitment,
    make_followup,
    make_instrument,
    make_text,
    make_unit,
    make_user,
)
from tests.tracker.test_rights_matrix import CELLS
from tracker import attending, attending_many, followup, rights
from tracker.attending_many import Order
from tracker.history.timeline import timeline
from tracker.models import FollowUp, FollowUpComment, Person
from tracker.models.edits import ForbiddenError, RefusedError
from tracker.models.vocabulary import Closure, FollowUpState
from tracker.rights import Action, Whose

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
Step = Callable[..., Any]


def acknowledge(flag: FollowUp, by: Any, version: int = 1) -> Any:
    return attending.acknowledge(flag.pk, by=by, version=version, now=NOW)


def snooze(flag: FollowUp, by: Any, version: int = 1, **said: Any) -> Any:
    said = {"until": TODAY + 7 * DAY, "reason": "The minister is away.", **said}
    return attending.snooze(flag.pk, **said, by=by, version=version, now=NOW)


def wake(flag: FollowUp, by: Any, version: int = 1) -> Any:
    return attending.wake(flag.pk, by=by, version=version, now=NOW)


def assign(flag: FollowUp, by: Any, version: int = 1, to: Person | None = None) -> Any:
    return attending.assign(flag.pk, to=to or by.person, by=by, version=version, now=NOW)


def comment(flag: FollowUp, by: Any, version: int = 1) -> Any:
    return attending.comment(flag.pk, words="I rang them.", by=by, now=NOW)


STEPS: tuple[Step, ...] = (acknowledge, snooze, wake, assign, comment)


@pytest.fixture
def flag() -> FollowUp:
    """An open flag about a commitment of nobody's unit."""
    return make_followup(make_commitment(due_on=YESTERDAY))


def now_is(flag: FollowUp) -> FollowUp:
    flag.refresh_from_db()
    return flag


def test_an_acknowledgement_says_who_and_when(flag: FollowUp) -> None:
    user = make_user()
    acknowledge(flag, user)
    assert (now_is(flag).acknowledged_by, flag.acknowledged_at, flag.version) == (user, NOW, 2)


def test_what_is_acknowledged_is_not_acknowledged_again(flag: FollowUp) -> None:
    acknowledge(flag, make_user(first_name="Aigerim", last_name="Bek"))
    with pytest.raises(RefusedError, match="already, by Aigerim Bek"):
        acknowledge(flag, make_user(), version=2)


def test_a_flag_is_put_off_with_a_reason_that_is_kept_as_a_comment(flag: FollowUp) -> None:
    snooze(flag, make_user())
    assert (now_is(flag).snoozed_until, flag.state) == (TODAY + 7 * DAY, FollowUpState.OPEN)
    assert flag.comments.get().words == "The minister is away."


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"until": TODAY}, "a day to come"),
        ({"until": TODAY - 30 * DAY}, "a day to come"),
        ({"until": TODAY + 367 * DAY}, "a year at most"),
        ({"reason": "  "}, "Say why"),
        ({"reason": "x" * 4001}, "4000"),
    ],
)
def test_a_flag_is_not_put_off_to_the_past_for_ever_or_without_a_reason(
    flag: FollowUp, said: dict[str, Any], told: str
) -> None:
    with pytest.raises(RefusedError, match=told):
        snooze(flag, make_user(), **said)
    assert (now_is(flag).snoozed_until, flag.version, FollowUpComment.objects.count()) == (None, 1, 0)


@pytest.mark.parametrize("days", [1, 366])
def test_a_flag_is_put_off_from_a_day_to_a_year(flag: FollowUp, days: int) -> None:
    assert snooze(flag, make_user(), until=TODAY + days * DAY).snoozed_until == TODAY + days * DAY


def test_the_day_that_counts_is_the_ministrys(flag: FollowUp) -> None:
    late = dt.datetime(2026, 11, 21, 20, 0, tzinfo=dt.UTC)  # 22 November in Almaty
    said = {"until": dt.date(2026, 11, 22), "reason": "-", "by": make_user(), "version": 1}
    with pytest.raises(RefusedError, match="a day to come"):
        attending.snooze(flag.pk, **said, now=late)
    assert attending.snooze(flag.pk, **said, now=NOW).snoozed_until == dt.date(2026, 11, 22)


def test_a_flag_that_is_put_off_is_put_off_to_another_day_and_woken(flag: FollowUp) -> None:
    user = make_user()
    snooze(flag, user)
    with pytest.raises(RefusedError, match="already"):
        snooze(flag, user, version=2)
    snooze(flag, user, version=2, until=TODAY + DAY)
    wake(flag, user, version=3)
    assert now_is(flag).snoozed_until is None
    with pytest.raises(RefusedError, match="not put off"):
        wake(flag, user, version=4)


def test_a_flag_whose_day_has_come_need_not_be_woken(flag: FollowUp) -> None:
    FollowUp.objects.update(snoozed_until=TODAY)
    with pytest.raises(RefusedError, match="not put off"):
        wake(flag, make_user())


def test_a_flag_is_given_to_somebody_and_back_and_the_officer_stays() -> None:
    unit = make_unit()
    user, colleague = make_user(unit=unit), make_user(unit=unit).person
    flag = make_followup(make_commitment(due_on=YESTERDAY, unit=unit, officer=user.person))
    assign(flag, user, to=colleague)
    assert now_is(flag).assigned_to == colleague
    with pytest.raises(RefusedError, match="so already"):
        assign(flag, user, version=2, to=colleague)
    attending.assign(flag.pk, to=None, by=user, version=2, now=NOW)
    assert now_is(flag).assigned_to is None
    assert flag.commitment.officer == user.person


@pytest.mark.parametrize("who", ["reader", "auditor", "another unit", "gone"])
def test_a_flag_is_given_only_to_who_is_at_work_and_may_act_on_it(who: str) -> None:
    unit = make_unit()
    flag = make_followup(make_commitment(due_on=YESTERDAY, unit=unit))
    role = who if who in ("reader", "auditor") else "desk_officer"
    taker = make_user(role, unit=make_unit() if who == "another unit" else unit, is_active=who != "gone").person
    with pytest.raises(RefusedError, match="can't take it"):
        assign(flag, make_user(unit=unit), to=taker)
    assert now_is(flag).assigned_to is None


def test_a_comment_is_only_added_and_says_something(flag: FollowUp) -> None:
    user = make_user()
    comment(flag, user)
    attending.comment(flag.pk, words="They rang back.", by=user, now=NOW)
    assert [each.words for each in flag.comments.all()] == ["I rang them.", "They rang back."]
    assert now_is(flag).version == 1
    for words in ("", " \n "):
        with pytest.raises(RefusedError, match="says something"):
            attending.comment(flag.pk, words=words, by=user, now=NOW)


@pytest.mark.parametrize("step", STEPS)
def test_about_a_closed_flag_there_is_nothing_to_do(flag: FollowUp, step: Step) -> None:
    FollowUp.objects.update(state="closed", closed_at=NOW, closed_because=Closure.EVIDENCE)
    with pytest.raises(RefusedError, match="closed: there is news of it"):
        step(flag, make_user())


@pytest.mark.parametrize("step", [acknowledge, snooze, wake, assign])
def test_what_somebody_did_meanwhile_is_not_overwritten_but_told(flag: FollowUp, step: Step) -> None:
    snooze(flag, make_user())
    with pytest.raises(attending.StaleFollowUpError, match=r"version 1, it is now 2.*put off until") as refused:
        step(flag, make_user())
    assert refused.value.current.snoozed_until == TODAY + 7 * DAY
    assert now_is(flag).version == 2


@pytest.mark.parametrize("step", STEPS)
def test_a_flag_that_one_may_not_know_of_is_not_there(step: Step) -> None:
    flag = make_followup(make_commitment(due_on=YESTERDAY, unit=make_unit()))
    with pytest.raises(RefusedError, match="no such follow-up"):
        step(flag, make_user(unit=make_unit()))
    flag.pk = 10**9
    with pytest.raises(RefusedError, match="no such follow-up"):
        step(flag, make_user("administrator"))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("role", "whose"), list(product(rights.TABLE, Whose)))
def test_a_flag_is_attended_to_as_the_matrix_says(role: str, whose: Whose, step: Step) -> None:
    own = make_unit()
    unit = {Whose.OWN: own, Whose.NOBODYS: None, Whose.OTHERS: make_unit()}[whose]
    user = make_user(role, unit=own)
    made = make_commitment(unit=unit, due_on=TODAY)
    flag = make_followup(made, **({"snoozed_until": TODAY + DAY} if step is wake else {}))
    if CELLS[role, "attend", whose]:
        step(flag, user)
    else:
        with pytest.raises((ForbiddenError, RefusedError)):
            step(flag, user)
    assert rights.may(user, Action.ATTEND, made) == CELLS[role, "attend", whose]
    made.refresh_from_db()
    assert made.version == 1  # a page of the commitment is not stale by what is said about its flag


@pytest.mark.parametrize("role", ["reader", "auditor"])
def test_who_only_looks_is_told_so(role: str, flag: FollowUp) -> None:
    for step in STEPS:
        with pytest.raises(ForbiddenError, match="only looks"):
            step(flag, make_user(role))


@pytest.mark.parametrize("of", ["own", "other", "nobody"])
def test_those_who_may_take_a_flag_are_those_whom_the_table_lets(of: str) -> None:
    own, other = make_unit(), make_unit()
    users = [make_user(role, unit=unit) for role, unit in product(rights.TABLE, (own, other, None))]
    users += [make_user(unit=own, is_active=False), make_user("reader", unit=other, is_superuser=True)]
    unit = {"own": own, "other": other, "nobody": None}[of]
    made = make_commitment(unit=unit)
    found = set(rights.people(Action.ATTEND, unit).values_list("user_id", flat=True))
    assert found == {user.pk for user in users if rights.may(user, Action.ATTEND, made)}


def test_everything_that_was_done_is_in_the_history_of_the_commitment() -> None:
    unit = make_unit()
    user = make_user(unit=unit, first_name="Aigerim", last_name="Bek")
    made = make_commitment(due_on=YESTERDAY, text=make_text(make_instrument(unit=unit)))
    flag = make_followup(made)
    acknowledge(flag, user)
    snooze(flag, user, version=2)
    assign(flag, user, version=3)
    wake(flag, user, version=4)
    comment(flag, user)
    told = [
        (
            entry.subject,
            entry.done,
            {change.label: change.after for change in entry.changes if change.label != "version"},
        )
        for entry in reversed(timeline(made))
        if entry.subject.startswith(("follow-up", "comment on a follow-up"))
    ]
    assert [(subject.partition(":")[0], done) for subject, done, _changes in told] == [
        ("follow-up", "added"),
        ("follow-up", "changed"),
        ("comment on a follow-up", "added"),
        ("follow-up", "changed"),
        ("follow-up", "changed"),
        ("follow-up", "changed"),
        ("comment on a follow-up", "added"),
    ]
    assert told[1][0] == "follow-up: overdue (20 November 2026)"
    changes = [changes for _subject, _done, changes in told]
    assert changes[1]["acknowledged by"] == user.get_username()
    assert changes[2]["comment"] == "The minister is away."
    assert changes[3] == {"put off until": "28 November 2026"}
    assert changes[4] == {"given to": "Aigerim Bek"}
    assert changes[5] == {"put off until": "–"}
    assert changes[6]["comment"] == "I rang them."


def test_a_flag_that_is_raised_again_is_neither_acknowledged_nor_put_off() -> None:
    made = make_commitment(due_on=YESTERDAY)
    followup.sweep(TODAY, NOW)
    flag = FollowUp.objects.get(reason="overdue")
    acknowledge(flag, make_user())
    snooze(flag, make_user(), version=2)
    for status in ("fulfilled", "in_progress"):
        type(made).objects.filter(pk=made.pk).update(status=status, status_on=TODAY)
        followup.sweep(TODAY, NOW)
    assert now_is(flag).state == FollowUpState.OPEN
    assert (flag.acknowledged_at, flag.snoozed_until) == (None, None)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_acknowledge_at_once_one_is_told_of_the_other() -> None:
    flag = make_followup(make_commitment(due_on=YESTERDAY))
    users = [make_user() for _ in range(6)]

    def tried(user: Any) -> str:
        try:
            acknowledge(flag, user)
        except RefusedError as error:
            return str(error)
        return "done"

    answers = in_threads([lambda user=user: tried(user) for user in users])
    assert sorted(answer == "done" for answer in answers) == [False] * 5 + [True]
    assert now_is(flag).version == 2


@pytest.mark.django_db(transaction=True)
def test_previews_of_many_and_the_sweep_do_not_wait_for_each_other_in_a_ring() -> None:
    made = [make_commitment(due_on=YESTERDAY) for _ in range(30)]
    followup.sweep(TODAY, NOW)
    order = Order("acknowledge", {}, dict(FollowUp.objects.values_list("pk", "version")))
    user = make_user()

    def close() -> None:
        type(made[0]).objects.update(status="fulfilled", status_on=TODAY)
        followup.sweep(TODAY, NOW)

    plan, _swept = in_threads([lambda: attending_many.plan(order, by=user, now=NOW), close])
    assert len(plan.changes) + len(plan.refusals) == 30
    assert not FollowUp.objects.open().exists()


def an_order(action: str, flags: list[FollowUp], **params: Any) -> Order:
    return Order(action, params, {flag.pk: flag.version for flag in flags})


def test_a_preview_changes_nothing_and_says_what_would() -> None:
    user = make_user(unit=make_unit())
    flags = [make_followup(make_commitment(due_on=YESTERDAY)) for _ in range(3)]
    acknowledge(flags[0], make_user())
    theirs = make_followup(make_commitment(due_on=YESTERDAY, unit=make_unit()))
    report = attending_many.plan(an_order("acknowledge", [*flags, theirs]), by=user, now=NOW)
    assert {line.followup_id: line.refused for line in report.refusals}.keys() == {flags[0].pk, theirs.pk}
    assert {(line.before, line.after) for line in report.changes} == {
        ("not acknowledged", f"acknowledged by {user.get_username()}")
    }
    assert FollowUp.objects.filter(acknowledged_at__isnull=False).count() == 1
    done = attending_many.apply(report.order, by=user, now=NOW)
    assert (len(done.changes), len(done.refusals)) == (2, 0)
    assert FollowUp.objects.filter(acknowledged_at__isnull=False).count() == 3


def test_a_row_that_changed_since_it_was_seen_is_refused_and_the_others_stand() -> None:
    user = make_user()
    flags = [make_followup(make_commitment(due_on=YESTERDAY)) for _ in range(2)]
    order = an_order("snooze", flags, until=TODAY + DAY, reason="A holiday.")
    acknowledge(flags[1], user)
    done = attending_many.apply(order, by=user, now=NOW)
    assert [line.followup_id for line in done.changes] == [flags[0].pk]
    assert "it is now 2" in done.refusals[0].refused
    assert FollowUpComment.objects.count() == 1


@pytest.mark.parametrize(
    ("order", "told"),
    [
        (Order("forget", {}, {1: 1}), "no such action"),
        (Order("snooze", {}, {1: 1}), "reason, until"),
        (Order("acknowledge", {"to": None}, {1: 1}), "to"),
        (Order("acknowledge", {}, {}), "at least one"),
        (Order("acknowledge", {}, dict.fromkeys(range(201), 1)), "at most 200"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_as_a_whole(order: Order, told: str) -> None:
    with pytest.raises(RefusedError, match=told):
        attending_many.plan(order, by=make_user(), now=NOW)


def test_an_act_asks_the_database_five_times_at_most(flag: FollowUp) -> None:
    user = make_user()
    for step, version in ((acknowledge, 1), (snooze, 2), (assign, 3), (comment, 4)):
        with CaptureQueriesContext(connection) as asked:
            step(flag, user, version)
        own = [each["sql"] for each in asked if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        assert len(own) <= 5, own
