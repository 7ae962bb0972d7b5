"""Commitments out: CSV as a stream, XLSX into a file; both in memory that does not grow with the number of rows."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.styles import Font  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

from tracker.models import Commitment
from tracker.models.commitment_lists import CommitmentQuerySet
from tracker.spreadsheets.cells import Value, escaped, guarded, in_words
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


def as_xlsx(known: CommitmentQuerySet, file: IO[bytes]) -> None:
    """Write the commitments as XLSX into a file: days are days, and every text is typed as text. A second sheet tells
    in the language of the screen what each column holds and which of them an import may change."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("commitments")
    sheet.freeze_panes = "C2"
    for place, column in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDE.get(column.name, 14)
    sheet.append([_heading(sheet, column.name) for column in COLUMNS])
    cells = _Cells(sheet)
    for commitment in _each(known):
        sheet.append([cells.of(column.shown(commitment)) for column in COLUMNS])
    _explain(book)
    book.save(file)


def _each(known: CommitmentQuerySet) -> Iterator[Commitment]:
    return rows(known).iterator(chunk_size=CHUNK)


class _Lines:
    """What the CSV writer has written since it was last taken."""

    def __init__(self) -> None:
        self._held: list[str] = []

    def write(self, line: str) -> None:
        self._held.append(line)

    def taken(self) -> bytes:
        held, self._held = self._held, []
        return "".join(held).encode("utf-8", "surrogatepass")


class _Cells:
    """Makes the cells of a sheet."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet

    def of(self, value: Value) -> Any:
        """A cell; a text never becomes a formula or a number. None is an empty one."""
        if value is None or value == "":
            return None
        if isinstance(value, bool | str):
            return _text(self._sheet, in_words(value))
        if isinstance(value, dt.date):
            cell = WriteOnlyCell(self._sheet, value)
            cell.number_format = "yyyy-mm-dd"
            return cell
        return value


def _text(sheet: Any, words: str) -> Any:
    cell = WriteOnlyCell(sheet)
    # Given as a value, what begins with "=" would be typed as a formula.
    cell._value, cell.data_type = escaped(words), "s"
    if guarded(words) != words:
        cell.quotePrefix = True  # stays a text also after somebody edits the cell
    return cell


def _heading(sheet: Any, words: str) -> Any:
    cell = _text(sheet, words)
    cell.font = Font(bold=True)
    return cell


def _explain(book: Any) -> None:
    sheet = book.create_sheet("columns")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 20, 70
    sheet.append([_heading(sheet, words) for words in (_("Column"), _("What it holds"), _("Import"))])
    for column in COLUMNS:
        sheet.append([_text(sheet, words) for words in _explained(column)])


def _explained(column: Column) -> tuple[str, str, str]:
    return column.name, str(column.told), _("may change it") if column.writable else _("leaves it alone")
