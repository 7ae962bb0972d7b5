"""Staff against the sweep: `bin/drill races`. Commitments are fulfilled while sweeps raise flags for the same ones.

Where a promise was kept, no flag may be left that was written after it, with no further sweep to tidy up. The control
runs without the row locks and must leave some. Both wait a moment between finding and flagging: there the race is.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import threading
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

TOGETHER = 50
STAFF = 25
PAUSE = 0.2
"""Seconds between finding and flagging: so long that many of the staff write in them."""


def run(races: int) -> tuple[int, int]:
    """How many promises were kept while sweeps ran, and how many of them were left with an open flag."""
    from django.utils import timezone

    from tests.tracker.makers import make_commitment, make_user
    from tracker.models import FollowUp
    from tracker.models.days import ministry_day

    by, today = make_user(), ministry_day(timezone.now())
    yesterday, raced, wrong = today - dt.timedelta(days=1), 0, 0
    while raced < races:
        pks = [make_commitment(due_on=yesterday, read_on=today, made_on=today).pk for _ in range(TOGETHER)]
        _race(pks, by, today)
        raced += len(pks)
        wrong += FollowUp.objects.open().filter(commitment__in=pks).count()
    return raced, wrong


def _race(pks: list[int], by: object, today: dt.date) -> None:
    """Fulfil these from several threads, while two others sweep until all are."""
    from tracker import followup

    start, done = threading.Barrier(STAFF + 2), threading.Event()

    def staff(mine: list[int]) -> None:
        start.wait()
        for pk in mine:
            _fulfil(pk, by, today)

    def sweeps() -> None:
        start.wait()
        while not done.is_set():
            followup.sweep(today, dt.datetime.now(dt.UTC))

    workers = [threading.Thread(target=_closing, args=(staff, pks[number::STAFF])) for number in range(STAFF)]
    sweepers = [threading.Thread(target=_closing, args=(sweeps,)) for _ in range(2)]
    for thread in (*workers, *sweepers):
        thread.start()
    for thread in workers:
        thread.join()
    done.set()
    for thread in sweepers:
        thread.join()


def _fulfil(pk: int, by: object, today: dt.date) -> None:
    from tracker import progress

    progress.record_status(
        pk, to="fulfilled", on=today, note="Kept.", evidence="https://example.org/", by=by, version=1,  # type: ignore[arg-type]
        now=dt.datetime.now(dt.UTC),
    )  # fmt: skip


def _closing(work, *arguments) -> None:  # type: ignore[no-untyped-def]
    from django.db import connection

    try:
        work(*arguments)
    finally:
        connection.close()


def main() -> None:
    """The races, and their control."""
    parser = argparse.ArgumentParser(prog="bin/drill races", description=__doc__)
    parser.add_argument("--races", type=int, default=10_000)
    wanted = parser.parse_args().races
    import django

    django.setup()
    from django.core.management import call_command

    from tracker import standing

    call_command("migrate", verbosity=0)
    standing._RAISE = standing._RAISE.replace("'' FROM held", f"'' FROM held, (SELECT pg_sleep({PAUSE})) AS pause")
    began = time.monotonic()
    raced, wrong = run(wanted)
    print(f"{raced} promises kept while sweeps ran: {wrong} wrong flags ({time.monotonic() - began:.0f} s)")
    standing._RAISE = standing._RAISE.replace("FOR SHARE OF c SKIP LOCKED", "")
    raced, control = run(wanted // 10)
    print(f"control, without the row locks: {control} wrong flags of {raced}")
    raise SystemExit(0 if not wrong and control else 1)


if __name__ == "__main__":
    main()
