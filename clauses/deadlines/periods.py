"""The period of a plan that a text has named, for the words that say later that the plan will be carried out."""

from __future__ import annotations

import re

from clauses.deadlines.evidence import Sentence
from clauses.deadlines.lexicon import Lexicon, lexicon
from clauses.deadlines.points import Point, points_in
from clauses.folding import Folded
from clauses.nodes import Deadline, Precision

_BEFORE, _BEHIND = 160, 80  # characters around the years in which the plan is named
_YEAR = re.compile(r"\d{4}")
_END = re.compile(r"[.;!?]")


def period_before(folded: Folded, language: str, start: int, end: int) -> Deadline | None:
    """The period of the plan that the words between two source offsets name last, as a time for carrying it out.

    "They signed the Road Map for 2026-2028. Its implementation …": the years count, though the sentence that names
    them promises nothing. None where no plan with years is named, or another plan, without any, is named after it.
    Raises KeyError for a language without data.
    """
    first, last = folded.at(start), folded.at(end)
    years = [(found.start(), ("points",)) for found in _YEAR.finditer(folded.text, first, last)]
    if not years:
        return None
    known = lexicon(language)
    sentence = Sentence(folded.text, folded.cased, first, last, known, tuple(years))
    plans = [(point, named) for point in points_in(sentence, None) if (named := _end_of_name(point, sentence))]
    if not plans or known.programmes.search(folded.text, plans[-1][1], last):
        return None
    return _period(folded, plans[-1][0])


def _end_of_name(point: Point, sentence: Sentence) -> int:
    """Where the name of the plan that bears these years ends; 0 where they belong to none."""
    known, text = sentence.lexicon, sentence.text
    if point.days is None or point.precision not in (Precision.PERIOD, Precision.YEAR):
        return 0
    behind = known.year_of_programme.match(text, point.start, sentence.end) if point.frame != "in" else None
    if behind:
        return behind.end()
    if point.precision is Precision.YEAR and point.frame != "for":
        return 0
    return point.end if _plan_before(point, sentence, known) else _plan_behind(point, sentence, known)


def _plan_before(point: Point, sentence: Sentence, known: Lexicon) -> bool:
    text, low = sentence.text, max(sentence.start, point.start - _BEFORE)
    floor = max((stop.end() for stop in _END.finditer(text, low, point.start)), default=low)
    return known.programmes.search(text, floor, point.start) is not None


def _plan_behind(point: Point, sentence: Sentence, known: Lexicon) -> int:
    text, high = sentence.text, min(sentence.end, point.end + _BEHIND)
    stop = _END.search(text, point.end, high)
    plan = known.programmes.search(text, point.end, stop.start() if stop else high)
    return plan.end() if plan else 0


def _period(folded: Folded, point: Point) -> Deadline:
    assert point.days is not None  # noqa: S101  (only such points have a name)
    start, end = folded.span(point.start, point.end)
    why = "years of the plan spoken of before"
    return Deadline(start, end, point.days.last, point.precision, point.days.first, why=why)
