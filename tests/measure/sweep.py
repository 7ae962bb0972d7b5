"""How long a sweep takes: `bin/bench sweep [--commitments N]`. Prints the figures beside those of bare SQL.

A throw-away PostgreSQL is filled with N commitments (a million, unless told otherwise), half of them due for a flag.
Measured are the first sweep of everything, the same insert by hand, the same flags by the ORM's `bulk_create`, a sweep
with nothing to do, and a day's changes. Every insert runs under the same constraints and triggers, the history's too.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

DAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
ONE = dt.timedelta(days=1)


def fill(commitments: int) -> None:
    """So many commitments in a thousandth as many texts; with days and silences spread so that about half are due."""
    from tests.tracker.makers import make_text

    text = make_text()
    with _cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO tracker_commitment (text_id, counted, start, "end", title, force, due_on, due_text,
                due_precision, due_rule, due_why, recurrence, awaiting_date, why, inferred, parser_version, read_on,
                review, reviewed_by_id, reviewed_at, status, status_on, made_on, version)
            SELECT %(text)s, true, n, n + 1, 'Line ' || n, CASE n %% 4 WHEN 0 THEN 'request' ELSE 'commitment' END,
                CASE WHEN n %% 2 = 0 THEN %(on)s::date + (n / 2 %% 2920) - 1460 END, '',
                CASE WHEN n %% 2 = 0 THEN 'day' ELSE '' END, '', '',
                CASE WHEN n %% 20 = 1 THEN 'annual' ELSE '' END, false, '', false, '1', %(on)s::date - 1,
                'confirmed', %(user)s, %(now)s, CASE WHEN n %% 3 = 0 THEN 'fulfilled' ELSE 'not_started' END,
                CASE WHEN n %% 3 = 0 THEN %(on)s::date END, %(on)s::date - (n %% 730), 1
            FROM generate_series(1, %(number)s) AS n
            """,
            {"text": text.pk, "on": DAY, "now": NOW, "user": _user(), "number": commitments},
        )
        cursor.execute("VACUUM ANALYZE tracker_commitment")


def first(commitments: int) -> dict[str, float]:
    """The first sweep, and the same flags by hand and by the ORM, in seconds; each leaves no flag behind."""
    from django.db import transaction

    from tracker import followup
    from tracker.models import FollowUp, Sweep

    with acting_as("sweep"):
        swept = _timed(lambda: followup.sweep(DAY, NOW))
        rows = list(FollowUp.objects.values_list("commitment", "rule", "reason", "occasion"))
        with _cursor() as cursor:
            cursor.execute(
                "CREATE TABLE wanted AS SELECT commitment_id, rule_id, reason, occasion FROM tracker_followup"
            )
            _empty(cursor)
            by_hand = _timed(lambda: cursor.execute(_BY_HAND, {"on": DAY, "now": NOW}))
            _empty(cursor)

        def by_orm() -> None:
            with transaction.atomic():
                FollowUp.objects.bulk_create(
                    [
                        FollowUp(
                            commitment_id=commitment,
                            rule_id=rule,
                            reason=reason,
                            occasion=occasion,
                            raised_on=DAY,
                            raised_at=NOW,
                        )
                        for commitment, rule, reason, occasion in rows
                    ],
                    batch_size=2000,
                )

        orm = _timed(by_orm)
        with _cursor() as cursor:
            _empty(cursor)
            cursor.execute("DROP TABLE wanted")
        Sweep.objects.all().delete()
        again = _timed(lambda: followup.sweep(DAY, NOW))
        with _cursor() as cursor:
            cursor.execute("VACUUM ANALYZE tracker_followup")
    return {"flags": len(rows), "first": swept, "again, first": again, "by hand": by_hand, "orm": orm}


_BY_HAND = """
INSERT INTO tracker_followup (commitment_id, rule_id, reason, occasion, state, raised_on, raised_at, closed_because)
SELECT commitment_id, rule_id, reason, occasion, 'open', %(on)s, %(now)s, '' FROM wanted
"""


def later() -> dict[str, float]:
    """A sweep with nothing to do and one after a day's changes, in seconds; the best of five days."""
    from tracker import followup

    idle, days = [], []
    with acting_as("sweep"):
        for number in range(5):
            day, moment = DAY + number * ONE, NOW + number * ONE
            idle.append(min(_timed(lambda day=day: followup.sweep(day, NOW)) for _ in range(5)))  # type: ignore[misc]
            began = time.perf_counter()
            swept = followup.sweep(day + ONE, moment + ONE)
            days.append(time.perf_counter() - began)
            told = f"{sum(swept.raised.values())} raised, {sum(swept.cleared.values())} cleared"
            print(f"   day {number + 1}: {told}, {days[-1] * 1000:.1f} ms")
    return {"idle": min(idle), "a day": min(days)}


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _cursor():  # type: ignore[no-untyped-def]
    from django.db import connection

    return connection.cursor()


def acting_as(name: str):  # type: ignore[no-untyped-def]
    from tracker.history import acting

    return acting(name)


def _user() -> int:
    from tests.tracker.makers import make_user

    return int(make_user().pk)


def _empty(cursor) -> None:  # type: ignore[no-untyped-def]
    cursor.execute("TRUNCATE tracker_followup CASCADE")
    cursor.execute("VACUUM ANALYZE tracker_followup")


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(prog="bin/bench sweep", description=__doc__)
    parser.add_argument("--commitments", type=int, default=1_000_000)
    wanted = parser.parse_args().commitments
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(f"filled with {wanted:,} commitments in {_timed(lambda: fill(wanted)):.1f} s")
    figures = first(wanted)
    best = min(figures["first"], figures["again, first"])
    print(f"first sweep of everything: {figures['flags']:,} flags in {figures['first']:.2f} s (again: {best:.2f} s)")
    print(f"the same insert by hand:   {figures['by hand']:.2f} s, ratio {best / figures['by hand']:.2f}")
    print(f"the same by bulk_create:   {figures['orm']:.2f} s, ratio {figures['orm'] / best:.1f}")
    figures = later()
    print(f"nothing to do: {figures['idle'] * 1000:.2f} ms")
    print(f"a day's changes: {figures['a day'] * 1000:.1f} ms")


if __name__ == "__main__":
    main()
