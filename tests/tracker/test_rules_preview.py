"""Rules of follow-up in the admin: who changes them, what is refused, and what a change would do before it is saved."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.tracker import people
from tests.tracker.forms import filled
from tracker import followup
from tracker.models import FollowUp, FollowUpRule
from tracker.models.days import ministry_day
from tracker.models.vocabulary import Reason
from tracker.standing.preview import preview

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
ADD = "admin:tracker_followuprule_add"
LIST = "admin:tracker_followuprule_changelist"


@pytest.fixture
def madina() -> Client:
    """An administrator."""
    return _signed_in(people.person("madina", "administrator", None))


def _signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _today() -> dt.date:
    return ministry_day(timezone.now())


def _sweep() -> followup.Swept:
    return followup.sweep(_today(), timezone.now())


def _rule(reason: Reason) -> FollowUpRule:
    return FollowUpRule.objects.get(reason=reason)


def _address(rule: FollowUpRule) -> str:
    return reverse("admin:tracker_followuprule_change", args=[rule.pk])


def _due_in(*days: int) -> list[int]:
    lines = [f"The Parties will open school {n}." for n in range(len(days))]
    text = people.instrument(" ".join(lines))
    return [
        people.commitment(text, line[:-1], due_on=_today() + n * DAY, read_on=_today()).pk
        for line, n in zip(lines, days, strict=True)
    ]


def _new(**typed: Any) -> dict[str, Any]:
    """A rule as the form for a new one sends it."""
    return {
        "reason": "due_soon",
        "name": "Requests to neighbours",
        "days": "60",
        "force": "",
        "unit": "",
        "party": "",
        "theme": "",
        "tells": "officer",
        "escalates": "on",
        "regular_months": "12",
        "enabled": "on",
        **typed,
    }


def test_a_rule_is_added_with_whom_it_is_for(madina: Client) -> None:
    said = {"force": "request", "unit": people.unit("asia").pk, "party": people.party("UZB").pk, "tells": "control"}
    answer = madina.post(reverse(ADD), _new(days=" 7;90, 30 30", **said))
    assert answer.status_code == 302
    made = FollowUpRule.objects.get(name="Requests to neighbours")
    assert (made.days, made.force, made.unit.code, made.party.code) == ([90, 30, 7], "request", "asia", "UZB")
    assert (made.tells, made.escalates, made.enabled, made.regular_months) == ("control", True, True, 12)
    page = madina.get(reverse(LIST)).content.decode()
    for words in ("90 days before, 30 days before, 7 days before", "force: request, unit: Asia, party: Uzb"):
        assert words in page


def test_days_are_kept_in_the_order_in_which_they_come(madina: Client) -> None:
    rule = _rule(Reason.OVERDUE)
    assert madina.post(_address(rule), filled(madina, _address(rule), days="30, 0, 14, 14")).status_code == 302
    rule.refresh_from_db()
    assert rule.days == [0, 14, 30]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ("", "at least one day"),
        (" , ; ", "at least one day"),
        ("30, soon", "“soon” is not a number of days"),
        ("-7", "“-7” is not a number"),
        ("7.5", "“7.5” is not a number"),
        ("٣", "is not a number"),
        ("3651", "3650 days at most"),
        ("9" * 40, "3650 days at most"),
        (", ".join(map(str, range(13))), "12 days at most"),
    ],
)
def test_days_that_make_no_sense_are_refused_in_words(madina: Client, days: str, told: str) -> None:
    rule = _rule(Reason.OVERDUE)
    for button in ({}, {"_try": "1"}):
        answer = madina.post(_address(rule), filled(madina, _address(rule), days=days, name="Kept", **button))
        page = answer.content.decode()
        assert answer.status_code == 200
        assert told in page
        assert 'value="Kept"' in page
        assert "tried" not in answer.context
    rule.refresh_from_db()
    assert rule.days == [0, 14, 30]


def test_months_and_reasons_that_make_no_sense_are_refused(madina: Client) -> None:
    for wrong in ({"regular_months": "0"}, {"regular_months": "121"}, {"reason": "boredom"}, {"tells": "nobody"}):
        answer = madina.post(reverse(ADD), _new(**wrong))
        assert (answer.status_code, bool(answer.context["adminform"].form.errors)) == (200, True)
    assert not FollowUpRule.objects.filter(name="Requests to neighbours").exists()


def test_what_a_rule_would_do_is_shown_before_it_is_saved(madina: Client) -> None:
    first, second, _far = _due_in(40, 20, 80)
    _sweep()
    rule = _rule(Reason.DUE_SOON)
    typed = filled(madina, _address(rule), days="60, 7", name="Wider", _try="1")
    answer = madina.post(_address(rule), typed)
    tried = answer.context["tried"]
    assert (tried.holds, tried.raises, tried.closes, tried.examples) == (2, 1, 0, (first,))
    page = answer.content.decode()
    for words in (
        "Nothing is saved yet.",
        "The rule holds for 2 commitments today. It would raise 1 flag, and close 0.",
        reverse("admin:tracker_commitment_change", args=[first]),
        'value="Wider"',
        'value="60, 7"',
    ):
        assert words in page
    assert reverse("admin:tracker_commitment_change", args=[second]) not in page
    rule.refresh_from_db()
    assert (rule.days, rule.name, FollowUp.objects.open().count()) == ([30, 7], "", 1)


def test_what_was_tried_can_be_saved_and_the_next_sweep_does_it(madina: Client) -> None:
    _due_in(40, 20)
    _sweep()
    rule = _rule(Reason.DUE_SOON)
    seen = madina.post(_address(rule), filled(madina, _address(rule), days="60", _try="1"))
    kept = seen.context["adminform"].form
    sent = {**filled(madina, _address(rule), days="60"), "seen": kept.seen}
    assert madina.post(_address(rule), sent).status_code == 302
    assert _sweep().raised == {Reason.DUE_SOON: seen.context["tried"].raises}


def test_a_preview_says_what_the_next_sweep_does(madina: Client) -> None:
    _due_in(40, 20, 5, -3)
    _sweep()
    rule = _rule(Reason.DUE_SOON)
    for change in ({"days": [60]}, {"days": [10]}, {"enabled": False}, {"enabled": True, "force": "request"}):
        for name, value in change.items():
            setattr(rule, name, value)
        expected = preview(rule, _today())
        rule.save()
        swept = _sweep()
        done = (swept.raised.get(Reason.DUE_SOON, 0), swept.cleared.get(Reason.DUE_SOON, 0))
        assert done == (expected.raises, expected.closes), change
        assert FollowUp.objects.open().filter(rule=rule).count() == expected.holds


def test_a_new_rule_is_tried_too_and_a_switched_off_one_would_close(madina: Client) -> None:
    (made,) = _due_in(50)
    tried = madina.post(reverse(ADD), _new(_try="1")).context["tried"]
    assert (tried.holds, tried.raises, tried.closes, tried.examples) == (1, 1, 0, (made,))
    assert not FollowUpRule.objects.filter(name="Requests to neighbours").exists()
    madina.post(reverse(ADD), _new())
    _sweep()
    rule = FollowUpRule.objects.get(name="Requests to neighbours")
    typed = filled(madina, _address(rule), _try="1")
    typed.pop("enabled")
    assert madina.post(_address(rule), typed).context["tried"].closes == 1


def test_trying_a_rule_asks_the_database_as_often_for_many_as_for_few(madina: Client) -> None:
    rule = _rule(Reason.OVERDUE)
    rule.days = [10]
    rule.save()
    counts = []
    for number in (1, 60):
        people.many(number)
        typed = filled(madina, _address(rule), days="0", _try="1")
        with CaptureQueriesContext(connection) as asked:
            assert madina.post(_address(rule), typed).context["tried"].holds >= number
        counts.append(len([each for each in asked if "SAVEPOINT" not in each["sql"] and "session" not in each["sql"]]))
    # Where there are examples, their titles are one query more.
    assert counts[1] <= counts[0] + 1 <= 18, counts


@pytest.mark.parametrize("role", ["desk_officer", "head_of_unit", "reader", "auditor"])
def test_only_administrators_change_try_add_and_delete_rules(madina: Client, role: str) -> None:
    rule = _rule(Reason.QUIET)
    other = _signed_in(people.person("other", role))
    typed = filled(madina, _address(rule), days="9")
    assert other.get(reverse(LIST)).status_code == 200
    assert "What would this do today?" not in other.get(_address(rule)).content.decode()
    assert "What would this do today?" in madina.get(_address(rule)).content.decode()
    for address, data in (
        (_address(rule), typed),
        (_address(rule), {**typed, "_try": "1"}),
        (reverse(ADD), _new()),
        (reverse(ADD), _new(_try="1")),
        (reverse("admin:tracker_followuprule_delete", args=[rule.pk]), {"post": "yes"}),
    ):
        assert other.post(address, data).status_code == 403
    rule.refresh_from_db()
    assert rule.days == [180]


def test_a_rule_is_deleted_only_when_it_never_raised_a_flag_and_its_reason_stays_then(madina: Client) -> None:
    madina.post(reverse(ADD), _new(name="Never"))
    never = FollowUpRule.objects.get(name="Never")
    delete = "admin:tracker_followuprule_delete"
    _due_in(3)
    soon = _rule_with_flags()
    assert madina.post(reverse(delete, args=[soon.pk]), {"post": "yes"}).status_code == 403
    typed = filled(madina, _address(soon), name="Still")
    assert madina.post(_address(soon), {**typed, "reason": "quiet"}).status_code == 302
    soon.refresh_from_db()
    assert (soon.name, soon.reason) == ("Still", Reason.DUE_SOON)
    FollowUpRule.objects.filter(pk=never.pk).update(days=[1])
    assert madina.post(reverse(delete, args=[never.pk]), {"post": "yes"}).status_code == 302
    assert not FollowUpRule.objects.filter(pk=never.pk).exists()


def _rule_with_flags() -> FollowUpRule:
    FollowUpRule.objects.filter(name="Never").update(enabled=False)
    _sweep()
    return FollowUp.objects.open().get(reason=Reason.DUE_SOON).rule


def test_of_two_who_edit_a_rule_the_second_is_told(madina: Client) -> None:
    rule = _rule(Reason.QUIET)
    second = filled(madina, _address(rule), days="90")
    assert madina.post(_address(rule), filled(madina, _address(rule), days="120")).status_code == 302
    for button in ({"_try": "1"}, {}):
        answer = madina.post(_address(rule), {**second, **button})
        assert answer.status_code == 409
        assert "Somebody changed" in answer.content.decode()
    rule.refresh_from_db()
    assert rule.days == [120]


def test_a_change_of_a_rule_is_in_the_history(madina: Client) -> None:
    from tracker.history.timeline import timeline

    rule = _rule(Reason.QUIET)
    madina.post(_address(rule), filled(madina, _address(rule), days="90"))
    entry = timeline(rule)[0]
    assert (entry.actor, entry.done) == ("madina", "changed")
    assert {change.column for change in entry.changes} == {"days"}
