"""The mail of a day: what it says, in whose language, and what it costs to write."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import trans_real

from tests.tracker.makers import make_party, make_unit
from tests.tracker.reminding import (
    DAY,
    MONDAY,
    a_day,
    at,
    mails,
    only,
    promise,
    somebody,
    told,
)
from tracker import followup, reminding
from tracker.models import Commitment, FollowUp, Obligor, Person
from tracker.models.vocabulary import Reason
from tracker.reminding import letter as letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Person:
    return somebody(unit=make_unit())


def test_a_line_has_title_day_parties_days_and_a_link(officer: Person) -> None:
    only(Reason.OVERDUE, 0)
    party = make_party("KAZ")
    party.name_en, party.name_ru = "Kazakhstan", "Казахстан"
    party.save()
    made = promise(officer, due_on=MONDAY - 3 * DAY, title="Open a trade house", obligors=("KAZ",))
    with override_settings(SITE_URL="https://pacta.example.gov"):
        a_day(MONDAY)
    body = mails()[0].body
    line = (
        "- Open a trade house\n  due 20 November 2026 · Kazakhstan · 3 days late\n"
        f"  https://pacta.example.gov/commitments/{made.pk}/\n"
    )
    assert line in body["text"]
    assert body["subject"] == "Pacta: overdue: Open a trade house"
    assert f'<a href="https://pacta.example.gov/commitments/{made.pk}/">Open a trade house</a>' in body["html"]


def test_lines_are_grouped_by_what_to_do_the_most_urgent_first(officer: Person) -> None:
    for n in range(2):
        promise(officer, due_on=MONDAY + 5 * DAY, title=f"Soon {n}")
    promise(officer, title="Quiet one", made_on=MONDAY - 400 * DAY)
    promise(officer, due_on=MONDAY - DAY, title="Late one")
    a_day(MONDAY)
    body = mails()[0].body
    places = [
        body["text"].index(title) for title in ("OVERDUE:", "Late one", "DUE SOON:", "Soon 0", "Soon 1", "QUIET:")
    ]
    assert places == sorted(places)
    assert body["text"].count("DUE SOON:") == 1
    assert body["subject"] == "Pacta: 4 follow-ups, 23 November 2026"


def test_a_long_group_is_cut_and_says_how_many_more_there_are(officer: Person) -> None:
    only(Reason.OVERDUE, 0)
    for n in range(53):
        promise(officer, due_on=MONDAY - (n + 1) * DAY, title=f"Line {n}.")
    a_day(MONDAY)
    text = mails()[0].body["text"]
    assert text.count("\n- ") + text.startswith("- ") == 50
    assert "Line 52." in text  # the latest by most
    assert "Line 2." not in text
    assert "and 3 more: http" in text
    assert "/admin/tracker/followup/?reason__exact=overdue&state__exact=open" in text
    assert len(told(officer)) == 53


@pytest.mark.parametrize(
    ("reason", "fields", "words"),
    [
        (Reason.OVERDUE, {"due_on": MONDAY - DAY}, "1 day late"),
        (Reason.DUE_SOON, {"due_on": MONDAY}, "today"),
        (Reason.DUE_SOON, {"due_on": MONDAY + DAY}, "1 day left"),
        (Reason.DUE_SOON, {"due_on": MONDAY + 5 * DAY}, "5 days left"),
        (Reason.QUIET, {"made_on": MONDAY - 200 * DAY}, "for 200 days"),
        (Reason.AWAITING_DATE, {"made_on": MONDAY - 31 * DAY, "awaiting_date": True}, "for 31 days"),
        (Reason.RECURRENCE_DUE, {"made_on": dt.date(2025, 11, 22), "recurrence": "annual"}, "1 day late"),
        (Reason.EVIDENCE_EXPIRING, {"evidence_until": MONDAY + 2 * DAY}, "2 days left"),
    ],
)
def test_each_reason_says_how_long(officer: Person, reason: Reason, fields: dict, words: str) -> None:
    FollowUp.objects.all().delete()
    only(reason, 0 if reason == Reason.OVERDUE else 30)
    promise(officer, **fields)
    a_day(MONDAY)
    assert f" {words}\n" in mails()[0].body["text"]


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", {1: 0, 2: 1, 5: 1, 21: 1}),
        ("kk", {1: 0, 2: 1, 5: 1, 21: 1}),
        ("ru", {1: 0, 2: 1, 5: 2, 11: 2, 21: 0, 22: 1}),
    ],
)
def test_days_take_the_plural_form_of_the_readers_language(
    language: str, forms: dict[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form is chosen by the language's own rule; which words it has, the catalogues say (test_messages)."""
    spoken = trans_real.translation(language)
    monkeypatch.setattr(spoken, "ngettext", lambda one, many, n: f"[form {int(spoken.plural(n))}]", raising=False)
    for days, form in forms.items():
        flag = FollowUp(reason=Reason.OVERDUE, occasion=MONDAY - days * DAY)
        with translation.override(language):
            assert letters._standing(flag, MONDAY) == f"[form {form}]"


