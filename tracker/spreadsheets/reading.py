"""An uploaded spreadsheet as rows of words. Nothing in it is trusted: its size is looked at before it is unpacked."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook  # type: ignore[import-untyped]

from tracker.models.edits import RefusedError
from tracker.spreadsheets.cells import in_words, unescaped, unguarded
from tracker.spreadsheets.columns import BY_NAME, COLUMNS

LARGEST = 20_000_000
"""Bytes of an uploaded file."""
MOST_ROWS = 5_000
"""Rows of one import: each is tried by the steps themselves."""

_UNPACKED = 150_000_000
_MOST_PARTS = 200
_MOST_COLUMNS = 100
_FORMULA = "\0formula"
"""Stands in a cell for a formula, until its row is refused; no cell can hold it otherwise."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, and its cells by the name of their column, as words."""

    number: int
    cells: dict[str, str]

    @property
    def formulas(self) -> list[str]:
        """The columns in which a formula stands instead of a value."""
        return [name for name, cell in self.cells.items() if cell == _FORMULA]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds: its rows, and the names of columns that are none of ours."""

    rows: list[Row]
    strange: list[str]


def read(data: bytes) -> Sheet:
    """The rows of an XLSX (its first sheet) or CSV file; which it is, its first bytes say.

    CSV may be UTF-8 with or without a byte order mark, or what Excel saves as Unicode text; its separator is comma,
    semicolon or tab. Raises RefusedError, in words for the person who uploaded it, for a file that is too large, is
    neither, has no `id` and `version`, has a column twice, or more than `MOST_ROWS` rows.
    """
    if len(data) > LARGEST:
        raise RefusedError(_("The file is larger than %(megabytes)s MB.") % {"megabytes": LARGEST // 1_000_000})
    lines = _xlsx(data) if data.startswith(b"PK") else _csv(data)
    names = [name.strip().lower() for name in next(lines, [])]
    while names and not names[-1]:
        names.pop()
    _check_the_names(names)
    rows = list(_rows(lines, names))
    return Sheet(rows, [name for name in names if name not in BY_NAME])


def _rows(lines: Iterable[list[str]], names: list[str]) -> Iterator[Row]:
    """The rows that hold something."""
    found = 0
    for number, cells in enumerate(lines, 2):
        if not any(cells):
            continue
        found += 1
        if found > MOST_ROWS:
            raise RefusedError(_("The file has more than %(most)s rows. Import it in parts.") % {"most": MOST_ROWS})
        pairs = zip_longest(names, cells[: len(names)], fillvalue="")
        yield Row(number, {name: cell for name, cell in pairs if name in BY_NAME})


def _check_the_names(names: list[str]) -> None:
    for needed in ("id", "version"):
        if needed not in names:
            raise RefusedError(
                _("The first row has no column “%(name)s”. It should name the columns as an export does: %(all)s.")
                % {"name": needed, "all": ", ".join(column.name for column in COLUMNS)}
            )
    twice = sorted({name for name in names if name in BY_NAME and names.count(name) > 1})
    if twice:
        raise RefusedError(_("There are two columns of this name: %(names)s.") % {"names": ", ".join(twice)})


def _csv(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            yield [unguarded(cell) for cell in line]
    except csv.Error as error:
        raise RefusedError(_("The file is no CSV: %(why)s.") % {"why": error}) from error


def _decoded(data: bytes) -> str:
    try:
        wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        return data.decode("utf-16") if wide else data.decode("utf-8-sig", "strict")
    except UnicodeDecodeError as error:
        # Excel's plain "CSV" is in a Windows code page, in which Kazakh letters are already lost.
        raise RefusedError(_("The file is not in UTF-8. Save it as XLSX, or as “CSV UTF-8”.")) from error


def _xlsx(data: bytes) -> Iterator[list[str]]:
    _check_the_archive(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        for line in sheet.iter_rows(max_row=MOST_ROWS * 4, max_col=_MOST_COLUMNS):
            yield [_cell(cell) for cell in line]
    except RefusedError:
        raise
    except Exception as error:  # openpyxl raises what its parsers happen to raise on a broken file
        raise RefusedError(_("The file can't be read as XLSX.")) from error


def _check_the_archive(data: bytes) -> None:
    """Refuse an archive that says it grows beyond all measure (more than it says is not unpacked), and document type
    definitions, which no spreadsheet program writes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _UNPACKED:
                raise RefusedError(_("The file is too large once unpacked."))
            for part in parts:
                with archive.open(part) as opened:
                    if b"<!DOCTYPE" in opened.read(4_096):
                        raise RefusedError(_("The file can't be read as XLSX."))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise RefusedError(_("The file can't be read as XLSX.")) from error


def _cell(cell: Any) -> str:
    value = cell.value
    if cell.data_type == "f":
        return _FORMULA
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unescaped(value) if isinstance(value, str) else in_words(value)
