"""The ten reasons: on which day each begins to hold and not a day before, for whom, and why its flag closes."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from tests.tracker.at_once import in_threads
from tests.tracker.makers import (
    TODAY,
    make_commitment,
    make_instrument,
    make_party,
    make_text,
    make_unit,
    make_user,
)
from tracker import followup, progress, review
from tracker.models import (
    Addressee,
    Commitment,
    CommitmentTheme,
    FollowUp,
    FollowUpRule,
    Obligor,
    Rereading,
    SecondLook,
    Submission,
    Sweep,
    Text,
    Theme,
)
from tracker.models.vocabulary import Closure, FollowUpState, Reason

DAY = dt.timedelta(days=1)


def at(day: dt.date) -> dt.datetime:
    """Noon of a day in Almaty."""
    return dt.datetime.combine(day, dt.time(12), ZoneInfo("Asia/Almaty"))


def sweep(on: dt.date) -> followup.Swept:
    return followup.sweep(on, at(on))


def is_open(commitment: Commitment, reason: str) -> bool:
    return FollowUp.objects.open().filter(commitment=commitment, reason=reason).exists()


def closed(commitment: Commitment, reason: str) -> str:
    return FollowUp.objects.get(commitment=commitment, reason=reason, state=FollowUpState.CLOSED).closed_because


def record(made: Commitment, day: dt.date, to: str = "in_progress", **said: Any) -> None:
    made.refresh_from_db()
    said = {"evidence": "https://www.gov.kz/1", "by": make_user(), "version": made.version, "now": at(day), **said}
    progress.record_status(made.pk, to=to, on=day, note="-", **said)


def change(**fields: Any) -> Callable[[Commitment, dt.date], None]:
    return lambda made, _day: Commitment.objects.filter(pk=made.pk).update(**fields) and None


def again(made: Commitment) -> None:
    """Its text was read again and says it otherwise."""
    counts = dict.fromkeys(("kept", "moved", "changed", "gained", "lost"), 0)
    reading = Rereading.objects.create(
        text=made.text, parser_before="1", parser_version="2", by=make_user(), at=at(TODAY), **counts
    )
    SecondLook.objects.create(commitment=made, rereading=reading, reason="changed", words_before="-")


def ask(made: Commitment) -> None:
    """Somebody asked for an extension."""
    said = {"kind": "extension", "to_day": TODAY + 90 * DAY, "note": "-", "by": make_user(), "at": at(TODAY)}
    Submission.objects.create(commitment=made, **said)


def another_leads(made: Commitment, _day: dt.date) -> None:
    Text.objects.filter(pk=made.text_id).update(leading=False)


def look(made: Commitment, day: dt.date) -> None:
    SecondLook.objects.filter(commitment=made).update(settled_at=at(day), settled_by=make_user())


def decide(made: Commitment, day: dt.date) -> None:
    progress.accept(made.submissions.get().pk, by=make_user(), version=made.version, now=at(day))


def confirm(made: Commitment, day: dt.date) -> None:
    review.confirm(made.pk, by=make_user(), version=made.version, now=at(day))


class Case(NamedTuple):
    """A commitment, the first day of its flag by the first rules, and what closes it for what cause."""

    reason: Reason
    fields: dict[str, Any]
    raised: dt.date
    end: Callable[[Commitment, dt.date], Any]
    cause: Closure
    begin: Callable[[Commitment], None] = lambda made: None


DATED = {"due_on": TODAY + 60 * DAY}
CASES = (
    Case(Reason.OVERDUE, DATED, TODAY + 61 * DAY, lambda m, d: record(m, d, "fulfilled"), Closure.STATUS),
    Case(Reason.OVERDUE, DATED, TODAY + 61 * DAY, change(due_on=TODAY + 99 * DAY), Closure.DATE_CHANGED),
    Case(Reason.DUE_SOON, DATED, TODAY + 30 * DAY, lambda m, d: record(m, d, "waived"), Closure.STATUS),
    Case(Reason.DUE_SOON, DATED, TODAY + 30 * DAY, another_leads, Closure.ANOTHER_TEXT),
    Case(Reason.QUIET, {}, TODAY + 180 * DAY, record, Closure.EVIDENCE),
    Case(Reason.QUIET, {}, TODAY + 180 * DAY, change(**DATED, due_precision="day"), Closure.DATE_CHANGED),
    Case(Reason.AWAITING_DATE, {"awaiting_date": True}, TODAY + 30 * DAY, record, Closure.EVIDENCE),
    Case(
        Reason.AWAITING_DATE,
        {"awaiting_date": True},
        TODAY + 30 * DAY,
        change(awaiting_date=False, **DATED, due_precision="day"),
        Closure.DATE_CHANGED,
    ),
    Case(Reason.REQUEST_UNANSWERED, {"force": "request"}, TODAY + 90 * DAY, record, Closure.EVIDENCE),
    Case(Reason.RECURRENCE_DUE, {"recurrence": "annual"}, dt.date(2027, 10, 22), record, Closure.EVIDENCE),
    Case(Reason.REVIEW_WAITING, {}, TODAY + 7 * DAY, confirm, Closure.REVIEWED),
    Case(
        Reason.REVIEW_WAITING,
        {},
        TODAY + 7 * DAY,
        lambda m, d: review.reject(m.pk, by=make_user(), version=1, now=at(d)),
        Closure.REJECTED,
    ),
    Case(Reason.SOURCE_CHANGED, {}, TODAY, look, Closure.SETTLED, again),
    Case(
        Reason.EVIDENCE_EXPIRING,
        {"evidence_until": TODAY + 60 * DAY},
        TODAY + 30 * DAY,
        change(evidence_until=TODAY + 400 * DAY),
        Closure.EVIDENCE,
    ),
    Case(Reason.EXTENSION_ASKED, DATED, TODAY, decide, Closure.DECIDED, ask),
)


def test_every_reason_is_tried() -> None:
    assert {case.reason for case in CASES} == set(Reason)


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=[f"{case.reason}-{case.cause}" for case in CASES])
def test_a_reason_begins_on_its_day_and_ends_for_its_cause(case: Case) -> None:
    made = make_commitment(**case.fields)
    case.begin(made)
    sweep(case.raised - DAY)
    assert not is_open(made, case.reason)
    sweep(case.raised)
    assert is_open(made, case.reason)
    assert FollowUp.objects.get(commitment=made, reason=case.reason).raised_on == case.raised
    case.end(made, case.raised)
    sweep(case.raised)
    assert not is_open(made, case.reason)
    assert closed(made, case.reason) == case.cause


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=[f"{case.reason}-{case.cause}" for case in CASES])
def test_after_a_long_silence_the_same_is_raised_once(case: Case) -> None:
    made = make_commitment(**case.fields)
    case.begin(made)
    sweep(TODAY - DAY)
    late = case.raised + 3 * DAY
    for _ in range(2):
        sweep(late)
    assert FollowUp.objects.filter(commitment=made, reason=case.reason).count() == 1
    assert is_open(made, case.reason)


@pytest.mark.django_db
def test_a_deadline_is_due_soon_on_its_last_day_and_overdue_on_the_next() -> None:
    made = make_commitment(**DATED)
    sweep(DATED["due_on"])
    assert (is_open(made, Reason.DUE_SOON), is_open(made, Reason.OVERDUE)) == (True, False)
    sweep(DATED["due_on"] + DAY)
    assert (is_open(made, Reason.DUE_SOON), is_open(made, Reason.OVERDUE)) == (False, True)
    assert closed(made, Reason.DUE_SOON) == Closure.DAY_PASSED


def _theirs(made: Commitment, what: str) -> None:
    if what == "obligor":
        Obligor.objects.create(commitment=made, party=make_party("UZB"), position=0)
    if what == "addressee":
        Addressee.objects.create(commitment=made, party=make_party("UZB"), position=0)
    if what == "theme":
        CommitmentTheme.objects.create(commitment=made, theme=Theme.objects.get(code="trade"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("force", "force"),
        ("party", "obligor"),
        ("party", "addressee"),
        ("theme", "theme"),
        ("unit", "own unit"),
        ("unit", "unit of the instrument"),
    ],
)
def test_a_rule_is_for_those_that_it_names(rule: str, what: str) -> None:
    unit = make_unit()
    limits = {
        "force": "intention",
        "party": make_party("UZB"),
        "theme": Theme.objects.get(code="trade"),
        "unit": unit,
    }
    FollowUpRule.objects.filter(reason=Reason.OVERDUE).delete()
    FollowUpRule.objects.create(reason=Reason.OVERDUE, days=[0], **{rule: limits[rule]})
    fields: dict[str, Any] = {"due_on": TODAY - DAY}
    if what == "force":
        fields["force"] = "intention"
    if what == "own unit":
        fields["unit"] = unit
    text = make_text(make_instrument(unit=unit)) if what == "unit of the instrument" else make_text()
    meant, other = make_commitment(text=text, **fields), make_commitment(due_on=TODAY - DAY, unit=make_unit())
    _theirs(meant, what)
    assert sweep(TODAY).raised == {Reason.OVERDUE: 1}
    assert (is_open(meant, Reason.OVERDUE), is_open(other, Reason.OVERDUE)) == (True, False)


@pytest.mark.django_db
def test_what_leaves_a_rules_reach_loses_its_flag_and_what_enters_it_has_one() -> None:
    rule = FollowUpRule.objects.get(reason=Reason.OVERDUE)
    rule.party = make_party("UZB")
    rule.save()
    made = make_commitment(due_on=TODAY - DAY)
    sweep(TODAY)
    assert not is_open(made, Reason.OVERDUE)
    _theirs(made, "obligor")
    sweep(TODAY)
    assert is_open(made, Reason.OVERDUE)
    made.obligors.all().delete()
    sweep(TODAY)
    assert closed(made, Reason.OVERDUE) == Closure.RULE_CHANGED


# Recurrence, last news, months of a regular duty, the day on which it is due again.
ROLLING = [
    ("annual", dt.date(2026, 12, 31), 12, dt.date(2027, 12, 31)),
    ("annual", dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
    ("annual", dt.date(2027, 2, 28), 12, dt.date(2028, 2, 28)),
    ("semiannual", dt.date(2026, 8, 31), 12, dt.date(2027, 2, 28)),
    ("semiannual", dt.date(2027, 8, 31), 12, dt.date(2028, 2, 29)),
    ("semiannual", dt.date(2026, 12, 15), 12, dt.date(2027, 6, 15)),
    ("quarterly", dt.date(2026, 11, 30), 12, dt.date(2027, 2, 28)),
    ("quarterly", dt.date(2027, 11, 30), 12, dt.date(2028, 2, 29)),
    ("monthly", dt.date(2026, 12, 31), 12, dt.date(2027, 1, 31)),
    ("monthly", dt.date(2028, 1, 31), 12, dt.date(2028, 2, 29)),
    ("biennial", dt.date(2024, 2, 29), 12, dt.date(2026, 2, 28)),
    ("biennial", dt.date(2026, 2, 28), 12, dt.date(2028, 2, 28)),
    ("regular", dt.date(2026, 3, 15), 12, dt.date(2027, 3, 15)),
    ("regular", dt.date(2026, 12, 31), 2, dt.date(2027, 2, 28)),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("recurrence", "heard", "months", "due"), ROLLING)
def test_a_duty_that_recurs_is_due_again_a_period_after_the_last_news(
    recurrence: str, heard: dt.date, months: int, due: dt.date
) -> None:
    FollowUpRule.objects.filter(reason=Reason.RECURRENCE_DUE).update(days=[0], regular_months=months)
    made = make_commitment(recurrence=recurrence, made_on=dt.date(2020, 1, 1), last_evidence_on=heard, read_on=due)
    sweep(due - DAY)
    assert not is_open(made, Reason.RECURRENCE_DUE)
    sweep(due)
    flag = FollowUp.objects.get(commitment=made, reason=Reason.RECURRENCE_DUE)
    assert (flag.state, flag.occasion) == (FollowUpState.OPEN, due)


@pytest.mark.django_db
def test_a_yearly_duty_rolls_on_from_what_was_done_year_after_year() -> None:
    FollowUpRule.objects.filter(reason=Reason.RECURRENCE_DUE).update(days=[0])
    made = make_commitment(recurrence="annual", made_on=dt.date(2024, 2, 29), read_on=dt.date(2024, 2, 29))
    occasions = []
    for year in range(2025, 2030):
        day = dt.date(year, 2, 28) if year != 2028 else dt.date(2028, 2, 29)
        sweep(day)
        occasions.append(FollowUp.objects.open().get(reason=Reason.RECURRENCE_DUE).occasion)
        record(made, day)
        assert not is_open(made, Reason.RECURRENCE_DUE)
    assert [str(day) for day in occasions] == ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-28", "2029-02-28"]


@pytest.mark.django_db
def test_a_duty_that_recurs_until_a_day_is_not_asked_for_after_it() -> None:
    FollowUpRule.objects.filter(reason=Reason.RECURRENCE_DUE).update(days=[0])
    last = dt.date(2027, 6, 1)
    monthly = make_commitment(recurrence="monthly", made_on=last - 20 * DAY, due_on=last, read_on=last)
    sweep(last + 90 * DAY)
    assert not is_open(monthly, Reason.RECURRENCE_DUE)
    assert is_open(monthly, Reason.OVERDUE)


def _in_bulk(made: Commitment) -> None:
    Commitment.objects.filter(pk=made.pk).update(due_on=TODAY - DAY, due_precision="day")


def _in_sql(made: Commitment) -> None:
    with connection.cursor() as cursor:
        said = "UPDATE tracker_commitment SET due_on = %s, due_precision = 'day' WHERE id = %s"
        cursor.execute(said, [TODAY - DAY, made.pk])


@pytest.mark.django_db
@pytest.mark.parametrize("touch", [_in_bulk, _in_sql])
def test_whoever_changes_a_commitment_in_whatever_way_the_next_sweep_sees_it(
    touch: Callable[[Commitment], None],
) -> None:
    made = make_commitment()
    sweep(TODAY)
    touch(made)
    swept = sweep(TODAY)
    assert (swept.full, swept.raised) == (False, {Reason.OVERDUE: 1})
    Commitment.objects.filter(pk=made.pk).update(status="waived", status_on=TODAY)
    swept = sweep(TODAY)
    assert (swept.full, swept.cleared) == (False, {Reason.OVERDUE: 1})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "raised"),
    [({"days": [90]}, {Reason.DUE_SOON: 1}), ({"name": "As before"}, {})],
)
def test_a_changed_rule_is_applied_by_the_next_sweep_on_the_same_day(
    fields: dict[str, Any], raised: dict[Reason, int]
) -> None:
    make_commitment(due_on=TODAY + 80 * DAY)
    sweep(TODAY)
    assert not sweep(TODAY).full
    FollowUpRule.objects.filter(reason=Reason.DUE_SOON).update(**fields)
    swept = sweep(TODAY)
    assert (swept.full, swept.raised) == (True, raised)
    assert not sweep(TODAY).full


@pytest.mark.django_db(transaction=True)
def test_what_somebody_was_changing_and_took_back_is_flagged_by_the_next_sweep() -> None:
    made = make_commitment(due_on=TODAY - DAY)
    held, swept = threading.Event(), threading.Event()

    def change_mind() -> None:
        with transaction.atomic():
            Commitment.objects.select_for_update().get(pk=made.pk)
            Commitment.objects.filter(pk=made.pk).update(status="fulfilled", status_on=TODAY)
            held.set()
            swept.wait(10)
            transaction.set_rollback(True)

    def run() -> followup.Swept:
        held.wait(10)
        done = sweep(TODAY)
        swept.set()
        return done

    _, first = in_threads([change_mind, run])
    assert first.raised == {}
    second = sweep(TODAY)
    assert (second.full, second.raised) == (False, {Reason.OVERDUE: 1})
    assert Sweep.objects.count() == 2
