"""The day of the meeting that a text reports: what "within two weeks of the meeting" counts from."""

from __future__ import annotations

import datetime as dt
import re
from itertools import islice

from clauses.deadlines.days import day
from clauses.deadlines.evidence import Sentence
from clauses.deadlines.lexicon import Lexicon
from clauses.deadlines.points import Point, points_in
from clauses.deadlines.view import View
from clauses.nodes import Precision

_HEAD = 1500  # characters of a text in which it says who met when
_MOST = 4  # verbs of meeting that are looked at
_DATELINE = 60  # characters before a sentence in which its dateline stands


def day_of_meeting(seen: View, known: Lexicon, dated_on: dt.date | None) -> dt.date | None:
    """The day beside the first verb of meeting at the head of a text; None where no day is said there.

    A day without its year is the last such day up to `dated_on`, the day of the text, where that is known.
    """
    for met in islice(known.met.finditer(seen.text, 0, _HEAD), _MOST):
        start, end = next(seen.sentences_at([met.start()]))
        days = _days(seen, known, start, end if known.cue_first else met.start())
        if days:
            return _last_such_day(min(days, key=lambda point: _distance(point, met)), dated_on)
        dateline = _days(seen, known, max(0, start - _DATELINE), start)
        if dateline and dateline[-1].days:  # "Tashkent, 20 May 2026. The Minister met …"
            return dateline[-1].days.last
    return None


def _distance(point: Point, met: re.Match[str]) -> int:
    """How many characters stand between a day and a verb of meeting."""
    return max(met.start() - point.end, point.start - met.end())


def _days(seen: View, known: Lexicon, start: int, end: int) -> list[Point]:
    """The days that a stretch of the text names, in order."""
    triggers = tuple((start + at, sorts) for at, sorts in known.triggers.find(seen.text[start:end]))
    points = points_in(Sentence(seen.text, seen.cased, start, end, known, triggers), None)
    return [point for point in points if point.precision is Precision.DAY]


def _last_such_day(point: Point, dated_on: dt.date | None) -> dt.date | None:
    if point.days or dated_on is None:
        return point.days.last if point.days else None
    found = day(dated_on.year, point.month, point.day)
    if found and found.last > dated_on:
        found = day(dated_on.year - 1, point.month, point.day)
    return found.last if found else None
