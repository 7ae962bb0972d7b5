"""What each kind of job does, portion by portion."""

from __future__ import annotations

from tracker.jobs.kinds.exporting import Exporting
from tracker.jobs.kinds.importing import Importing
from tracker.jobs.kinds.portions import NotNowError, Portions
from tracker.jobs.kinds.rereading import Rereading
from tracker.jobs.kinds.sweeping import Sweeping
from tracker.models.vocabulary import JobKind

KINDS: dict[str, type[Portions]] = {
    JobKind.SWEEP: Sweeping,
    JobKind.REREADING: Rereading,
    JobKind.IMPORT: Importing,
    JobKind.EXPORT: Exporting,
}

__all__ = ["KINDS", "NotNowError", "Portions"]
