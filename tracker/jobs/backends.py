"""Which backend of PostgreSQL is at which job: it bears the job's name while it is, which operators see too."""

from __future__ import annotations

from contextlib import suppress

from django.db import DatabaseError, connection

from tracker.models import Job

_AT_WORK = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = %s AND application_name = %s)"
_INTERRUPT = """
SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = %s AND application_name = %s AND state = 'active'"""


def take_name(job: Job) -> int:
    """Let this connection's backend bear the job's name until `drop_name`; its process id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), set_config('application_name', %s, false)", [_name(job)])
        return int(cursor.fetchone()[0])


def drop_name() -> None:
    """Take the name off again. A connection that is lost bears none."""
    with suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute("RESET application_name")


def at_work(job: Job) -> bool:
    """Whether the backend that began the job is still there and still at it."""
    with connection.cursor() as cursor:
        cursor.execute(_AT_WORK, [job.backend, _name(job)])
        return bool(cursor.fetchone()[0])


def interrupt(job: Job) -> bool:
    """Stop the statement that the job's backend is at, if it is still that job's: in one look, so that no other work
    of the same process is hit. Whether one was stopped."""
    with connection.cursor() as cursor:
        cursor.execute(_INTERRUPT, [job.backend, _name(job)])
        return bool(cursor.fetchone())


def _name(job: Job) -> str:
    return f"pacta job {job.pk}"
