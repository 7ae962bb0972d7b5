"""The desk officer's day in a real browser, with a real worker: from a file to the history of all that was done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import Chromium
from tests.tracker import people
from tracker.models import Commitment, Evidence, Text
from tracker.models.vocabulary import Review, Status

STATEMENT = """Joint Statement of the Republic of Kazakhstan and the Republic of Uzbekistan

1. The Parties will open a school in Tashkent by the end of 2030.

2. The Kazakh side undertakes to supply the books before 1 October 2029.

3. The Parties noted the growth of trade.

Done at Astana on 5 May 2026.
"""

pytestmark = pytest.mark.django_db(transaction=True)


def _send(page: Chromium, act: str, **fields: str) -> None:
    """Fill the form of an act and press its button; answers when the next page is there."""
    form = f"document.querySelector('form[action$=\"/{act}/\"]')"
    page.evaluate(f"{form}.closest('details') && ({form}.closest('details').open = true)")
    for name, value in fields.items():
        page.evaluate(f"{form}.querySelector('[name={name}]').value = {value!r}")
    page.leave(f"{form}.querySelector('button').click()")


def _bring_in(page: Chromium, address: str, file: Path) -> Text:
    """Choose a file, send it, and wait until the worker has read it."""
    page.open(f"{address}/admin/tracker/instrument/add/")
    page.attach("[name=documents]", file)
    page.leave("document.querySelector('.desk-form button.desk-primary').click()")
    page.until("document.querySelector('#uploads a[href*=review]') !== null")
    return Text.objects.get()


def _review_by_keyboard(page: Chromium, address: str) -> None:
    """To the review from the page of the uploads; every reading is confirmed, one was rejected by mistake."""
    page.open(address + page.evaluate("document.querySelector('#uploads a[href*=review]').getAttribute('href')"))
    total = int(page.text("#total"))
    page.press("x")
    page.until("document.getElementById('decided').textContent === '1'")
    page.press("u")
    page.until("document.getElementById('decided').textContent === '0'")
    for number in range(1, total + 1):
        page.press("c")
        page.until(f"document.getElementById('decided').textContent === '{number}'")


def test_the_day_of_a_desk_officer(
    page: Chromium, live_server: Any, celery_processes: Callable[..., Any], tmp_path: Path
) -> None:
    statement, minutes = tmp_path / "мәлімдеме.txt", tmp_path / "хаттама.pdf"
    statement.write_text(STATEMENT, encoding="utf-8")
    minutes.write_bytes(b"%PDF-1.7 minutes")
    celery_processes(beat_seconds=5)

    text = _bring_in(page, live_server.url, statement)
    assert bytes(text.source.content) == statement.read_bytes()
    _review_by_keyboard(page, live_server.url)
    assert set(text.commitments.values_list("review", flat=True)) == {Review.CONFIRMED}

    school = text.commitments.get(due_on="2030-12-31")
    page.open(f"{live_server.url}/admin/tracker/commitment/{school.pk}/change/")
    page.attach("[name=evidence_files]", minutes)
    _send(page, "status", to="partly_fulfilled", note="The walls stand.")
    _send(page, "status", to="in_progress", note="The roof is next.")
    _send(page, "extend", to="2031-06-30", reason="The winter was long.")

    school.refresh_from_db()
    assert (school.review, school.status) == (Review.CONFIRMED, Status.IN_PROGRESS)
    assert str(school.due_on) == "2031-06-30"
    proof = Evidence.objects.get()
    assert (proof.file_name, proof.step.to_status) == ("хаттама.pdf", Status.PARTLY_FULFILLED)
    shown = page.text(".desk")
    for words in ("30 June 2031", "until then 31 December 2030", "хаттама.pdf", "The walls stand."):
        assert words in shown
    history = page.text(".desk-history")
    for words in (
        "Айгерім Сәрсенова (aigerim)",
        "review step",
        "rejected",
        "undone",
        "confirmed",
        "partly fulfilled",
        "хаттама.pdf",
        "The walls stand.",
        "31 December 2030 → 30 June 2031",
        "The winter was long.",
    ):
        assert words in history
    for raw in ('{"', "due_on", "reviewed_by_id"):
        assert raw not in history


def test_a_reading_is_confirmed_on_its_own_page(page: Chromium, live_server: Any) -> None:
    text = people.instrument("1. The Parties will open a school in Tashkent by 2030.", unit_code="asia")
    made = people.commitment(text, "The Parties will open a school in Tashkent by 2030", ("KAZ", "UZB"))
    page.open(f"{live_server.url}/admin/tracker/commitment/{made.pk}/change/")
    _send(page, "confirm")
    made.refresh_from_db()
    assert made.review == Review.CONFIRMED
    assert "confirmed" in page.text(".desk-history")


def test_the_list_leads_to_a_preview_with_a_file_that_is_chosen_once(
    page: Chromium, live_server: Any, tmp_path: Path
) -> None:
    minutes = tmp_path / "хаттама.pdf"
    minutes.write_bytes(b"%PDF-1.7 minutes")
    text = people.instrument("We will open a school. We will build a road.", unit_code="asia")
    for words in ("We will open a school", "We will build a road"):
        people.commitment(text, words)
    page.open(f"{live_server.url}/admin/tracker/commitment/")
    assert "XLSX" in page.text(".desk-tools")
    page.evaluate("document.querySelectorAll('input[name=_selected_action]').forEach(box => box.click())")
    page.evaluate("document.querySelector('select[name=action]').value = 'status'")
    page.leave("document.querySelector('#changelist-form').requestSubmit()")
    page.attach("[name=evidence_file]", minutes)
    _send(page, "status", to="fulfilled", on="2025-04-01", note="Both are open.")
    shown = page.text(".desk")
    assert "2 commitments will change" in shown
    assert "хаттама.pdf" in shown
    assert not Commitment.objects.filter(status=Status.FULFILLED).exists()
    _send(page, "status")
    assert Commitment.objects.filter(status=Status.FULFILLED).count() == 2
    assert {proof.file_name for proof in Evidence.objects.all()} == {"хаттама.pdf"}
