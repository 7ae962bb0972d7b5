"""What the tests in a real browser share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from tests.browser.chromium import Chromium, found
from tests.browser.signing import cookie_of
from tests.tracker import people


@pytest.fixture
def officer() -> User:
    """A desk officer of the Asia unit."""
    return people.person("aigerim", first_name="Айгерім", last_name="Сәрсенова")


@pytest.fixture
def page(live_server: Any, settings: Any, officer: User) -> Iterator[Chromium]:
    """A browser in which the desk officer is signed in; afterwards, nothing may have been complained of."""
    settings.SECURE_SSL_REDIRECT = False
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "session", "csrf"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    path = found()
    if path is None:
        pytest.skip("skipped: there is no Chromium here")
    with Chromium(path) as browser:
        browser.size(1360, 900)
        browser.cookie(live_server.url, *cookie_of(officer))
        yield browser
        assert browser.complaints == []
