"""Locks that PostgreSQL holds until the end of the transaction; each has its number here, and only here."""

from __future__ import annotations

from enum import IntEnum

from django.db import connection


class Lock(IntEnum):
    """What is done by one transaction at a time."""

    SWEEP = 7_301_001
    INGEST = 7_301_002


def take(lock: Lock) -> None:
    """Wait for the lock and hold it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def try_take(lock: Lock) -> bool:
    """Hold the lock until the transaction ends, or answer False at once where somebody else holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock])
        return bool(cursor.fetchone()[0])
