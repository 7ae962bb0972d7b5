"""A row of a file beside the commitment as it stands: which cells differ, and what they are to become."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from tracker.models import Commitment
from tracker.models.edits import RefusedError
from tracker.spreadsheets.cells import cut, in_words
from tracker.spreadsheets.columns import BETWEEN, BY_NAME, Column
from tracker.spreadsheets.reading import Row
from tracker.spreadsheets.taking import day

_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")
_FLAGS = {"true": "true", "1": "true", "false": "false", "0": "false", "": "false"}


def wanted(row: Row, current: Commitment) -> dict[str, str]:
    """What the row asks for: the writable columns whose cells differ, with their new words.

    Raises RefusedError for a formula, for characters that can't be kept, and for a day or a flag that is none.
    """
    if row.formulas:
        named = ", ".join(row.formulas)
        raise RefusedError(_("There is a formula in %(names)s: put its value there.") % {"names": named})
    if any(_UNKEEPABLE.search(cell) for cell in row.cells.values()):
        raise RefusedError(_("There are characters that can't be kept."))
    cells = ((BY_NAME[name], cell) for name, cell in row.cells.items())
    writable = ((column, _plain(column, cell)) for column, cell in cells if column.writable)
    return {column.name: cell for column, cell in writable if not _is_so(column, cell, current)}


def left_alone(row: Row, current: Commitment) -> tuple[str, ...]:
    """The columns that differ though no import changes them."""
    others = ((BY_NAME[name], cell) for name, cell in row.cells.items() if not BY_NAME[name].writable)
    return tuple(
        column.name for column, cell in others if column.kind != "number" and not _looks_so(column, cell, current)
    )


def words(name: str, current: Commitment) -> str:
    """What a column shows of the commitment as it stands."""
    return in_words(BY_NAME[name].shown(current))


def _plain(column: Column, cell: str) -> str:
    """A cell in the one way in which a column writes what it holds."""
    if column.kind == "day":
        return day(cell.strip()).isoformat() if cell.strip() else ""
    if column.kind == "flag":
        if (known := _FLAGS.get(cell.strip().lower())) is None:
            raise RefusedError(_("%(column)s is true or false.") % {"column": column.name})
        return known
    if column.kind in ("codes", "sides"):
        codes = dict.fromkeys(code.strip() for code in re.split("[;,]", cell) if code.strip())
        return BETWEEN.join(sorted(codes) if column.kind == "codes" else codes)
    return cell


def _is_so(column: Column, cell: str, current: Commitment) -> bool:
    """Whether the cell says what is there; XLSX cuts what is too long, and some programs change line ends."""
    now = words(column.name, current)
    return cell == now or _lines(cell) in (_lines(now), _lines(cut(now)))


def _looks_so(column: Column, cell: str, current: Commitment) -> bool:
    """Whether the cell says what is there; what is told in the person's language, in any of the languages."""
    if column.kind == "told":
        return any(_is_so_in(code, column, cell, current) for code, _name in settings.LANGUAGES)
    try:
        return _is_so(column, _plain(column, cell), current)
    except RefusedError:
        return False


def _is_so_in(language: str, column: Column, cell: str, current: Commitment) -> bool:
    with translation.override(language):
        return _is_so(column, cell, current)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
