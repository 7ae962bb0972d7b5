"""What the tests in a real browser share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from tests.browser.chromium import Chromium, found
from tests.tracker import people

BROWSER = found()


@pytest.fixture
def page(live_server: Any, settings: Any) -> Iterator[Chromium]:
    """A browser in which a desk officer is signed in."""
    settings.SECURE_SSL_REDIRECT = False
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "session", "csrf"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    assert BROWSER
    with Chromium(BROWSER) as browser:
        browser.size(1360, 900)
        browser.cookie(live_server.url, "session", _session(people.person("aigerim")))
        yield browser
        assert [told for told in browser.complaints if "favicon" not in told] == []


def _session(user: Any) -> str:
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[-1]
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)
