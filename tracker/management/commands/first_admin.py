"""`manage.py first_admin`: an administrator for a new installation, with a password that is shown once."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

NAME = "admin"
# Neither 0 and O nor 1, l and I: the password is read from a screen and typed.
ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 20


class Command(BaseCommand):
    """Creates `admin` unless somebody can already administer; run again, it says how to set a new password."""

    help = "Create the first administrator and show the password once; says how to reset it if there is one."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print the name with the new password, or the way to a new one."""
        password = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        name = create(password)
        if name is None:
            self.stdout.write(f"  {'Login':<10} {NAME}, password {password}   (shown only now: keep it)")
        else:
            self.stdout.write(
                f"  {'Login':<10} {name} (new password: .venv/bin/python manage.py changepassword {name})"
            )


def create(password: str) -> str | None:
    """Create the administrator; None if done, else the name of the one who is there."""
    users = get_user_model().objects
    present = (
        users.filter(is_superuser=True, is_active=True).order_by("pk").first() or users.filter(username=NAME).first()
    )
    if present is not None:
        return str(present.get_username())
    users.create_superuser(username=NAME, email="", password=password)
    return None
