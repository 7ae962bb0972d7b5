"""What a file would change, row by row: tried by the steps themselves and rolled back, then carried out as tried.

A row is compared with the commitment as it stands. What differs in a writable column becomes part of an `Order`; what
differs in another is named and left alone. Each row stands or falls by itself, and is wholly taken or not at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from tracker.history import because
from tracker.models import Commitment
from tracker.models.edits import RefusedError, StaleError
from tracker.spreadsheets import comparing
from tracker.spreadsheets.columns import rows
from tracker.spreadsheets.reading import Row, Sheet
from tracker.spreadsheets.taking import Known, take

_CHUNK = 500
_MAY_WAIT = {"status", "status_note", "add_evidence", "extend_to"}


@dataclass(frozen=True, slots=True)
class Order:
    """What one row asks for: the words that each column is to have, against the version that the file was made from."""

    number: int
    commitment_id: int
    version: int
    wanted: dict[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """What comes, or came, of one row that is not simply as it was.

    `changes` are column, before, after; `left` names columns that differ and that no import changes; `refusal` says
    why nothing of the row is taken; `waits` that a second person must accept the step.
    """

    number: int
    commitment_id: int | None
    title: str
    changes: tuple[tuple[str, str, str], ...] = ()
    left: tuple[str, ...] = ()
    refusal: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a file: a line for each row that changes, is refused or differs where nothing may; how many are as
    they were; columns that are none of ours; and the orders of the rows that can be carried out."""

    lines: tuple[Line, ...]
    unchanged: int
    strange: tuple[str, ...]
    orders: tuple[Order, ...]

    @property
    def changed(self) -> int:
        """How many rows change, or did."""
        return sum(1 for line in self.lines if line.changes and not line.refusal)

    @property
    def refused(self) -> int:
        """How many rows are refused."""
        return sum(1 for line in self.lines if line.refusal)


def try_out(sheet: Sheet, *, by: User, now: dt.datetime, tried: Mapping[int, int] | None = None) -> Report:
    """What the file would change; nothing is kept. Rows about commitments that the user may not know of are refused
    as if there were none. `tried` are the rows that commitments already stand in, where a file is tried in parts."""
    known = Known(by, now)
    lines: list[Line] = []
    orders: list[Order] = []
    first = dict(tried or {})
    for row, current in _with_commitments(sheet.rows, by):
        line, order = _tried(row, current, known)
        if line and order and (earlier := first.setdefault(order.commitment_id, order.number)) != order.number:
            refusal = _("This commitment is in row %(row)s already.") % {"row": earlier}
            line, order = replace(line, refusal=refusal), None
        if order:
            orders.append(order)
        if line:
            lines.append(line)
    return Report(tuple(lines), len(sheet.rows) - len(lines), tuple(sheet.strange), tuple(orders))


def carry_out(orders: Sequence[Order], source: str, *, by: User, now: dt.datetime) -> Report:
    """Carry out what was tried, row by row; `source` is the name of the file, which the history keeps as the reason.
    A row that somebody changed since is refused as stale."""
    known = Known(by, now)
    lines: list[Line] = []
    for first in range(0, len(orders), _CHUNK):
        chunk = orders[first : first + _CHUNK]
        found = rows(Commitment.objects.for_user(by)).in_bulk([order.commitment_id for order in chunk])
        for order in chunk:
            with because(_("%(file)s, row %(row)s") % {"file": source, "row": order.number}):
                lines.append(_taken(order, found.get(order.commitment_id), known, keep=True))
    return Report(tuple(lines), 0, (), ())


def _with_commitments(found: Sequence[Row], by: User) -> Iterator[tuple[Row, Commitment | None]]:
    """Each row with its commitment, if the user may know of it."""
    for first in range(0, len(found), _CHUNK):
        chunk = found[first : first + _CHUNK]
        ids = [number for row in chunk if (number := _number(row.cells["id"]))]
        known = rows(Commitment.objects.for_user(by)).in_bulk(ids)
        for row in chunk:
            yield row, known.get(_number(row.cells["id"]))


def _tried(row: Row, current: Commitment | None, known: Known) -> tuple[Line | None, Order | None]:
    """The line of a row, and its order if that can be carried out; neither where the row is as it was."""
    line = Line(row.number, current.pk if current else None, current.title if current else "")
    try:
        if current is None:
            raise RefusedError(_("There is no such commitment."))
        asked = comparing.wanted(row, current)
    except RefusedError as error:
        return replace(line, refusal=str(error)), None
    left = comparing.left_alone(row, current)
    if not asked:
        return (replace(line, left=left) if left else None), None
    order = Order(row.number, current.pk, _number(row.cells["version"]), asked)
    line = replace(_taken(order, current, known, keep=False), left=left)
    return line, None if line.refusal else order


def _taken(order: Order, current: Commitment | None, known: Known, *, keep: bool) -> Line:
    """What comes of an order: all of it, or nothing and why."""
    if current is None:
        return Line(order.number, None, "", refusal=_("There is no such commitment."))
    told = tuple((name, comparing.words(name, current), after) for name, after in order.wanted.items())
    line = Line(order.number, current.pk, current.title, told)
    try:
        if order.version != current.version:
            raise StaleError(order.version, current)
        with transaction.atomic():
            take(current, order.wanted, known)
            waits = bool(_MAY_WAIT & set(order.wanted)) and current.submissions.pending().exists()
            transaction.set_rollback(not keep)
    except RefusedError as error:
        return replace(line, refusal=str(error))
    return replace(line, waits=waits)


def _number(cell: str) -> int:
    """The number in a cell; 0, which is nobody's, where there is none."""
    return int(cell) if cell.isascii() and cell.isdecimal() and len(cell) < 19 else 0
