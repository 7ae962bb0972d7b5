"""An XLSX workbook as a stream: sheet by sheet and row by row, with nothing kept of what was written.

The parts and elements are those of ECMA-376 part 1 (SpreadsheetML, transitional) that a plain table needs. Every text
stands in its cell as text (`inlineStr`), whatever it begins with, so that none is ever a formula.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

from tracker.spreadsheets.cells import Value, escaped, guarded, in_words

PIECE = 50
"""Rows that are written between two pieces of the stream."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_BOLD, _DAY, _KEPT_TEXT = 1, 2, 3
# The styles by number: as it is, a heading, a day, a text that stays one also after somebody edits its cell.
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)

_EPOCH = dt.date(1899, 12, 30)
_FIRST_DAY = dt.date(1900, 3, 1)
"""Before it, spreadsheet programs count days differently (they know a 29 February 1900)."""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its name, the width of each column in characters, the first row, and the rows below it. `frozen` is
    the cell left of and above which nothing scrolls away."""

    name: str
    widths: Sequence[float]
    heading: Sequence[str]
    rows: Iterable[Sequence[Value]]
    frozen: str = ""


def written(tables: Sequence[Table]) -> Iterator[bytes]:
    """A workbook of these sheets, in pieces; the rows of a sheet are taken as they are written."""
    pieces = _Pieces()
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:  # type: ignore[call-overload]
        for name, content in _frame([table.name for table in tables]):
            package.writestr(name, content)
        for number, table in enumerate(tables, 1):
            with package.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
                for lines in _sheet(table):
                    part.write(lines.encode("utf-8"))
                    yield pieces.taken()
    yield pieces.taken()


def cell(place: str, value: Value) -> str:
    """A value as a cell; a text never becomes a formula or a number. None and the empty string are no cell."""
    if value is None or value == "":
        return ""
    if isinstance(value, dt.date) and value >= _FIRST_DAY:
        return f'<c r="{place}" s="{_DAY}"><v>{(value - _EPOCH).days}</v></c>'
    if isinstance(value, int) and not isinstance(value, bool):
        return f'<c r="{place}"><v>{value}</v></c>'
    return _text(place, in_words(value))


def _text(place: str, words: str, style: int = 0) -> str:
    style = style or (_KEPT_TEXT if guarded(words) != words else 0)
    styled = f' s="{style}"' if style else ""
    return f'<c r="{place}"{styled} t="inlineStr"><is><t xml:space="preserve">{escape(escaped(words))}</t></is></c>'


class _Pieces:
    """What was written since it was last taken; a file that can't be gone back in."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._held.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits."""

    def taken(self) -> bytes:
        held, self._held = self._held, []
        return b"".join(held)


def _sheet(table: Table) -> Iterator[str]:
    """The XML of a sheet, in pieces of so many rows."""
    letters = [get_column_letter(number) for number in range(1, len(table.heading) + 1)]
    yield _begun(table)
    yield _row(1, [_text(f"{letter}1", words, _BOLD) for letter, words in zip(letters, table.heading, strict=True)])
    lines: list[str] = []
    for number, values in enumerate(table.rows, 2):
        lines.append(_row(number, [cell(f"{at}{number}", value) for at, value in zip(letters, values, strict=True)]))
        if not number % PIECE:
            yield "".join(lines)
            lines = []
    yield "".join([*lines, "</sheetData></worksheet>"])


def _begun(table: Table) -> str:
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(table.widths, 1)
    )
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{_pane(table.frozen)}</sheetView>'
        f"</sheetViews><cols>{columns}</cols><sheetData>"
    )


def _pane(frozen: str) -> str:
    if not frozen:
        return ""
    left, above = ord(frozen[0]) - ord("A"), int(frozen[1:]) - 1
    split = f'xSplit="{left}" ySplit="{above}"'
    return f'<pane {split} topLeftCell="{frozen}" activePane="bottomRight" state="frozen"/>'


def _row(number: int, cells: Iterable[str]) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def _frame(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The parts beside the sheets: what there is, how it hangs together, how it looks."""
    numbers = range(1, len(names) + 1)
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>' for n in numbers
    )
    yield (
        "[Content_Types].xml",
        f'{_HEAD}<Types xmlns="{_TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>{parts}</Types>',
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    sheets = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*sheets, ("styles", "styles.xml")])
    listed = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
    )
    yield "xl/styles.xml", _STYLES


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{lines}</Relationships>'
