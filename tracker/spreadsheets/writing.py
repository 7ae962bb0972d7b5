"""Commitments out, as CSV or XLSX: both as streams, in memory that does not grow with the number of rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from tracker.models import Commitment
from tracker.models.commitment_lists import CommitmentQuerySet
from tracker.spreadsheets.book import Table, written
from tracker.spreadsheets.cells import guarded, in_words
from tracker.spreadsheets.columns import COLUMNS, Column, rows

CHUNK = 1_000
"""Rows that are in memory at a time."""

_WIDE = {"words": 60, "title": 40, "instrument": 40, "due_why": 30, "notes": 30}


def as_csv(known: CommitmentQuerySet) -> Iterator[bytes]:
    """The commitments as CSV (RFC 4180, UTF-8 with a byte order mark, so that Excel reads Kazakh letters), in pieces
    of a chunk. Who may see which, the caller has said in `known`."""
    lines = _Lines()
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL)
    writer.writerow([column.name for column in COLUMNS])
    yield b"\xef\xbb\xbf" + lines.taken()
    for number, commitment in enumerate(_each(known), 1):
        writer.writerow([guarded(in_words(column.shown(commitment))) for column in COLUMNS])
        if not number % CHUNK:
            yield lines.taken()
    yield lines.taken()


def as_xlsx(known: CommitmentQuerySet, keys: Sequence[int] | None = None) -> Iterator[bytes]:
    """The commitments as XLSX, in pieces: days are days, and every text is typed as text. A second sheet tells in the
    language of the screen what each column holds and which of them an import may change.

    `keys` names them in their order where that was asked for earlier; of those, the ones that are still in `known`.
    """
    names = [column.name for column in COLUMNS]
    widths = [_WIDE.get(name, 14) for name in names]
    values = ([column.shown(commitment) for column in COLUMNS] for commitment in _each(known, keys))
    told = [_told(column) for column in COLUMNS]
    heading = (_("Column"), _("What it holds"), _("Import"))
    return written(
        [
            Table("commitments", widths, names, values, frozen="C2"),
            Table("columns", (20, 70, 20), heading, told),
        ]
    )


def _each(known: CommitmentQuerySet, keys: Sequence[int] | None = None) -> Iterator[Commitment]:
    """The commitments in their order, read a chunk at a time.

    First all their keys, which are small: so the first row is there at once, no cursor is held open as long as somebody
    downloads, and what each row shows is read for a chunk and not sorted along.
    """
    ready = rows(Commitment.objects.all() if keys is None else known)
    keys = list(known.values_list("pk", flat=True)) if keys is None else keys
    for first in range(0, len(keys), CHUNK):
        chunk = keys[first : first + CHUNK]
        found = {commitment.pk: commitment for commitment in ready.filter(pk__in=chunk)}
        yield from (found[key] for key in chunk if key in found)


class _Lines:
    """What the CSV writer has written since it was last taken."""

    def __init__(self) -> None:
        self._held: list[str] = []

    def write(self, line: str) -> None:
        self._held.append(line)

    def taken(self) -> bytes:
        held, self._held = self._held, []
        return "".join(held).encode("utf-8", "surrogatepass")


def _told(column: Column) -> tuple[str, str, str]:
    return column.name, str(column.told), _("may change it") if column.writable else _("leaves it alone")
