"""No page, feed or list of choices hides a character; what is kept, and what programs read, is as it was."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import cast

import pytest
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.tracker import people
from tests.tracker.makers import make_commitment, make_instrument, make_text
from tracker.feeds.calendar import calendar, listed
from tracker.feeds.changes import changes
from tracker.models import Commitment, HandOver, Note, Submission
from tracker.unseen import UNSEEN, NothingHides, visible, visible_page

HOSTILE = "Road \u202edaor\u202c to\u200b the\u2066 sea\u00ad \ufeff\u200f<b>&amp;"


class _Words(HTMLParser):
    """The words of a page that a reader sees: no fields, scripts or styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.quiet, self.words = "", list[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "textarea"):
            self.quiet = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self.quiet:
            self.quiet = ""

    def handle_data(self, data: str) -> None:
        if not self.quiet:
            self.words.append(data)


def test_each_character_that_hides_is_named() -> None:
    assert visible("a\u202eb\u200bc\U000e0041") == "a[U+202E]b[U+200B]c[U+E0041]"
    assert visible("қазақ\tтілі\r\n«ё» ñ") == "қазақ\tтілі\n«ё» ñ"
    assert visible("two\rlines") == "two\nlines"


def test_only_the_words_of_a_page_are_touched() -> None:
    page = (
        '<!-- \u200b --><script>var a = "\u200b<i>";</script>'
        "<a @click=\"a => b > '\u202e'\" title='\u200b\">'>x\u202e</a>"
        "<textarea>\u200b<p></textarea><input value='\u200b'>1 < 2\u200b<p>"
    )
    shown = page.replace("x\u202e", "x[U+202E]").replace("2\u200b", "2[U+200B]")
    assert visible_page(page) == shown


def test_a_page_without_them_is_not_touched() -> None:
    for page in ("<p>Тараптар</p>", "<p>25\u00a0000\u202fтенге «әр»\u00a0— ‘ñ’ № 5…\r\n</p>\r\n"):
        assert visible_page(page) is page


@pytest.mark.parametrize("part", ["<a '", "<script>", "<!--", "<textarea x", "<"])
def test_a_page_of_nothing_but_brackets_takes_no_time(part: str) -> None:
    page = "\u200b" + part * 50_000
    began = time.process_time()
    assert visible_page(page) == page.replace("\u200b", "[U+200B]")
    assert time.process_time() - began < 2


def test_a_long_page_costs_less_than_a_query() -> None:
    row = "<tr class='row'><td><a href=\"/commitment/1/\">Стороны обеспечивают</a></td><td>A &amp; B</td></tr>\n"
    page = row * (1_000_000 // len(row)) + "\u200b"
    began = time.process_time()
    assert visible_page(page).endswith("[U+200B]")
    assert time.process_time() - began < 1


HIDING = "<p title='\u200b'>sea\u202e</p>"


def answered(answer: HttpResponseBase) -> HttpResponseBase:
    """What leaves when this answer came in."""
    return NothingHides(lambda request: answer)(RequestFactory().get("/"))


@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_a_page_leaves_with_its_true_length(charset: str) -> None:
    page = HIDING.encode(charset)
    headers = {"Content-Length": str(len(page))}
    answer = answered(HttpResponse(page, content_type=f"text/html; charset={charset}", headers=headers))
    assert isinstance(answer, HttpResponse)
    assert answer.content.decode(charset) == "<p title='\u200b'>sea[U+202E]</p>"
    assert answer["Content-Length"] == str(len(answer.content))


def test_bytes_that_are_no_letters_leave_as_they_came() -> None:
    answer = answered(HttpResponse(b"\xff" + HIDING.encode()))
    assert isinstance(answer, HttpResponse)
    assert answer.content == b"\xff<p title='\xe2\x80\x8b'>sea[U+202E]</p>"


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse(HIDING, content_type="text/plain; charset=utf-8"),
        HttpResponse(HIDING, content_type="application/json"),
        HttpResponse(HIDING, headers={"Content-Disposition": 'attachment; filename="text.html"'}),
        HttpResponse(HIDING, headers={"Content-Encoding": "gzip"}),
        JsonResponse({"title": HIDING}, json_dumps_params={"ensure_ascii": False}),
    ],
)
def test_what_is_no_page_is_not_touched(answer: HttpResponse) -> None:
    before = answer.content
    assert answered(answer) is answer
    assert answer.content == before
    assert "\u202e" in before.decode()


