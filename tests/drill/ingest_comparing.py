"""What the drill of the intake expects of each document (a quiet parse of its bytes), and what the database holds."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from clauses import parse

_TEXTS = """
SELECT t.id, encode(sha256(s.content), 'hex'), t.body FROM tracker_text t JOIN tracker_textsource s ON s.text_id = t.id
    JOIN tracker_instrument i ON i.id = t.instrument_id WHERE t.leading AND t.current"""
_CLAUSES = """
SELECT c.text_id, c.position, c.label, c.path, c.role, c.start, c."end", p.position
FROM tracker_clause c LEFT JOIN tracker_clause p ON p.id = c.parent_id ORDER BY c.text_id, c.position"""
_COMMITMENTS = """
SELECT c.text_id, c.start, c."end", c.force, c.due_on, c.recurrence, p.position,
    (SELECT coalesce(array_agg(y.code ORDER BY o.position), '{}') FROM tracker_obligor o
     JOIN tracker_party y ON y.id = o.party_id WHERE o.commitment_id = c.id),
    (SELECT coalesce(array_agg(y.code ORDER BY a.position), '{}') FROM tracker_addressee a
     JOIN tracker_party y ON y.id = a.party_id WHERE a.commitment_id = c.id)
FROM tracker_commitment c LEFT JOIN tracker_clause p ON p.id = c.clause_id ORDER BY c.text_id, c.start, c."end\""""
_ORPHANS = """
SELECT (SELECT count(*) FROM tracker_instrument i WHERE NOT EXISTS
        (SELECT FROM tracker_text t WHERE t.instrument_id = i.id AND t.leading))
    + (SELECT count(*) FROM tracker_text t WHERE NOT EXISTS
        (SELECT FROM tracker_textsource s WHERE s.text_id = t.id AND encode(sha256(s.content), 'hex') = t.sha256))
    + (SELECT count(*) FROM tracker_clause c JOIN tracker_clause p ON p.id = c.parent_id WHERE p.text_id <> c.text_id)
    + (SELECT count(*) FROM tracker_upload u WHERE u.state = 'done'
        AND (u.text_id IS NULL OR u.content IS NOT NULL))"""
# The last: bytes that a text holds as well, or an upload that nothing came of.


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as it must be on record: its words, its clauses and its commitments, in their order."""

    body: str
    clauses: tuple[tuple[Any, ...], ...]
    commitments: tuple[tuple[Any, ...], ...]


def sha256_of(path: Path) -> str:
    """The name of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def expected(paths: Iterable[Path]) -> dict[str, Kept]:
    """What a quiet parse finds in each file, by the name of its bytes."""
    return {sha256_of(path): _quiet(path) for path in paths}


def on_record(session: psycopg.Connection[Any]) -> list[tuple[str, Kept]]:
    """Every text that leads an instrument, with all that is stored of it."""
    clauses, commitments = _by_text(session, _CLAUSES), _by_text(session, _COMMITMENTS)
    return [
        (sha256, Kept(body, tuple(clauses[pk]), tuple(commitments[pk])))
        for pk, sha256, body in session.execute(_TEXTS).fetchall()
    ]


def orphans(session: psycopg.Connection[Any]) -> int:
    """Rows and kept files that nothing belongs to, or whose file is missing or another."""
    row = session.execute(_ORPHANS).fetchone()
    return int(row[0]) if row else 0


def _quiet(path: Path) -> Kept:
    parsed = parse(path.read_bytes(), name=path.name)
    clauses = tuple(
        (place, each.label or "", each.path or "", str(each.role), each.start, each.end, each.parent)
        for place, each in enumerate(parsed.clauses)
    )
    once = {(each.start, each.end): each for each in reversed(parsed.commitments)}
    commitments = tuple(
        (
            *(start, end, str(each.force), each.due, str(each.recurrence or ""), each.clause),
            *(list(dict.fromkeys(each.obligors)), list(dict.fromkeys(each.addressees))),
        )
        for (start, end), each in sorted(once.items())
    )
    return Kept(parsed.text, clauses, commitments)


def _by_text(session: psycopg.Connection[Any], statement: str) -> dict[int, list[tuple[Any, ...]]]:
    rows: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for text, *columns in session.execute(statement).fetchall():
        rows[text].append(tuple(columns))
    return rows
