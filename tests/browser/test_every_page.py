"""Every page in every language: no script fails, nothing breaks the security policy, nothing outgrows its window."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from tests.browser.chromium import Chromium
from tests.browser.places import places
from tests.tracker import people
from tracker import intake, progress, review, tasks
from tracker.models import Person, Upload

pytestmark = pytest.mark.django_db(transaction=True)

BODY = "1. The Parties will open a school in Tashkent by 2030.\n\n2. The Parties intend to build a road.\n"


@pytest.fixture
def officer() -> User:
    """An administrator who is shown everything."""
    user = people.person("aigerim", "administrator", first_name="Айгерім", last_name="Сәрсенова")
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    return User.objects.get(pk=user.pk)


def _fill(by: User) -> None:
    """One record of most kinds, a commitment with a history among them, and documents in several states."""
    now = timezone.now()
    text = people.instrument(BODY, unit_code="asia")
    made = people.commitment(
        text, "will open a school in Tashkent by 2030", ("KAZ", "UZB"), due_on=dt.date(2030, 12, 31)
    )
    people.flag(people.commitment(text, "intend to build a road"))
    changes = {"force": "obligation", "obligors": ["UZB"]}
    review.amend(made.pk, changes=changes, by=by, version=1, now=now)
    said = {"by": by, "now": now}
    progress.record_status(made.pk, to="in_progress", on=dt.date(2025, 4, 1), note="Begun.", version=2, **said)
    progress.extend_deadline(made.pk, to=dt.date(2031, 6, 30), reason="The winter was long.", version=3, **said)
    for document, name in ((b"", "empty.txt"), (b"\x00\x01", "broken.bin"), (BODY.encode(), "statement.txt")):
        try:
            intake.bring(document, name, **said)
        except intake.RefusedError:
            continue
    for upload in Upload.objects.all():
        tasks.read_upload(upload.pk)


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_no_page_fails_or_overflows(page: Chromium, live_server: Any, officer: User, language: str) -> None:
    _fill(officer)
    Person.objects.update(language=language)
    shown = places(officer)
    assert {"review", "reading", "commitment-page", "instrument-page", "instrument-add", "user-page"} <= set(shown)
    wrong = []
    for name, address in shown.items():
        page.open(f"{live_server.url}{address}")
        wrong += [f"{name}: {told}" for told in page.complaints]
        page.complaints.clear()
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{name}: wider than its window")
        if page.evaluate("document.documentElement.lang") != language and name != "api":
            wrong.append(f"{name}: speaks another language")
    assert wrong == []


def test_a_chosen_file_is_named_where_it_is_chosen(page: Chromium, live_server: Any, tmp_path: Any) -> None:
    file = tmp_path / "мәлімдеме.txt"
    file.write_text(BODY)
    for address in ("/admin/tracker/instrument/add/", "/admin/tracker/commitment/import/"):
        page.open(f"{live_server.url}{address}")
        page.attach("input[type=file]", file)
        page.until("document.querySelector('input[type=file]').files.length === 1")
        assert page.evaluate("document.querySelector('[name=called]')?.value || ''") == ""
    assert page.complaints == []