@pytest.mark.parametrize(
    ("language", "day"), [("en", "20 November 2026"), ("kk", "2026 жылғы 20 қараша"), ("ru", "20 ноября 2026 г.")]
)
def test_a_mail_is_written_in_its_readers_language_whatever_is_spoken_around(language: str, day: str) -> None:
    only(Reason.OVERDUE, 0)
    person = somebody(unit=make_unit(), language=language)
    party = make_party("UZB")
    party.name_en, party.name_kk, party.name_ru = "Uzbekistan", "Өзбекстан", "Узбекистан"
    party.save()
    promise(person, due_on=MONDAY - 3 * DAY, obligors=("UZB",))
    with translation.override("ru" if language == "kk" else "kk"):
        a_day(MONDAY)
    text = mails()[0].body["text"]
    assert day in text
    assert getattr(party, f"name_{language}") in text
    assert f'<html lang="{language}">' in mails()[0].body["html"]


@pytest.mark.parametrize(
    "title",
    [
        "Open\r\nBcc: everybody@example.org",
        "Open\nBcc: everybody@example.org",
        "Open\x0b\x0c\x1c\x85\u2028\u2029Bcc: everybody@example.org",
    ],
)
def test_a_title_can_end_no_header_and_start_no_line(officer: Person, title: str) -> None:
    only(Reason.OVERDUE, 0)
    promise(officer, due_on=MONDAY - DAY, title=title)
    a_day(MONDAY)
    body = mails()[0].body
    assert body["subject"] == "Pacta: overdue: Open Bcc: everybody@example.org"
    assert "\n- Open Bcc: everybody@example.org\n" in body["text"]


def test_a_title_can_turn_no_direction_and_write_no_html(officer: Person) -> None:
    only(Reason.OVERDUE, 0)
    promise(officer, due_on=MONDAY - DAY, title="A\u202eB\u200bC <script>alert(1)</script>")
    a_day(MONDAY)
    body = mails()[0].body
    assert "ABC <script>" in body["text"]
    assert "<script>" not in body["html"]


def test_many_parties_are_cut(officer: Person) -> None:
    only(Reason.OVERDUE, 0)
    made = promise(officer, due_on=MONDAY - DAY)
    for n, code in enumerate(("AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG")):
        Obligor.objects.create(commitment=made, party=make_party(code), position=n)
    a_day(MONDAY)
    assert "AAA, BBB, CCC, DDD, EEE, FFF …" in mails()[0].body["text"]


def _statements(people: int, flags: int) -> int:
    unit = make_unit()
    for _ in range(people):
        person = somebody(unit=unit)
        for _ in range(flags):
            promise(person, due_on=MONDAY - DAY, obligors=("KAZ", "UZB"))
    followup.sweep(MONDAY, at(MONDAY))
    with CaptureQueriesContext(connection) as captured:
        assert reminding.remind(at(MONDAY)).mails == people
    Person.objects.all().update(unit=None)
    Commitment.objects.all().update(officer=None, unit=None)
    return sum(not each["sql"].startswith(("SAVEPOINT", "RELEASE")) for each in captured)


def test_the_number_of_statements_grows_with_people_and_not_with_flags() -> None:
    only(Reason.OVERDUE, 0)
    one, other = _statements(1, 1), _statements(1, 40)
    assert one == other
    assert _statements(3, 5) - one == 2 * (one - 6)
    assert one <= 16
