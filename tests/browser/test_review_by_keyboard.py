"""The desk officer's morning in a real browser: a text is brought in and reviewed by keyboard, and corrected."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.browser.chromium import Chromium
from tests.tracker import people
from tracker import tasks
from tracker.models import Commitment, Text, Upload
from tracker.models.vocabulary import Review

BODY = (
    "Joint Statement of the Republic of Kazakhstan and the Republic of Uzbekistan\n\n"
    "1. The Parties will open a school in Tashkent by the end of 2027.\n\n"
    "2. The Kazakh side undertakes to supply the books before 1 October 2027.\n\n"
    "3. The Parties will hold a forum and will build a road.\n\n"
    "4. 😀 Both sides noted the growth of trade.\n\n"
    "Done at Astana on 5 May 2026.\n"
)

pytestmark = pytest.mark.django_db(transaction=True)


def _reviewed(page: Chromium, number: int) -> None:
    page.until(f"document.getElementById('decided')?.textContent === '{number}'")


def _select(page: Chromium, words: str) -> None:
    """Mark words of the sheet, which stand in one piece of it."""
    page.evaluate(
        """(words => {
            for (const piece of document.querySelectorAll('#sheet [data-at]')) {
                const at = piece.textContent.indexOf(words);
                if (at < 0) continue;
                getSelection().setBaseAndExtent(piece.firstChild, at, piece.firstChild, at + words.length);
                return true;
            }
        })(WORDS)""".replace("WORDS", repr(words))
    )


def _text() -> Text:
    return Text.objects.get()


def test_a_statement_is_brought_in_and_its_page_tells_when_it_is_read(page: Chromium, live_server: Any) -> None:
    page.open(f"{live_server.url}/admin/tracker/instrument/add/")
    page.evaluate(f"document.querySelector('[name=pasted]').value = {BODY!r}")
    page.evaluate("document.querySelector('.desk-form button.desk-primary').click()")
    page.until("document.querySelector('#uploads [data-moving=\"1\"]') !== null")
    tasks.read_upload(Upload.objects.get().pk)
    page.until("document.querySelector('#uploads a[href*=review]') !== null")
    page.open(
        live_server.url + page.evaluate("document.querySelector('#uploads a[href*=review]').getAttribute('href')")
    )
    assert page.evaluate("document.querySelectorAll('#cards .card').length") == _text().commitments.count() >= 3


def test_a_text_is_reviewed_by_keyboard_alone(page: Chromium, live_server: Any) -> None:
    text = people.instrument(BODY)
    school = people.commitment(text, "will open a school in Tashkent by the end of 2027")
    books = people.commitment(text, "undertakes to supply the books before 1 October 2027")
    both = people.commitment(text, "will hold a forum and will build a road")
    page.open(f"{live_server.url}/texts/{text.pk}/review/")
    page.press("c")
    _reviewed(page, 1)
    page.press("ч", code="KeyX")  # the same key with a Russian layout
    _reviewed(page, 2)
    page.press("u")
    _reviewed(page, 1)
    school.refresh_from_db()
    books.refresh_from_db()
    assert (school.review, books.review) == (Review.CONFIRMED, Review.PROPOSED)

    page.press("a")
    page.evaluate("document.activeElement.value = 'obligation'; document.activeElement.form.requestSubmit()")
    _reviewed(page, 2)
    books.refresh_from_db()
    assert (books.review, books.force) == (Review.AMENDED, "obligation")

    _select(page, "will build")
    page.press("s")
    page.until("document.querySelectorAll('#cards .card').length === 4")
    both.refresh_from_db()
    assert both.quote == "will hold a forum and"

    _select(page, "noted the growth")  # behind a letter that UTF-16 counts twice
    page.press("n")
    page.until("document.querySelectorAll('#cards .card').length === 5")
    assert "noted the growth" in {each.quote for each in text.commitments.all()}


def test_a_colleagues_change_is_shown_and_what_was_typed_stays(page: Chromium, live_server: Any) -> None:
    from django.utils import timezone

    from tracker import review

    text = people.instrument(BODY)
    row = people.commitment(text, "will open a school in Tashkent by the end of 2027")
    page.open(f"{live_server.url}/texts/{text.pk}/review/")
    page.press("a")
    page.evaluate("document.querySelector('.amend [name=due_text]').value = 'after the fair'")
    review.confirm(row.pk, by=people.person("dauren"), version=1, now=timezone.now())
    page.evaluate("document.querySelector('.amend form').requestSubmit()")
    page.until("document.querySelector('.refusal table') !== null")
    assert page.evaluate("document.querySelector('.amend [name=due_text]').value") == "after the fair"
    page.complaints.clear()  # the browser reports the refusal, 409, as it should
    page.evaluate("document.querySelector('.amend form').requestSubmit()")
    page.until("document.querySelector('.card.amended') !== null")
    assert Commitment.objects.get(pk=row.pk).due_text == "after the fair"


def test_fifty_commitments_are_reviewed_by_fifty_keys(page: Chromium, live_server: Any) -> None:
    words = [f"will open line {number:02} of the corridor" for number in range(50)]
    text = people.instrument("\n\n".join(f"{n}. The Parties {each}." for n, each in enumerate(words, 1)))
    for each in words:
        people.commitment(text, each, ("KAZ", "UZB"))
    page.open(f"{live_server.url}/texts/{text.pk}/review/")
    began = time.monotonic()
    for number in range(1, 51):
        page.press("c")
        _reviewed(page, number)
    assert time.monotonic() - began < 60  # the machine's part of the ten minutes
    assert not text.commitments.filter(review=Review.PROPOSED).exists()
