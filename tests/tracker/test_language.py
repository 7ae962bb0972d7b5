"""The language of the screens: chosen once, kept for the person, spoken on pages, in the admin and by the API."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from knox.models import AuthToken

from tests.tracker import people
from tracker.models import Person

pytestmark = pytest.mark.django_db

ADDRESSES = ("/", "/admin/", "/admin/tracker/commitment/")


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _language(client: Client, address: str, **headers: str) -> str:
    page = client.get(address, headers=headers)
    assert page.status_code == 200
    spoken = page.content.decode().partition('<html lang="')[2][:2]
    assert page["Content-Language"] == spoken
    return spoken


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_choice_is_spoken_on_every_page_and_at_the_next_sign_in(address: str, language: str) -> None:
    user = people.person("aigerim")
    client = _signed_in(user)
    assert _language(client, address) == "en"
    assert client.post(reverse("language"), {"language": language, "next": address})["Location"] == address
    assert _language(client, address) == language
    elsewhere = Client(headers={"Accept-Language": "en"})
    elsewhere.post("/login/", {"username": "aigerim", "password": people.PASSWORD})
    assert _language(elsewhere, address) == language


def test_signing_in_through_the_admin_speaks_the_persons_language_too() -> None:
    people.person("aigerim", language="kk")
    client = Client()
    client.post("/admin/login/", {"username": "aigerim", "password": people.PASSWORD, "next": "/admin/"})
    assert _language(client, "/admin/") == "kk"


def test_a_choice_made_in_one_browser_is_spoken_in_the_other() -> None:
    user = people.person("aigerim")
    one, other = _signed_in(user), _signed_in(user)
    other.cookies[settings.LANGUAGE_COOKIE_NAME] = "ru"
    one.post(reverse("language"), {"language": "kk"})
    assert _language(other, "/") == "kk"


def test_one_persons_choice_is_not_anothers() -> None:
    aigerim, dauren = (_signed_in(people.person(name)) for name in ("aigerim", "dauren"))
    aigerim.post(reverse("language"), {"language": "kk"})
    assert [_language(each, "/") for each in (aigerim, dauren, aigerim)] == ["kk", "en", "kk"]


def test_who_is_nobody_here_is_remembered_and_gets_no_right() -> None:
    user = User.objects.create_user("guest", is_staff=True)
    client = _signed_in(user)
    client.post(reverse("language"), {"language": "ru"})
    assert _language(_signed_in(user), "/") == "ru"
    assert (Person.objects.get(user=user).role, Person.objects.get(user=user).unit) == ("reader", None)


def test_a_stranger_is_spoken_to_as_the_browser_was_told() -> None:
    client = Client()
    client.post(reverse("language"), {"language": "kk", "next": "/login/"})
    assert _language(client, "/login/") == "kk"
    assert _language(Client(), "/login/", **{"Accept-Language": "ru"}) == "ru"
    assert not Person.objects.exists()


@pytest.mark.parametrize("language", ["de", "", "KK", "en-us", "../kk"])
def test_a_language_that_is_not_spoken_is_refused(language: str) -> None:
    user = people.person("aigerim", language="ru")
    client = _signed_in(user)
    answer = client.post(reverse("language"), {"language": language, "next": "/"})
    assert answer.status_code == 400
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies
    user.person.refresh_from_db()
    assert user.person.language == "ru"


def test_a_language_is_chosen_by_a_post_with_its_token() -> None:
    assert _signed_in(people.person("aigerim")).get(reverse("language")).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("language"), {"language": "kk"}).status_code == 403


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_the_api_tells_errors_in_the_language_of_the_tokens_owner(language: str) -> None:
    _, token = AuthToken.objects.create(people.person("aigerim", language=language))
    headers = {"Authorization": f"Token {token}"}
    with translation.override(language):
        missing, unknown = (
            gettext("There is no such record, or it is with another unit."),
            gettext("There is no such page."),
        )
    for address, status, words in (
        ("/api/v1/commitments/999/", 404, missing),
        ("/api/v1/commitments/?page=999", 404, unknown),
        ("/api/v1/commitments/?nonsense=1", 400, ""),
    ):
        answer = Client().get(address, headers=headers)
        assert (answer.status_code, answer["Content-Language"]) == (status, language)
        assert words in answer.json().get("detail", "")


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"Authorization": "Token x"}, 401), ({"Authorization": "Token a b c"}, 401)],
)
def test_a_caller_who_is_not_known_is_told_so_in_the_language_asked_for(headers: dict[str, str], status: int) -> None:
    answer = Client().get("/api/v1/commitments/", headers={**headers, "Accept-Language": "ru"})
    assert (answer.status_code, answer["Content-Language"]) == (status, "ru")
    assert set(answer.json()) == {"detail"}


def test_a_request_to_the_api_may_ask_for_another_language() -> None:
    _, token = AuthToken.objects.create(people.person("aigerim", language="kk"))
    headers = {"Authorization": f"Token {token}", "Accept-Language": "ru"}
    answer = Client().get("/api/v1/commitments/999/", headers=headers)
    assert answer["Content-Language"] == "ru"


def test_the_next_request_is_answered_in_its_own_language() -> None:
    _, token = AuthToken.objects.create(people.person("aigerim", language="kk"))
    Client().get("/api/v1/commitments/", headers={"Authorization": f"Token {token}"})
    assert _language(Client(), "/login/") == "en"
    assert Client().get("/api/v1/commitments/")["Content-Language"] == "en"


@pytest.mark.parametrize(("language", "wrong"), [("ru", "5 договорённости"), ("kk", "5 уағдаластықтар")])
def test_a_list_counts_its_records_in_the_form_of_the_language(language: str, wrong: str) -> None:
    text = people.instrument("".join(f"We will open line {n}. " for n in range(5)))
    for n in range(5):
        people.commitment(text, f"We will open line {n}")
    client = _signed_in(people.person("aigerim", language=language))
    page = " ".join(client.get("/admin/tracker/commitment/").content.decode().split())
    assert wrong not in page
    assert {"ru": "5 результатов", "kk": "5 нәтиже"}[language] in page
