"""What an export costs at 100,000 commitments: `bin/bench exports [--commitments N]`, on throw-away servers.

For CSV and XLSX, each in a process of its own: seconds until the first rows, seconds in all, processor seconds of
Python, queries, megabytes of the file, and the peak memory of the process in megabytes (Django alone takes about 100).
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time

import django


def measure(kind: str) -> None:
    """Write the file, throw it away, print the line."""
    from django.db import connection

    from tests.measure.lists import Ear
    from tracker import spreadsheets
    from tracker.models import Commitment

    known = Commitment.objects.filter(counted=True).order_by("due_on", "pk")
    write = {"csv": spreadsheets.as_csv, "xlsx": spreadsheets.as_xlsx}[kind]
    ear, size, pieces, first = Ear(), 0, 0, 0.0
    began, used = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(ear):
        for piece in write(known):
            size += len(piece)
            pieces += 1
            if pieces == 2:  # the first is the heading
                first = time.perf_counter() - began
    took, processor = time.perf_counter() - began, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{kind:<5} first rows {first:.1f} s  all {took:.0f} s  Python {processor:.0f} s  "
        f"{len(ear.heard)} queries  {size / 1e6:.0f} MB  peak memory {peak:.0f} MB",
        flush=True,
    )


def main() -> int:
    """Fill the servers' database, then measure each kind."""
    words = argparse.ArgumentParser(prog="bin/bench exports", description=__doc__)
    words.add_argument("--commitments", type=int, default=100_000)
    words.add_argument("--filled", action="store_true", help="the database of DATABASE_URL is filled already")
    words.add_argument("--kind", choices=("csv", "xlsx"), help=argparse.SUPPRESS)
    given = words.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if given.kind:
        measure(given.kind)
        return 0
    if not given.filled:
        from django.core.management import call_command

        from tests.measure.filling import fill

        call_command("migrate", verbosity=0)
        fill(given.commitments)
    for kind in ("csv", "xlsx"):
        subprocess.run([sys.executable, "-m", "tests.measure.exports", "--kind", kind], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
