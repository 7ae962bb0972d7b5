"""What each kind of job does, portion by portion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from tracker.jobs.kinds.exporting import Exporting
from tracker.jobs.kinds.importing import Importing
from tracker.jobs.kinds.portions import NotNowError, Portions
from tracker.jobs.kinds.rereading import Rereading
from tracker.jobs.kinds.sweeping import Sweeping
from tracker.jobs.kinds.trying import Trying
from tracker.models import Job
from tracker.models.vocabulary import JobKind


def _importing(job: Job, now: Callable[[], dt.datetime]) -> Portions:
    """An import, or its trial."""
    return Trying(job, now) if job.wanted.get("trial") else Importing(job, now)


KINDS: dict[str, Callable[[Job, Callable[[], dt.datetime]], Portions]] = {
    JobKind.SWEEP: Sweeping,
    JobKind.REREADING: Rereading,
    JobKind.IMPORT: _importing,
    JobKind.EXPORT: Exporting,
}

__all__ = ["KINDS", "NotNowError", "Portions"]
