"""The history of a record as a page shows it: in words, with what is part of it, at a constant cost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from tests.tracker.makers import NOW, TODAY, YESTERDAY, make_commitment, make_followup, make_text, make_unit, make_user
from tracker import progress, review
from tracker.history import acting
from tracker.history.timeline import Change, Entry, timeline
from tracker.models import Commitment, Obligor, TextSource

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
    assert set(by_subject) == {"", "obligor: KAZ", "status step", "follow-up", "evidence: https://gov.kz/a"}
    assert told(by_subject[""])["status"] == ("not started", "fulfilled")
    assert told(by_subject["obligor: KAZ"]) == {"status": ("not started", "fulfilled")}
    assert told(by_subject["follow-up"])["closed because"] == ("–", "the promise is no longer open")
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
    amended = next(entry for entry in earlier if "review" in told(entry))
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