def test_what_streams_is_not_touched() -> None:
    answer = answered(StreamingHttpResponse(iter([HIDING])))
    assert isinstance(answer, StreamingHttpResponse)
    assert b"".join(cast("Iterator[bytes]", answer.streaming_content)).decode() == HIDING


@pytest.fixture
def row() -> Commitment:
    """A commitment whose title, words, instrument and notes are hostile; it is overdue, flagged and submitted."""
    user = people.person("dauren")
    text = make_text(make_instrument(title=HOSTILE, signed_at=HOSTILE), body=f"{HOSTILE} will open.", file_name=HOSTILE)
    made = make_commitment(
        text=text,
        title=HOSTILE,
        start=0,
        end=len(HOSTILE),
        due_on=dt.date(2025, 1, 1),
        due_text=HOSTILE,
        obligors=("KAZ",),
    )
    people.flag(made)
    Note.objects.create(commitment=made, words=HOSTILE, by=user, at=text.read_at)
    Submission.objects.create(
        commitment=made,
        kind="status",
        to_status="in_progress",
        on=text.read_at.date(),
        note=HOSTILE,
        by=user,
        at=text.read_at,
    )
    other = people.person("bolat")
    HandOver.objects.create(
        from_person=user.person, to_person=other.person, reason=HOSTILE, by=user, at=text.read_at, submissions=0
    )
    return made


@pytest.fixture
def client() -> Client:
    """An administrator, signed in."""
    signed_in = Client()
    signed_in.force_login(people.person("saule", "administrator", None))
    return signed_in


def _addresses(row: Commitment) -> list[str]:
    names = ("commitment", "instrument", "followup", "text", "submission", "handover")
    return [
        *(reverse(f"admin:tracker_{name}_changelist") for name in names),
        reverse("dashboard"),
        reverse("instrument", args=[row.text.instrument_id]),
        reverse("review", args=[row.text_id]),
        reverse("admin:tracker_commitment_change", args=[row.pk]),
        reverse("admin:tracker_instrument_change", args=[row.text.instrument_id]),
        reverse("admin:tracker_followup_change", args=[row.followups.get().pk]),
        reverse("admin:tracker_commitment_changelist") + f"?text__instrument__id__exact={row.text.instrument_id}",
    ]


@pytest.mark.django_db
def test_no_page_hides_a_character_of_a_title_a_quote_or_a_note(row: Commitment, client: Client) -> None:
    for address in _addresses(row):
        answer = client.get(address)
        assert answer.status_code == 200, address
        words = "".join(_Words(answer.content.decode()).words)
        assert not UNSEEN.search(words.replace("\r", "")), address
        assert "U+202E" in words, address


@pytest.mark.django_db
def test_a_list_of_choices_shows_them_too(row: Commitment, client: Client) -> None:
    query = {"app_label": "tracker", "model_name": "text", "field_name": "instrument", "term": "sea"}
    answer = client.get(reverse("admin:autocomplete"), query)
    if answer.status_code == 200:
        assert [each["text"] for each in answer.json()["results"]] == [visible(HOSTILE)]
    assert str(row) == str(row.text.instrument) == visible(HOSTILE)


@pytest.mark.django_db
def test_feeds_show_them(row: Commitment) -> None:
    for feed in (
        calendar(HOSTILE, listed(Commitment.objects.all(), dt.date(2025, 1, 1))),
        changes(HOSTILE, Commitment.objects.all(), "https://pacta.example/feed"),
    ):
        words = feed.decode().replace("\r\n ", "").replace("\r\n", "\n")
        assert not UNSEEN.search(words)
        assert "[U+202E]" in words


@pytest.mark.django_db
def test_what_is_kept_and_what_programs_read_is_as_it_was(row: Commitment, client: Client) -> None:
    assert Commitment.objects.get(pk=row.pk).title == HOSTILE
    sheet = b"".join(client.get(reverse("admin:tracker_commitment_export_csv")).streaming_content).decode()  # type: ignore[attr-defined]
    assert HOSTILE in sheet
    page = client.get(reverse("admin:tracker_instrument_change", args=[row.text.instrument_id])).content.decode()
    assert "Road \u202edaor" in page  # the field in which it is edited


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_ordinary_pages_show_no_mark(language: str, client: Client) -> None:
    text = make_text(make_instrument(title="Достастық туралы шарт — «Сырдария»"), body="The Parties will meet.\r\n")
    plain = make_commitment(text=text, title="Тараптар 25\u00a0000 тенге бөледі", due_on=dt.date(2025, 1, 1))
    people.flag(plain)
    client.cookies["django_language"] = language
    for address in _addresses(plain):
        assert "[U+" not in client.get(address).content.decode(), address
