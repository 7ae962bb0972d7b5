"""The dashboard, the reading page, downloads and signing in."""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.tracker import people
from tracker.models.days import ministry_day
from tracker.models.vocabulary import Review, Status

pytestmark = pytest.mark.django_db

HOSTILE = (
    "The Parties will <script>alert(1)</script> \"open\" &amp; 'close'\u202e\u200b"
    " a <img src=x onerror=alert(1)> bridge"
)


class _Tags(HTMLParser):
    """The tags, attributes and words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def _signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _today() -> dt.date:
    return ministry_day(timezone.now())


@pytest.mark.parametrize("address", ["/", "/instruments/1/", "/commitments/1/", "/texts/1/original/"])
def test_pages_ask_strangers_to_sign_in(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/?next=")


def test_signing_in_leads_to_the_dashboard_in_ones_own_language(client: Client) -> None:
    user = people.person("aigerim")
    user.person.language = "kk"
    user.person.save()
    answer = client.post("/login/", {"username": "aigerim", "password": people.PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/"
    assert "Бақылаудағы уағдаластықтар" in answer.content.decode()


def test_a_wrong_password_is_refused(client: Client) -> None:
    people.person("aigerim")
    assert "_auth_user_id" not in client.session
    client.post("/login/", {"username": "aigerim", "password": "wrong"})
    assert "_auth_user_id" not in client.session


def test_signing_out_takes_a_post() -> None:
    client = _signed_in(people.person("aigerim"))
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 302
    assert client.get("/").status_code == 302


def test_a_chosen_language_is_remembered_for_the_person() -> None:
    user = people.person("aigerim")
    client = _signed_in(user)
    answer = client.post("/language/", {"language": "ru", "next": "//evil.example/"})
    assert answer["Location"] == "/"
    user.person.refresh_from_db()
    assert user.person.language == "ru"
    assert "Договорённости на контроле" in client.get("/").content.decode()


def test_an_empty_dashboard_says_what_will_be_here() -> None:
    page = _signed_in(people.person("aigerim")).get("/").content.decode()
    assert "Nothing has been promised yet" in page
    assert reverse("admin:tracker_instrument_add") in page


def test_the_dashboard_shows_what_is_late_and_what_is_next() -> None:
    text = people.instrument("We will open a school. We will build a road. We will plant trees. We will sing.")
    people.commitment(text, "We will open a school", due_on=_today() - dt.timedelta(1))
    people.commitment(
        text, "We will build a road", due_on=_today() + dt.timedelta(5), status=Status.IN_PROGRESS, status_on=_today()
    )
    user = people.person("aigerim")
    people.commitment(
        text,
        "We will plant trees",
        due_on=_today() - dt.timedelta(9),
        review=Review.REJECTED,
        reviewed_by=user,
        reviewed_at=timezone.now(),
    )
    page = _Tags(_signed_in(user).get("/").content.decode())
    assert "We will open a school" in page.words
    assert "We will build a road" in page.words
    assert "We will plant trees" not in page.words
    assert any(tag == "rect" for tag, _ in page.tags)


def test_the_dashboard_shows_nothing_of_another_unit() -> None:
    text = people.instrument("We will open a school.", unit_code="europe")
    people.commitment(text, "We will open a school", due_on=_today() - dt.timedelta(1))
    assert "school" not in _signed_in(people.person("aigerim", unit_code="asia")).get("/").content.decode()
    assert "school" in _signed_in(people.person("bolat", unit_code="europe")).get("/").content.decode()


def test_the_dashboard_asks_the_database_as_often_for_many_as_for_few(django_assert_max_num_queries) -> None:
    client = _signed_in(people.person("aigerim"))
    people.many(60)
    client.get("/")
    with django_assert_max_num_queries(26):
        client.get("/")


def test_the_reading_page_marks_each_commitment_in_its_place() -> None:
    text = people.instrument("1. The Parties will open a school by 2026.\n\n2. They noted progress.")
    held = people.clause(text, "1", "1. The Parties will open a school by 2026.")
    made = people.commitment(text, "The Parties will open a school by 2026", clause=held)
    page = _Tags(_signed_in(people.person("aigerim")).get(f"/instruments/{text.instrument_id}/").content.decode())
    marks = [attrs for tag, attrs in page.tags if tag == "a" and attrs.get("href") == f"#n-{made.pk}"]
    assert [mark["class"] for mark in marks] == ["mark commitment proposed"]
    assert ("a", {"class": "anchor", "id": f"c-{made.pk}"}) in page.tags
    assert "2. They noted progress." in page.words


def test_hostile_words_are_words_on_every_page() -> None:
    text = people.instrument(f"1. {HOSTILE} by 2024.")
    people.clause(text, "1", text.body)
    made = people.commitment(text, HOSTILE, due_on=dt.date(2024, 12, 31), why=HOSTILE, due_text=HOSTILE)
    made.text.instrument.title = HOSTILE
    made.text.instrument.save()
    client = _signed_in(people.person("aigerim", "administrator"))
    for address in (
        "/",
        f"/instruments/{text.instrument_id}/",
        reverse("admin:tracker_commitment_changelist"),
        reverse("admin:tracker_commitment_change", args=[made.pk]),
        reverse("admin:tracker_instrument_changelist"),
        reverse("admin:tracker_instrument_change", args=[text.instrument_id]),
    ):
        page = _Tags(client.get(address).content.decode())
        assert not [attrs for tag, attrs in page.tags if tag == "img" and attrs.get("src") == "x"], address
        assert not [1 for tag, attrs in page.tags if "onerror" in attrs], address
        assert "<script>alert(1)</script>" in page.words, address


def test_characters_that_cannot_be_seen_are_shown() -> None:
    text = people.instrument(HOSTILE)
    people.commitment(text, HOSTILE)
    page = _signed_in(people.person("aigerim")).get(f"/instruments/{text.instrument_id}/").content.decode()
    assert "U+202E RIGHT-TO-LEFT OVERRIDE" in page
    sheet = page[page.index("<article") : page.index("</article>")]
    assert "\u202e" not in sheet
    assert "\u200b" not in sheet


def test_our_pages_carry_no_inline_script_or_style() -> None:
    text = people.instrument("We will open a school.")
    people.commitment(text, "We will open a school", due_on=dt.date(2024, 1, 1))
    client = _signed_in(people.person("aigerim"))
    for address in ("/", f"/instruments/{text.instrument_id}/", "/login/"):
        answer = client.get(address, follow=True)
        page = _Tags(answer.content.decode())
        assert not [tag for tag, _ in page.tags if tag in {"script", "style"}], address
        assert not [attrs for _, attrs in page.tags if "style" in attrs or any(name.startswith("on") for name in attrs)]
        assert "'unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_pages_speak_each_language_without_gaps(language: str) -> None:
    text = people.instrument("1. We will open a school by 2024.")
    people.commitment(text, "We will open a school by 2024", due_on=dt.date(2024, 12, 31))
    client = _signed_in(people.person("aigerim", "administrator", language=language))
    words = {"en": "Pending obligations", "kk": "Бақылаудағы уағдаластықтар", "ru": "Договорённости на контроле"}
    page = client.get("/").content.decode()
    assert words[language] in page
    assert f'<html lang="{language}">' in page


def test_a_commitment_has_an_address_in_its_text() -> None:
    text = people.instrument("We will open a school.")
    made = people.commitment(text, "We will open a school")
    answer = _signed_in(people.person("aigerim")).get(f"/commitments/{made.pk}/")
    assert answer["Location"] == f"/instruments/{text.instrument_id}/?text={text.pk}#c-{made.pk}"


def test_pages_of_another_unit_are_not_there() -> None:
    text = people.instrument("We will open a school.", unit_code="europe")
    made = people.commitment(text, "We will open a school")
    theirs, ours = _signed_in(people.person("bolat", unit_code="europe")), _signed_in(people.person("aigerim"))
    for address in (f"/instruments/{text.instrument_id}/", f"/texts/{text.pk}/original/"):
        assert theirs.get(address).status_code == 200
        assert ours.get(address).status_code == 404
    assert theirs.get(f"/commitments/{made.pk}/").status_code == 302
    assert ours.get(f"/commitments/{made.pk}/").status_code == 404


def test_an_original_is_saved_and_never_shown() -> None:
    text = people.instrument("<html><script>alert(1)</script>We will open a school.</html>")
    answer = _signed_in(people.person("aigerim")).get(f"/texts/{text.pk}/original/")
    assert answer.content == text.body.encode()
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
