"""What a text says is what is shown of it: characters that hide or turn words around are seen, nothing in it runs, and
every highlight stands where its words stand."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from tests.tracker import people
from tracker.models import Commitment, Text
from tracker.unseen import UNSEEN

pytestmark = pytest.mark.django_db

OPEN = "will\u200b open a \u202eloohcs\u202c &amp; a <b>road</b>"
BUILD = "обязуются по\u00adстроить 😀 дорогу\u2066 до 2030 года\u2069"
BODY = (
    "\ufeff1. The Parties " + OPEN + ".\n\n"
    "2. Стороны \u200f" + BUILD + "; \u0007\u001b[31m<script>alert(1)</script> \u061c\u200e\u2028\ufff9\U000e0041\n\n"
    '3. "><img src=x onerror=alert(1)> {{ 7|add:1 }} {% now "Y" %} javascript:alert(1)\n'
)


class _Sheet(HTMLParser):
    """The text of a page's sheet: its words as they are shown, the unseen by name, and what each highlight covers."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.depth, self.mark, self.name = 0, "", ""
        self.words, self.unseen, self.marked, self.tags = "", list[str](), dict[str, str](), set[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "article":
            self.depth = 1
        elif self.depth:
            self.tags.add(tag)
            if "mark" in (told.get("class") or "").split():
                self.mark = (told["href"] or "").removeprefix("#n-")
            if "unseen" in (told.get("class") or "").split():
                self.name = told["title"] or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self.depth = 0
        if tag == "a":
            self.mark = ""
        if tag == "span":
            self.name = ""

    def handle_data(self, data: str) -> None:
        if not self.depth:
            return
        if self.name:
            self.unseen.append(self.name)
            data = chr(int(self.name[2:].split()[0], 16))
        elif UNSEEN.search(data):
            raise AssertionError(f"shown as nothing: {data!r}")
        self.words += data
        if self.mark:
            self.marked[self.mark] = self.marked.get(self.mark, "") + data


@pytest.fixture
def text() -> Text:
    """The hostile text."""
    return people.instrument(BODY)


@pytest.fixture
def rows(text: Text) -> list[Commitment]:
    """Two commitments in it."""
    return [people.commitment(text, words) for words in (OPEN, BUILD)]


def _client() -> Client:
    client = Client()
    client.force_login(people.person("aigerim"))
    return client


def _addresses(text: Text) -> dict[str, str]:
    return {
        "reading": reverse("instrument", args=[text.instrument_id]),
        "review": reverse("review", args=[text.pk]),
        "admin": reverse("admin:tracker_instrument_change", args=[text.instrument_id]),
    }


@pytest.mark.parametrize("name", ["reading", "review", "admin"])
def test_every_character_of_a_hostile_text_is_seen(name: str, text: Text, rows: list[Commitment]) -> None:
    sheet = _Sheet(_client().get(_addresses(text)[name]).content.decode())
    shown = "".join(line for line in BODY.split("\n") if line.strip())
    assert sheet.words.replace("\n", "") == shown
    assert len(sheet.unseen) == len(UNSEEN.findall(shown)) == 15
    assert "U+202E RIGHT-TO-LEFT OVERRIDE" in sheet.unseen
    assert "U+200B ZERO WIDTH SPACE" in sheet.unseen
    assert sheet.tags <= {"p", "a", "span", "b"}


@pytest.mark.parametrize("name", ["reading", "review", "admin"])
def test_highlights_do_not_drift_in_a_hostile_text(name: str, text: Text, rows: list[Commitment]) -> None:
    sheet = _Sheet(_client().get(_addresses(text)[name]).content.decode())
    assert sheet.marked == {str(row.pk): row.quote for row in rows}


def test_the_page_of_a_commitment_shows_its_words_in_place(text: Text, rows: list[Commitment]) -> None:
    for row in rows:
        page = _client_page(row)
        assert page.marked == {str(row.pk): row.quote}


def _client_page(row: Commitment) -> _Sheet:
    client = Client()
    user = people.User.objects.filter(username="aigerim").first() or people.person("aigerim")
    client.force_login(user)
    return _Sheet(client.get(reverse("admin:tracker_commitment_change", args=[row.pk])).content.decode())


@pytest.mark.parametrize("name", ["reading", "review", "admin"])
def test_nothing_of_a_hostile_text_runs(name: str, text: Text, rows: list[Commitment]) -> None:
    page = _client().get(_addresses(text)[name]).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "{{ 7|add:1 }}" in page
    assert "{% now" in page
