"""The history of a record as a page shows it: in words, with what is part of it, at a constant cost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.tracker import people
from tests.tracker.makers import (
    NOW,
    TODAY,
    YESTERDAY,
    make_commitment,
    make_followup,
    make_party,
    make_text,
    make_unit,
    make_user,
)
from tracker import marking, progress, review, undoing
from tracker.history import acting
from tracker.history.timeline import Change, Entry, timeline
from tracker.models import Commitment, Digest, Escalation, FollowUpComment, Obligor, Reminder, TextSource

pytestmark = pytest.mark.django_db


def told(entry: Entry) -> dict[str, tuple[str, str]]:
    return {change.label: (change.before, change.after) for change in entry.changes}


def test_a_status_step_is_told_with_everything_it_changed() -> None:
    commitment = make_commitment(due_on=YESTERDAY, obligors=("KAZ",))
    make_followup(commitment)
    user = make_user(first_name="Aigerim", last_name="Bekova", unit=make_unit("asia"))
    with acting(user, reason="the note of 3 May"):
        progress.record_status(
            commitment.pk,
            to="fulfilled",
            on=TODAY,
            note="Opened.",
            by=user,
            version=1,
            now=NOW,
            evidence="https://gov.kz/a",
        )
    entries = [entry for entry in timeline(commitment) if entry.actor_id == user.pk]
    assert {entry.actor for entry in entries} == {f"Aigerim Bekova ({user.username})"}
    assert {entry.reason for entry in entries} == {"the note of 3 May"}
    assert {entry.unit for entry in entries} == {"asia"}
    assert len({entry.transaction for entry in entries}) == 1
    by_subject = {entry.subject: entry for entry in entries}
    flag = "follow-up: overdue (20 November 2026)"
    assert set(by_subject) == {"", "obligor: KAZ", "status step", flag, "evidence: https://gov.kz/a"}
    assert told(by_subject[""])["status"] == ("not started", "fulfilled")
    assert told(by_subject["obligor: KAZ"]) == {"status": ("not started", "fulfilled")}
    assert told(by_subject[flag])["closed because"] == ("–", "the promise is no longer open")
    assert told(by_subject["status step"])["note"] == ("–", "Opened.")
    assert by_subject["status step"].done == "added"


def test_values_are_told_in_words() -> None:
    commitment, unit = make_commitment(), make_unit("asia")
    review.amend(
        commitment.pk,
        changes={"due_on": dt.date(2026, 12, 31), "due_precision": "year"},
        by=make_user(),
        version=1,
        now=NOW,
    )
    Commitment.objects.filter(pk=commitment.pk).update(unit=unit, inferred=True)
    newest, *earlier = timeline(commitment)
    amended = next(entry for entry in earlier if not entry.subject and "review" in told(entry))
    assert newest.changes == (
        Change("inferred", "obligors inferred", "no", "yes"),
        Change("unit_id", "unit", "–", "Asia"),
    )
    assert told(amended)["due on"] == ("–", "31 December 2026")
    assert told(amended)["review"] == ("proposed", "amended")
    assert told(amended)["reviewed at"][1].startswith("21 November 2026")
    with translation.override("ru"):
        russian = next(entry for entry in timeline(commitment) if entry.id == amended.id)
        assert russian.done == "изменено"
        assert "31 декабря 2026 г." in {change.after for change in russian.changes}


def test_the_first_entry_tells_only_what_was_filled_in() -> None:
    (entry,) = timeline(make_commitment())
    assert (entry.done, entry.subject) == ("added", "")
    assert "due on" not in told(entry)
    assert told(entry)["force"] == ("–", "commitment")


def test_an_obligor_that_is_gone_is_still_named() -> None:
    commitment = make_commitment(obligors=("KAZ",))
    Obligor.objects.all().delete()
    newest = timeline(commitment)[0]
    assert (newest.done, newest.subject) == ("removed", "obligor: KAZ")


def test_an_instrument_tells_of_its_texts_and_their_bytes() -> None:
    text = make_text()
    TextSource.objects.create(text=text, content=b"bytes")
    newest, added, first = timeline(text.instrument)
    assert newest.subject == "source"
    assert told(newest)["bytes"][1].startswith("sha256:")
    assert added.subject == f"text: {text}"
    assert first.subject == ""


def test_a_user_tells_of_the_role_in_the_tracker() -> None:
    user = make_user()
    user.person.role = "auditor"
    user.person.save()
    newest = timeline(user)[0]
    assert told(newest) == {"role": ("desk officer", "auditor")}


def _decision(commitment: Commitment) -> Entry:
    return next(entry for entry in timeline(commitment) if entry.subject.startswith(("review step", "шаг", "тексеру")))


def test_a_decision_on_a_reading_is_told_field_by_field() -> None:
    commitment = make_commitment(obligors=("KAZ",), due_on=TODAY)
    make_party("UZB")
    changes = {"due_on": dt.date(2026, 12, 31), "due_precision": "year", "obligors": ["KAZ", "UZB"], "force": "request"}
    review.amend(commitment.pk, changes=changes, by=make_user(), version=1, now=NOW)
    entry = _decision(commitment)
    lines = told(entry)
    assert lines["what was done"] == ("–", "amended")
    assert lines["review"] == ("proposed", "amended")
    assert lines["force"] == ("commitment", "request")
    assert lines["due on"] == ("21 November 2026", "31 December 2026")
    assert lines["precision"] == ("day", "year")
    assert lines["obligors"] == ("KAZ", "KAZ, UZB")
    assert not any("{" in value or "[" in value for pair in lines.values() for value in pair)
    assert lines.keys() & {"before", "after", "reviewed by", "reviewed at"} == set()


def test_what_a_decision_left_alone_is_not_told() -> None:
    commitment = make_commitment(obligors=("KAZ",))
    review.amend(commitment.pk, changes={"force": "request", "obligors": ["KAZ"]}, by=make_user(), version=1, now=NOW)
    assert "obligors" not in told(_decision(commitment))


def test_a_decision_is_told_in_the_language_of_the_screen() -> None:
    commitment = make_commitment(obligors=("KAZ",), due_on=TODAY)
    make_party("UZB")
    changes = {"obligors": ["UZB"], "awaiting_date": True, "due_on": None, "due_precision": ""}
    review.amend(commitment.pk, changes=changes, by=make_user(), version=1, now=NOW)
    with translation.override("ru"):
        lines = told(_decision(commitment))
        assert lines["исполняющие стороны"] == ("KAZ", "UZB")
        assert ("21 ноября 2026 г.", "–") in lines.values()
        assert ("нет", "да") in lines.values()


def test_a_part_that_was_split_off_and_one_that_was_merged_are_named() -> None:
    commitment = make_commitment()
    user = make_user()
    _first, second = marking.split(commitment.pk, at=20, by=user, version=1, now=NOW)
    lines = told(_decision(commitment))
    assert lines["what was done"] == ("–", "split")
    assert lines["the other commitment"] == ("–", str(second))
    assert lines["end"] == ("60", str(_first.end))
    undoing.undo(commitment.pk, by=user, version=2, now=NOW)
    assert told(_decision(commitment))["end"] == (str(_first.end), "60")


@pytest.mark.parametrize("number", [1, 30])
def test_a_timeline_costs_the_same_however_long(number: int, django_assert_max_num_queries: Any) -> None:
    commitment = make_commitment(obligors=("KAZ", "UZB", "KGZ"))
    user = make_user(unit=make_unit())
    for _ in range(number):
        commitment.refresh_from_db()
        progress.assign(commitment.pk, unit=user.person.unit, officer=user.person, version=commitment.version)
        commitment.refresh_from_db()
        progress.record_status(
            commitment.pk, to="in_progress", on=TODAY, note="News.", by=user, version=commitment.version, now=NOW
        )
    with django_assert_max_num_queries(9):
        timeline(commitment)


def test_only_the_newest_entries_are_told() -> None:
    commitment = make_commitment()
    for number in range(10):
        Commitment.objects.filter(pk=commitment.pk).update(title=f"Title {number}")
    assert [told(entry)["title"][1] for entry in timeline(commitment, longest=3)] == ["Title 9", "Title 8", "Title 7"]


def test_a_reminder_and_a_comment_are_called_by_their_flag() -> None:
    user = people.person("dauren", first_name="Dauren", last_name="Omarov")
    text = people.instrument("The Parties will open a road.")
    about = people.commitment(text, "will open a road", due_on=dt.date(2025, 1, 1))
    flag = people.flag(about)
    digest = Digest.objects.create(person=user.person, on=dt.date(2025, 2, 1))
    Reminder.objects.create(followup=flag, recipient=user.person, offset=0, digest=digest)
    FollowUpComment.objects.create(followup=flag, words="They have called.", by=user, at=NOW)
    Escalation.objects.create(followup=flag, level=1, tells="head", on=dt.date(2025, 2, 1))
    told = timeline(flag)
    subjects = {entry.subject for entry in told}
    assert "reminder: overdue (1 January 2025) → Dauren Omarov" in subjects
    assert "comment on a follow-up: overdue (1 January 2025): They have called." in subjects
    assert any("overdue (1 January 2025)" in each for each in subjects if each.startswith("escalation: "))
    values = {change.after for entry in told for change in entry.changes}
    assert "2025-02-01: Dauren Omarov" in values
    assert not any(value.startswith("#") for value in values)


def test_a_reason_of_the_parser_is_told_in_the_language_of_the_page(client: Client) -> None:
    client.force_login(people.person("aigerim", language="ru"))
    text = people.instrument("The Parties will open a road.")
    about = people.commitment(text, "will open a road", why="will (modal)")
    page = client.get(reverse("admin:tracker_commitment_change", args=[about.pk])).content.decode()
    assert "(modal)" not in page
