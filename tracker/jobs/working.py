"""One worker at one job: it claims the job, does portion after portion, and says how it ended.

Whoever is killed leaves a job that another begins again after `LEASE`, behind the last portion that is done. What
breaks down `ATTEMPTS` workers in a row is failed and says so. A worker that was only slow finds that the job is not its
own any more before anything of its portion is kept.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import BinaryField, F, Func, Value
from django.utils import translation
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from tracker.history import acting
from tracker.jobs import backends
from tracker.jobs.kinds import KINDS, NotNowError
from tracker.models import Job
from tracker.models.edits import RefusedError
from tracker.models.jobs import ATTEMPTS, KEPT, LEASE
from tracker.models.vocabulary import JobKind, JobState

SECONDS = 200.0
"""So long a worker stays with a job that can go on later; then others have their turn."""

SLICE = 4_000_000
"""Bytes of a file that one statement carries."""

_AT_ONCE = 20
_log = logging.getLogger(__name__)


class _NotOursError(Exception):
    """Another worker has taken the job over."""


def to_do(now: dt.datetime) -> list[int]:
    """The ids of jobs to be worked on, the oldest first: what a lost message would have announced."""
    return list(Job.objects.to_do(now).values_list("pk", flat=True)[:_AT_ONCE])


def forget(now: dt.datetime) -> int:
    """Forget the files and the chosen rows of jobs that ended long ago; of how many. What came of them stays."""
    ended = Job.objects.filter(ended_at__lt=now - KEPT).exclude(wanted={}, file__isnull=True)
    return ended.update(wanted={}, file=None)


def work(job_id: int, now: dt.datetime, *, seconds: float = SECONDS) -> bool:
    """Work on a job, if nobody else does; whether something is left for the next ring."""
    worker = _Worker(job_id, now, seconds)
    if not worker.claim():
        return False
    try:
        return worker.run()
    finally:
        backends.drop_name()


class _Worker:
    """A worker at one job. The job's last sign of life is the worker's ticket: another worker writes another one."""

    def __init__(self, job_id: int, now: dt.datetime, seconds: float) -> None:
        self._job_id, self._began, self._zero, self._seconds = job_id, now, time.monotonic(), seconds

    def now(self) -> dt.datetime:
        """The moment, by the caller's clock."""
        return self._began + dt.timedelta(seconds=time.monotonic() - self._zero)

    @transaction.atomic
    def claim(self) -> bool:
        """Take the job, unless it has ended, is in other hands, or only its ending is to be put down."""
        free = (
            Job.objects.moving()
            .select_related("asked_by")
            .defer("file")
            .select_for_update(skip_locked=True, of=("self",))
        )
        job = free.filter(pk=self._job_id).first()
        if job is None or not _is_free(job, self.now()):
            return False
        self.job, self._ticket = job, job.alive_at
        if job.cancel_asked_at:
            self._end(JobState.CANCELLED)
        elif job.attempts >= ATTEMPTS:
            with translation.override(_language(job)):
                told = _("It broke off %(n)s times.") % {"n": ATTEMPTS}
            self._end(JobState.FAILED, f"{told} {job.error}".strip())
        else:
            job.started_at = job.started_at or self.now()
            job.attempts += 1
            self._write(state=JobState.RUNNING, started_at=job.started_at, backend=backends.take_name(job))
        return job.is_moving

    def run(self) -> bool:
        """Do what there is time for; whether something is left."""
        # Flags are the sweep's, whoever asked for it.
        actor = JobKind.SWEEP.value if self.job.kind == JobKind.SWEEP else self.job.asked_by or self.job.kind
        with acting(actor, request_id=f"job {self.job.pk}"), translation.override(_language(self.job)):
            try:
                return self._attempt()
            except _NotOursError:
                _log.warning("job_taken_over", extra={"job": self.job.pk})
                return False

    def _attempt(self) -> bool:
        try:
            return self._portions()
        except _NotOursError:
            raise
        except RefusedError as error:
            self._end(JobState.FAILED, str(error))
        except NotNowError:
            self._let_go()
        except (OperationalError, InterfaceError) as error:
            self._broken(error)
        except Exception as error:  # noqa: BLE001  (whatever it is, the job tells it)
            _log.exception("job_failed", extra={"job": self.job.pk})
            self._end(JobState.FAILED, _one_line(error))
        return False

    def _portions(self) -> bool:
        portions = KINDS[self.job.kind](self.job, self.now)
        if not self.job.report or not portions.resumes:
            self.job.done = 0
            portions.begin()
        self._note()
        while not self._asked_to_stop() and portions.more():
            if portions.resumes and time.monotonic() - self._zero > self._seconds:
                self._let_go(attempts=0)
                return True
            portions.prepare()
            with transaction.atomic():
                portions.portion()
                self._note()
        if portions.more():
            self._end(JobState.CANCELLED)
        else:
            portions.finish()
            with transaction.atomic():
                self._keep_file()
                self._end(JobState.DONE)
        return False

    def _asked_to_stop(self) -> bool:
        return Job.objects.filter(pk=self.job.pk, cancel_asked_at__isnull=False).exists()

    def _note(self) -> None:
        """Note how far it is; in the transaction of a portion, so that either both are kept or neither."""
        self._write(done=self.job.done, total=self.job.total, report=self.job.report)

    def _let_go(self, attempts: int | None = None, error: str = "") -> None:
        """Leave it to the next ring. Who got further than a worker's life counts as begun for the first time."""
        attempts = self.job.attempts if attempts is None else attempts
        self._write(state=JobState.WAITING, attempts=attempts, error=error, backend=None)

    def _broken(self, error: Exception) -> None:
        """A statement that PostgreSQL has stopped because somebody asked, or a database that is ill: the portion is
        undone, and the next ring tries again; where not even that can be written, after `LEASE`."""
        connection.close_if_unusable_or_obsolete()
        try:
            if isinstance(error.__cause__, QueryCanceled) and self._asked_to_stop():
                self._end(JobState.CANCELLED)
            else:
                self._let_go(error=_one_line(error))
        except (OperationalError, InterfaceError, _NotOursError):
            _log.warning("job_broken_off", extra={"job": self.job.pk}, exc_info=True)

    def _keep_file(self) -> None:
        """Keep the file that was made, slice by slice: a statement takes many times the memory of what it carries."""
        made = self.job.file if self.job.file_name else b""
        for first in range(0, len(made or b""), SLICE):
            piece = Value((made or b"")[first : first + SLICE], output_field=BinaryField())
            whole = Func(F("file"), piece, template="%(expressions)s", arg_joiner=" || ", output_field=BinaryField())
            self._write(file=whole if first else piece, file_name=self.job.file_name)

    def _end(self, state: JobState, error: str = "") -> None:
        self._write(state=state, ended_at=self.now(), error=error, backend=None)

    def _write(self, **columns: Any) -> None:
        """Write to the job, with a sign of life, as long as it is ours. Raises _NotOursError."""
        columns.setdefault("attempts", self.job.attempts)
        now = self.now()
        mine = Job.objects.filter(pk=self.job.pk, alive_at=self._ticket) if self._ticket else _untaken(self.job)
        if not mine.update(**columns, alive_at=now):
            raise _NotOursError
        for name, value in columns.items():
            setattr(self.job, name, value)
        self._ticket = now


def _untaken(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, alive_at__isnull=True)


def _is_free(job: Job, now: dt.datetime) -> bool:
    """Whether nobody is at a (locked) job. A sweep shows no sign of life until it ends; its backend tells."""
    if job.state == JobState.WAITING:
        return True
    if job.kind == JobKind.SWEEP:
        return not backends.at_work(job)
    return job.alive_at is None or job.alive_at < now - LEASE


def _language(job: Job) -> str:
    return str(job.wanted.get("language") or "en")


def _one_line(error: Exception) -> str:
    """What went wrong, for whoever reads the report; the log has all of it."""
    lines = str(error).splitlines() or [""]
    return f"{type(error).__name__}: {lines[0][:300]}"
