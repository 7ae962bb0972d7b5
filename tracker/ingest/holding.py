"""Who reads a document holds a lock of its session: PostgreSQL lets it go when the reader dies, however it dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connection

_READING = 7_301_003
"""The first of a lock's two numbers; PostgreSQL keeps such locks apart from those of `models.locks`, which have one."""


@contextmanager
def held(upload_id: int) -> Iterator[bool]:
    """Hold the lock of an upload while the block runs; False where somebody else does, who is alive then.

    It belongs to the connection and not to a transaction. With the connection (PostgreSQL killed, the network gone) it
    is lost, and another reader may begin beside this one: only one of the two may store (`intake`).
    """
    key = [_READING, upload_id % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with suppress(Error), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)
