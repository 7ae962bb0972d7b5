"""Day arithmetic of deadlines: the stretch of days that a calendar expression names, and a day so much later.

Pure functions of `datetime.date`. Every stretch is inclusive at both ends, so `last` is the last day that the words
allow ("in 2023" may be met until 31 December 2023).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from clauses.nodes import Precision

FIRST_YEAR, LAST_YEAR = 1800, 2199
_MONTHS_IN = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.HALF: 6, Precision.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days that a calendar expression names, first to last, and how exactly it names them."""

    first: dt.date
    last: dt.date
    precision: Precision


def day(year: int, month: int, number: int) -> Stretch | None:
    """A single day; None where the calendar has no such day ("31 June")."""
    try:
        found = dt.date(year, month, number)
    except ValueError:
        return None
    return Stretch(found, found, Precision.DAY)


def stretch(year: int, precision: Precision, number: int = 1) -> Stretch | None:
    """The `number`th month, quarter or half of a year, or the year itself; None where a year has no such part."""
    months = _MONTHS_IN[precision]
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12 // months):
        return None
    first = dt.date(year, (number - 1) * months + 1, 1)
    return Stretch(first, end_of_month(year, number * months), precision)


def years(first: int, last: int) -> Stretch | None:
    """A period of whole years, both named ("2022-2026"); None where it runs backwards or past any plan's horizon."""
    if not (FIRST_YEAR <= first < last <= LAST_YEAR and last - first <= 60):
        return None
    return Stretch(dt.date(first, 1, 1), dt.date(last, 12, 31), Precision.PERIOD)


def end_of_month(year: int, month: int) -> dt.date:
    """The last day of a month."""
    after = dt.date(year + month // 12, month % 12 + 1, 1)
    return after - dt.timedelta(days=1)


def add_period(start: dt.date, number: int, unit: str) -> dt.date | None:
    """The day `number` units ("day", "week", "month", "year") after `start`; None past the end of the calendar.

    A period of months or years ends on the day with the same number as it began; where the month has no such day, on
    the month's last (one month from 31 January ends on 28 or 29 February), as article 3 of Council Regulation (EEC)
    1182/71, article 4 of the European Convention on the Calculation of Time-Limits (ETS 76) and the civil codes of
    Kazakhstan and Russia have it.
    """
    try:
        if unit in ("day", "week"):
            return start + dt.timedelta(days=number * (7 if unit == "week" else 1))
        months = start.year * 12 + start.month - 1 + number * (12 if unit == "year" else 1)
        last = end_of_month(months // 12, months % 12 + 1)
        return min(last, last.replace(day=min(start.day, last.day)))
    except (ValueError, OverflowError):
        return None
