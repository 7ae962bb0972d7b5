"""What colleagues tell each other stays inside."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from tests.tracker.makers import NOW, make_commitment, make_unit, make_user
from tracker import filing
from tracker.models import Note
from tracker.models.edits import ForbiddenError, RefusedError

pytestmark = pytest.mark.django_db


def test_notes_are_added_with_who_and_when_and_none_overwrites_another() -> None:
    commitment, officer = make_commitment(), make_user()
    filing.add_note(commitment.pk, words=" Call the embassy. ", by=officer, now=NOW)
    filing.add_note(commitment.pk, words="Called.", by=officer, now=NOW)
    assert [(note.words, note.by, note.at) for note in commitment.notes.all()] == [
        ("Call the embassy.", officer, NOW),
        ("Called.", officer, NOW),
    ]
    commitment.refresh_from_db()
    assert commitment.version == 1


def test_a_note_says_something_about_something() -> None:
    with pytest.raises(RefusedError, match="says something"):
        filing.add_note(make_commitment().pk, words=" ", by=make_user(), now=NOW)
    with pytest.raises(RefusedError, match="no such commitment"):
        filing.add_note(0, words="Call.", by=make_user(), now=NOW)
    with pytest.raises(IntegrityError, match="note_words_filled"):
        Note.objects.create(commitment=make_commitment(), words="", by=make_user(), at=NOW)


def test_those_who_only_look_and_other_units_leave_no_notes() -> None:
    desk = make_unit()
    commitment = make_commitment(unit=desk)
    for stranger in (make_user("reader", unit=desk), make_user("auditor"), make_user(unit=make_unit())):
        with pytest.raises(ForbiddenError):
            filing.add_note(commitment.pk, words="Mine.", by=stranger, now=NOW)
    assert not Note.objects.exists()


def test_no_note_leaves_through_the_api() -> None:
    from rest_framework.test import APIClient

    commitment, reader = make_commitment(), make_user("administrator")
    filing.add_note(commitment.pk, words="Between ourselves.", by=reader, now=NOW)
    client = APIClient()
    client.force_authenticate(reader)
    for address in ("/api/v1/commitments/", f"/api/v1/commitments/{commitment.pk}/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "Between ourselves" not in answer.content.decode()
        assert "notes" not in answer.content.decode()
