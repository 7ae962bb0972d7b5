"""Commitments as a spreadsheet and back: one format for export and import, in XLSX and CSV.

`columns` what a sheet holds and which of it an import may change · `cells` values as cells, so that no text is ever a
formula · `writing` rows out, in bounded memory · `reading` an uploaded file as rows · `changes` what a file would
change, row by row, and the changes carried out by the same steps as everywhere else. docs/spreadsheets.md is for staff.
"""

from __future__ import annotations

from tracker.spreadsheets.changes import Line, Order, Report, carry_out, try_out
from tracker.spreadsheets.columns import COLUMNS, Column
from tracker.spreadsheets.reading import LARGEST, MOST_ROWS, Row, Sheet, read
from tracker.spreadsheets.writing import as_csv, as_xlsx

__all__ = [
    "COLUMNS",
    "LARGEST",
    "MOST_ROWS",
    "Column",
    "Line",
    "Order",
    "Report",
    "Row",
    "Sheet",
    "as_csv",
    "as_xlsx",
    "carry_out",
    "read",
    "try_out",
]
