"""Every page says what the browser may do; signed-in pages are not stored; sessions end."""

from __future__ import annotations

import time

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory

from config.headers import BEGAN, client_address

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("alice", password="correct horse battery"))
    return client


def test_a_page_of_ours_runs_no_inline_script(client: Client) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_admin_may_evaluate_but_runs_no_inline_script(client: Client) -> None:
    policy = client.get("/admin/login/").headers["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval';" in policy
    assert "frame-ancestors 'none'" in policy


def test_signed_in_pages_are_not_stored(admin: Client) -> None:
    assert "no-store" in admin.get("/admin/").headers["Cache-Control"]


def test_a_session_ends_twelve_hours_after_it_began(admin: Client) -> None:
    assert admin.get("/admin/").status_code == 200
    session = admin.session
    session[BEGAN] = int(time.time()) - 12 * 3600 - 1
    session.save()
    assert admin.get("/admin/").status_code == 302


def test_a_session_that_is_used_goes_on(admin: Client) -> None:
    session = admin.session
    session[BEGAN] = int(time.time()) - 11 * 3600
    session.save()
    assert admin.get("/admin/").status_code == 200


def test_five_wrong_passwords_lock_the_door_for_that_address_only(client: Client) -> None:
    get_user_model().objects.create_superuser("alice", password="correct horse battery")
    wrong, right = ({"username": "alice", "password": p} for p in ("wrong", "correct horse battery"))
    for _ in range(5):
        client.post("/admin/login/", wrong)
    assert client.post("/admin/login/", right).status_code == 429
    assert client.post("/admin/login/", right, REMOTE_ADDR="10.0.0.7").status_code == 302


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "10.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7"), (3, "10.0.0.1")]
)
def test_an_address_is_believed_only_from_our_own_proxies(settings: object, proxies: int, address: str) -> None:
    settings.PROXIES = proxies  # type: ignore[attr-defined]
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
    )
    assert client_address(request) == address
