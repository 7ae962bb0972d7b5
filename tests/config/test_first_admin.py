"""The first administrator gets a generated password, once."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def said() -> str:
    out = StringIO()
    call_command("first_admin", stdout=out)
    return out.getvalue()


def test_the_password_shown_is_the_one_that_works() -> None:
    match = re.search(r"admin, password (\S+)", said())
    assert match is not None
    assert get_user_model().objects.get(username="admin").check_password(match[1])


def test_the_password_is_shown_only_once() -> None:
    said()
    again = said()
    assert "shown only now" not in again
    assert "changepassword admin" in again


def test_somebody_who_can_administer_is_enough() -> None:
    get_user_model().objects.create_superuser("aigerim", password="correct horse battery")
    assert "changepassword aigerim" in said()
    assert not get_user_model().objects.filter(username="admin").exists()


def test_two_installations_have_two_passwords() -> None:
    first = said()
    get_user_model().objects.all().delete()
    assert said() != first
