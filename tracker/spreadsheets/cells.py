"""Values as they stand in a cell, and back without loss. No text that is exported can run as a formula.

In XLSX a text is typed as text, whatever it begins with. CSV has no types, so there a text that a spreadsheet program
would take for a formula gets an apostrophe in front; it is taken off again when the file is read. A file opened with
another separator is cut elsewhere, so what follows a separator or a line break inside a text is treated the same way
(OWASP ASVS 5.0, 1.2.10).
"""

from __future__ import annotations

import datetime as dt
import re

Value = str | int | bool | dt.date | None
"""What a column holds of a commitment; None and the empty string are an empty cell."""

LONGEST = 32_767
"""Characters of a cell that Excel keeps (Excel specifications and limits)."""

_RUNS = r"(?='*[ \xa0\u200b-\u200f\u2060\ufeff]*[=+\-@\t\r\0\uff1d\uff0b\uff0d\uff20])"
_BEGINS = r"(^|[;\t\r\n\0])"
_UNGUARDED = re.compile(_BEGINS + _RUNS)
_GUARDED = re.compile(_BEGINS + "'" + _RUNS)

# What XML can't hold, and the carriage return, which XML readers turn into a line feed.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def in_words(value: Value) -> str:
    """A value as CSV writes it and as it is compared: days as ISO 8601, yes and no as true and false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def guarded(text: str) -> str:
    """A text that no spreadsheet program takes for a formula; `unguarded` gives the text back."""
    return _UNGUARDED.sub(r"\1'", text)


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return _GUARDED.sub(r"\1", cell)


def escaped(text: str) -> str:
    """A text with what XML can't hold written as `_xHHHH_` (ECMA-376 part 1, 22.9.2.19), cut to what a cell holds."""
    return cut(_FORBIDDEN.sub(lambda found: f"_x{ord(found[0]):04X}_", text))


def unescaped(cell: str) -> str:
    """What `escaped` was given, if it was not cut."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), cell)


def cut(text: str) -> str:
    """A text as far as a cell holds it; where it was cut, it says so."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2]} …"
