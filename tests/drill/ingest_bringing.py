"""Brings files in as the product does, for the drill of the intake: `python -m tests.drill.ingest_bringing`.

A process of its own, for it works in the installation that the drill breaks. The first line of its input says how many
people to make and with what password, each other line names a file that the first of them brings in; each is answered
by a line. It goes on trying while PostgreSQL is away, so that a file may come twice.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def main() -> None:
    """Serve until the input ends."""
    import django

    import config.celery  # noqa: F401  (knows where to ring)

    django.setup()
    people = _people(**json.loads(sys.stdin.readline()))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        _bring(Path(line.rstrip("\n")), people[0])
        sys.stdout.write("kept\n")
        sys.stdout.flush()


def _people(number: int, password: str) -> list[User]:
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User

    from tracker.models import Person, Unit
    from tracker.models.vocabulary import PersonRole

    unit, hashed = Unit.objects.create(code="drill", name_en="Drill"), make_password(password)
    users = [User.objects.create(username=f"officer{each}", password=hashed, is_staff=True) for each in range(number)]
    for user in users:
        Person.objects.create(user=user, role=PersonRole.DESK_OFFICER, unit=unit)
    return users


def _bring(path: Path, by: User) -> None:
    from django.db import InterfaceError, OperationalError, connection
    from django.utils import timezone

    from tracker import intake, tasks

    while True:
        try:
            upload = intake.bring(path.read_bytes(), path.name, by=by, now=timezone.now())
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.05)
        else:
            tasks.ring([upload.pk] if upload.is_moving else [])
            return


if __name__ == "__main__":
    main()
