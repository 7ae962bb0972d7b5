"""The day of a page: of its dateline, or of the line with which a site dates what it publishes."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from clauses import languages
from clauses.facts.dates import Dates, dates_of
from clauses.folding import fold

_HEAD, _FOOT = 14, 6  # lines at the head, and at the foot, among which a page is dated
_BEGINNING = 140  # characters of a line that are looked at
_NUMBERS = re.compile(
    r"\b(?:(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})|(?P<d2>\d{1,2})[/.](?P<m2>\d{1,2})[/.](?P<y2>\d{4}))\b"
)


def dated_on(text: str, language: str) -> dt.date | None:
    """The day on which a text says that it was written or published; None where it does not, or not in full.

    Read from the first lines, else the last ones, from a date that begins a line but for a place, a day of the week or
    a word like "published", and is followed by nothing, a time, a dash or the like. It is no day of signature: only
    "this year" and "by 15 July" count from it. `text` is the source; `language` a language with data, else KeyError.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    dates, dateline = dates_of(language), _dateline(language)
    for line in (*lines[:_HEAD], *reversed(lines[_HEAD:][-_FOOT:])):
        words = fold(line[:_BEGINNING]).text
        begins = dateline.match(words) if any(map(str.isdigit, words)) else None
        day = _day(begins.group("when"), dates) if begins else None
        if day:
            return day
    return None


def _day(words: str, dates: Dates) -> dt.date | None:
    numbers = _NUMBERS.fullmatch(words)
    if not numbers:
        return dates.last_in(words)
    year, month, day = (int(numbers[part] or numbers[f"{part}2"]) for part in "ymd")
    if month > 12:  # the month first, as in the United States
        month, day = day, month
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


@cache
def _dateline(language: str) -> re.Pattern[str]:
    unnamed = re.sub(r"\?P<\w+>", "?:", f"{_NUMBERS.pattern}|{dates_of(language).pattern.pattern}")
    return re.compile(languages.words(language, "facts")["dating"]["line"].replace("{date}", f"(?P<when>{unnamed})"))
