"""What a worker asks of every kind of job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from tracker.models import Job


class NotNowError(Exception):
    """Somebody else is at the same thing: the job waits for the next ring."""


class Portions:
    """One job's work, cut into portions. A kind fills in what is done; it writes to `job` in memory, and the worker
    saves `done`, `total` and `report` in the transaction of the portion.

    `resumes` says that a portion that is done stays done, so that another worker goes on behind it; a job that does
    not is begun from the start.
    """

    resumes = True

    def __init__(self, job: Job, now: Callable[[], dt.datetime]) -> None:
        self.job, self.now = job, now

    def begin(self) -> None:
        """The first time: `total` if it is known, and what `report` begins with (never empty)."""
        raise NotImplementedError

    def more(self) -> bool:
        """Whether there is another portion."""
        return self.job.total is None or self.job.done < self.job.total

    def prepare(self) -> None:
        """What is long about the next portion and changes nothing, outside of its transaction."""

    def portion(self) -> None:
        """Do the next portion, inside its transaction, and raise `done`. May raise RefusedError: the job fails."""
        raise NotImplementedError

    def finish(self) -> None:
        """After the last portion: the file, where there is one."""
