"""The chain: entries are sealed in it, and what was done to them or to it afterwards is found.

The verification computes every hash here, in Python: functions of the database could be changed by whoever changes its
rows. It trusts nothing but the entries, the chain, and the anchors that are kept outside.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from django.db import connection, transaction

from tracker.history.installing import canonical

_PAGE = 5_000
_SEALED_AT_ONCE = 50_000
_CHAIN = f"""
    SELECT s.position, s.entry_id, s.hash, CASE WHEN e.id IS NOT NULL THEN {canonical()} END
    FROM audit.seal s LEFT JOIN audit.entry e ON e.id = s.entry_id
    WHERE s.position > %s ORDER BY s.position LIMIT {_PAGE}"""  # noqa: S608  (no outside words)
_LOOSE = """
    SELECT e.id FROM audit.entry e
    WHERE NOT EXISTS (SELECT FROM audit.seal s WHERE s.entry_id = e.id)
        AND NOT EXISTS (SELECT FROM audit.waiting w WHERE w.entry_id = e.id)
    ORDER BY e.id"""
_GONE = """
    SELECT w.entry_id FROM audit.waiting w
    WHERE NOT EXISTS (SELECT FROM audit.entry e WHERE e.id = w.entry_id)
        OR EXISTS (SELECT FROM audit.seal s WHERE s.entry_id = w.entry_id)
    ORDER BY w.entry_id"""


@dataclass(frozen=True, slots=True)
class Head:
    """The last place of the chain at a moment, and its hash (64 hexadecimal digits)."""

    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head that was written down outside the database."""

    at: dt.datetime
    head: Head

    def __str__(self) -> str:
        return f"{self.at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ} {self.head.position} {self.head.hash}"

    @classmethod
    def read(cls, line: str) -> Anchor:
        """The anchor that a line of an anchor file holds; raises ValueError."""
        at, position, digest = line.split()
        if len(bytes.fromhex(digest)) != 32:
            raise ValueError(f"{digest!r} is no SHA-256")
        return cls(dt.datetime.fromisoformat(at), Head(int(position), digest))


@dataclass(slots=True)
class Verified:
    """What a verification found: `faults` in words, nothing in them where all is as it was sealed."""

    head: Head = field(default_factory=lambda: Head(0, ""))
    waiting: int = 0
    faults: list[str] = field(default_factory=list)


def seal() -> int:
    """Put every entry that waits into the chain; how many. May run at any time, twice, or from several places."""
    sealed = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT audit.seal_waiting(%s)", [_SEALED_AT_ONCE])
            number = int(cursor.fetchone()[0])
        sealed += number
        if number < _SEALED_AT_ONCE:
            return sealed


def head() -> Head:
    """The head of the chain as it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT position, encode(hash, 'hex') FROM audit.seal ORDER BY position DESC LIMIT 1")
        return Head(*(cursor.fetchone() or (0, "")))


def verify(anchors: Iterable[Anchor] = ()) -> Verified:
    """Compute the chain anew from the entries, and hold it against what was sealed and against the anchors."""
    found = Verified()
    wanted = {anchor.head.position: anchor for anchor in anchors}
    for position, fault, digest in _links():
        found.faults.extend(fault)
        found.head = Head(position, digest)
        anchor = wanted.pop(position, None)
        if anchor and anchor.head.hash != digest:
            found.faults.append(f"place {position} is not what was anchored on {anchor.at:%Y-%m-%d %H:%M}")
    for position, anchor in sorted(wanted.items()):
        if position:
            found.faults.append(f"place {position}, anchored on {anchor.at:%Y-%m-%d %H:%M}, is cut off")
    found.faults += [
        f"entry {number} was put in behind the recording: it is not in the chain" for number in _ids(_LOOSE)
    ]
    found.faults += [f"entry {number}, which waited for its place, is gone or was moved" for number in _ids(_GONE)]
    found.waiting = len(_ids("SELECT entry_id FROM audit.waiting"))
    return found


def _links() -> Iterator[tuple[int, list[str], str]]:
    """Each place of the chain with what is wrong there and its hash; after a fault it goes on from the hash kept."""
    before = b""
    due = count(1)
    for position, entry, kept, words in _rows():
        faults = []
        if position != (expected := next(due)):
            faults.append(f"places {expected} to {position - 1} are missing from the chain")
            due = count(position + 1)
        if words is None:
            faults.append(f"place {position}: entry {entry} was deleted")
        elif hashlib.sha256(before + words.encode()).digest() != bytes(kept):
            faults.append(f"place {position}: entry {entry} or the chain before it was changed")
        before = bytes(kept)
        yield position, faults, before.hex()


def _rows() -> Iterator[tuple[int, int, bytes, str | None]]:
    last = -(2**62)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_CHAIN, [last])
            page = cursor.fetchall()
        yield from page
        if len(page) < _PAGE:
            return
        last = page[-1][0]


def _ids(query: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [row[0] for row in cursor.fetchall()]
