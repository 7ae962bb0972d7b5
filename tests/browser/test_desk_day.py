"""The desk officer's afternoon in a real browser: confirm, status with evidence, extension, history."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import Chromium, found
from tests.tracker import people
from tracker.models import Commitment, Evidence
from tracker.models.vocabulary import Review, Status

BROWSER = found()
PATIENCE = 20.0

pytestmark = [
    pytest.mark.skipif(BROWSER is None, reason="skipped: there is no Chromium here"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def made() -> Commitment:
    """A commitment of the officer's unit."""
    text = people.instrument("1. The Parties will open a school in Tashkent by 2030.", unit_code="asia")
    held = people.clause(text, "1", text.body)
    words = "The Parties will open a school in Tashkent by 2030"
    return people.commitment(text, words, ("KAZ", "UZB"), clause=held, due_on=dt.date(2030, 12, 31))


def _send(page: Chromium, act: str, **fields: str) -> None:
    """Fill the form of an act and press its button; answers when the next page is there."""
    form = f"document.querySelector('form[action$=\"/{act}/\"]')"
    page.evaluate(f"{form}.closest('details') && ({form}.closest('details').open = true)")
    for name, value in fields.items():
        page.evaluate(f"{form}.querySelector('[name={name}]').value = {value!r}")
    page.evaluate("window.before = true")
    page.evaluate(f"{form}.querySelector('button').click()")
    limit = time.monotonic() + PATIENCE
    while page.evaluate("window.before === true || document.readyState !== 'complete'"):
        assert time.monotonic() < limit, act
        time.sleep(0.05)


def _attach(page: Chromium, file: Path) -> None:
    found = page.send("Runtime.evaluate", expression="document.querySelector('[name=evidence_files]')")
    page.send("DOM.setFileInputFiles", files=[str(file)], objectId=found["result"]["objectId"])


def _text(page: Chromium, where: str) -> str:
    return str(page.evaluate(f"document.querySelector('{where}').innerText"))


def test_from_confirming_to_the_history_of_all_of_it(
    page: Chromium, live_server: Any, made: Commitment, tmp_path: Path
) -> None:
    minutes = tmp_path / "хаттама.pdf"
    minutes.write_bytes(b"%PDF-1.7 minutes")
    page.open(f"{live_server.url}/admin/tracker/commitment/{made.pk}/change/")

    _send(page, "confirm")
    _attach(page, minutes)
    _send(page, "status", to="in_progress", on="2025-04-01", note="The site was chosen.")
    _send(page, "extend", to="2031-06-30", reason="The winter was long.")

    made.refresh_from_db()
    assert (made.review, made.status, made.due_on) == (Review.CONFIRMED, Status.IN_PROGRESS, dt.date(2031, 6, 30))
    assert Evidence.objects.get().file_name == "хаттама.pdf"
    shown = _text(page, ".desk")
    for words in ("30 June 2031", "until then 31 December 2030", "хаттама.pdf", "The site was chosen."):
        assert words in shown
    history = _text(page, ".desk-history")
    for words in (
        "aigerim",
        "confirmed",
        "in progress",
        "The site was chosen.",
        "The winter was long.",
        "30 June 2031",
    ):
        assert words in history


def test_the_list_leads_to_a_preview_and_to_a_spreadsheet(page: Chromium, live_server: Any, made: Commitment) -> None:
    page.open(f"{live_server.url}/admin/tracker/commitment/")
    assert "XLSX" in _text(page, ".desk-tools")
    page.evaluate("document.querySelector('input[name=_selected_action]').click()")
    page.evaluate("document.querySelector('select[name=action]').value = 'confirm'")
    page.evaluate("window.before = true; document.querySelector('#changelist-form').requestSubmit()")
    limit = time.monotonic() + PATIENCE
    while page.evaluate("window.before === true || document.readyState !== 'complete'"):
        assert time.monotonic() < limit
        time.sleep(0.05)
    _send(page, "confirm")
    assert "1 commitment will change" in _text(page, ".desk")
    made.refresh_from_db()
    assert made.review == Review.PROPOSED
    _send(page, "confirm")
    made.refresh_from_db()
    assert made.review == Review.CONFIRMED
