"""What the lists cost at 100,000 commitments: `bin/bench lists [--commitments N]`, on throw-away servers.

For each page of each list, as an administrator and as a desk officer: the queries of the request; the milliseconds of
its statements, replayed in turn with those that one would write by hand for the same rows; how many times as long they
take; and the whole request. The shortest of some runs counts. Looking up who asks (session, user, token) is counted
among the queries and, being the same by hand, not among the milliseconds.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import django

RUNS = 7
_LIMIT = 1.5
_NOISE = 3.0
"""Milliseconds: of a list of a dozen rows, the ratio says nothing but how busy the machine is."""
_NOT_THE_PAGES = ("SAVEPOINT", 'UPDATE "django_session"')
_WHO_ASKS = (
    *_NOT_THE_PAGES,
    "django_session",
    'FROM "knox_authtoken" INNER JOIN',
    'FROM "knox_authtoken" WHERE "knox_authtoken"."user_id" =',
    'WHERE "auth_user"."id" =',
    'WHERE "tracker_person"."user_id" =',
)


class Ear:
    """Hears every statement of a connection, as Django's `execute_wrapper`."""

    def __init__(self) -> None:
        self.heard: list[tuple[Any, Any]] = []

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.heard.append((sql, params))
        return execute(sql, params, many, context)

    def queries(self) -> int:
        """How many statements there were; the session is written anew whatever the page, and is left out."""
        return sum(1 for sql, _params in self.heard if not any(sign in str(sql) for sign in _NOT_THE_PAGES))

    def statements(self) -> list[tuple[Any, Any]]:
        """Those of the page itself, without the look-up of who asks."""
        return [(sql, params) for sql, params in self.heard if not any(sign in str(sql) for sign in _WHO_ASKS)]


def replayed(statements: list[tuple[Any, Any]]) -> float:
    """The milliseconds that the statements take, one after another, with the way to PostgreSQL and back."""
    from django.db import connection

    with connection.cursor() as cursor:
        began = time.perf_counter()
        for sql, params in statements:
            cursor.execute(sql, params)
            cursor.fetchall()
        return (time.perf_counter() - began) * 1000


def by_hand(page: Any) -> tuple[int, list[tuple[str, Any]]]:
    """How many rows the page's list has, and the page's statements with the ids of its rows filled in."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(page.count)
        total = int(cursor.fetchone()[0])
        cursor.execute(page.rows)
        ids = [row[0] for row in cursor.fetchall()]
    return total, [(page.count, None), (page.rows, None), *((each, {"ids": ids}) for each in page.beside)]


def measured(page: Any, ask: Callable[[str], Any]) -> tuple[int, float, float, float]:
    """Queries, milliseconds of the page's SQL, of the same by hand, and of the whole request."""
    from django.db import connection

    whole = []
    for _run in range(3):
        ear = Ear()
        with connection.execute_wrapper(ear):
            began = time.perf_counter()
            answer = ask(page.address)
            whole.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{page.address} answered {answer.status_code}")
    _total, hand = by_hand(page)
    runs = [(replayed(ear.statements()), replayed(hand)) for _run in range(RUNS)]
    return ear.queries(), min(run[0] for run in runs), min(run[1] for run in runs), min(whole)


def show(page: Any, name: str, ask: Callable[[str], Any], most: int = 9) -> bool:
    """Measure a page and print its line; whether it holds."""
    queries, theirs, plain, whole = measured(page, ask)
    ratio = theirs / plain
    holds = queries <= most and (ratio <= _LIMIT or theirs - plain < _NOISE)
    mark = "" if holds else "  <-- over"
    print(f"{name:<52}{queries:>4}{theirs:>9.1f}{plain:>9.1f}{ratio:>7.2f}{whole:>9.0f}{mark}", flush=True)
    return holds


def show_list(listing: Any, who: str, unit: int | None, ask: Callable[[str], Any]) -> bool:
    """Every page of a list; whether all hold."""
    from tests.measure.pages import pages

    total, _statements = by_hand(next(iter(pages(listing, total=1, unit=unit))))
    shown = (show(page, f"{listing.name}, {page.name} ({who})", ask) for page in pages(listing, total=total, unit=unit))
    return all(list(shown))


def _callers() -> dict[str, tuple[int | None, Callable[[str], Any], Callable[[str], Any]]]:
    """An administrator and a desk officer: the unit that limits what they see, and how they ask the admin and API."""
    from django.contrib.auth.models import User
    from django.test import Client
    from knox.models import AuthToken

    found = {}
    admin = User.objects.get_or_create(username="admin", defaults={"is_staff": True, "is_superuser": True})[0]
    officer = User.objects.get(username="officer7")
    for who, user, unit in (("admin", admin, None), ("officer", officer, officer.person.unit_id)):
        client = Client()
        client.force_login(user)
        token = AuthToken.objects.create(user)[1]
        api = Client(headers={"authorization": f"Token {token}"})
        found[who] = (unit, client.get, api.get)
    return found


def main() -> int:
    """Fill the servers' database, measure and print; 1 if a list is over."""
    words = argparse.ArgumentParser(prog="bin/bench lists", description=__doc__)
    words.add_argument("--commitments", type=int, default=100_000)
    words.add_argument("--only", default="", help="lists whose name holds this")
    words.add_argument("--filled", action="store_true", help="the database of DATABASE_URL is filled already")
    given = words.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("API_RATE", "100000/minute")
    os.environ.setdefault("ALLOWED_HOSTS", "testserver")
    django.setup()
    from django.core.management import call_command

    from tests.measure.filling import fill
    from tests.measure.pages import ADMIN, API, DASHBOARD

    if not given.filled:
        call_command("migrate", verbosity=0)
        fill(given.commitments)
    print(f"{'page':<52}{'asks':>4}{'SQL ms':>9}{'by hand':>9}{'times':>7}{'request':>9}")
    good = True
    for who, (unit, admin, api) in _callers().items():
        chosen = [(one, admin) for one in ADMIN] + [(one, api) for one in API]
        for listing, ask in chosen:
            if given.only in listing.name and (unit is None or listing.known_source):
                good &= show_list(listing, who, unit, ask)
        if unit is None and given.only in DASHBOARD.name:
            good &= show(DASHBOARD, DASHBOARD.name, admin, most=26)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
