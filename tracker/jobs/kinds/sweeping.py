"""A sweep over everything: one transaction, so nothing of it is ever half done, and its progress is what it numbers.

`report`: `from`, the last number of a flag before it began; then `raised` and `cleared` by reason.
"""

from __future__ import annotations

from django.db import connection

from tracker import followup
from tracker.jobs.kinds.portions import NotNowError, Portions
from tracker.models import Job
from tracker.models.days import ministry_day


class Sweeping(Portions):
    """One portion, which may be long. Who stops it has PostgreSQL stop its statement (`asking.cancel`)."""

    resumes = False

    def begin(self) -> None:
        """How many flags there will be, nobody can know."""
        self.job.total, self.job.report = None, {"from": last_number()}
        self._over = False

    def more(self) -> bool:
        """Once."""
        return not self._over

    def portion(self) -> None:
        """Sweep. Raises NotNowError where another sweep is at work."""
        now = self.now()
        swept = followup.sweep(ministry_day(now), now, everything=True)
        if not swept.ran:
            raise NotNowError
        self.job.done = sum(swept.raised.values())
        self.job.report |= {"raised": swept.raised, "cleared": swept.cleared}
        self._over = True


def raised_so_far(job: Job) -> int:
    """How many flags a running sweep has written: numbers are given out at once, outside of any transaction."""
    return max(0, last_number() - int(job.report.get("from", 0)))


def last_number() -> int:
    """The number last given to a flag."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('tracker_followup', 'id')), 0)")
        return int(cursor.fetchone()[0])
