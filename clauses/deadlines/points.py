"""Calendar expressions: days, months, quarters, halves, years and runs of years, and the words that govern them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from clauses.deadlines.days import Stretch, day, stretch, years
from clauses.deadlines.evidence import Leaning, Sentence
from clauses.deadlines.lexicon import Lexicon
from clauses.nodes import Deadline, Precision, Recurrence, Span

_FRAME_ROOM = 60
_BESIDE = 24  # characters between a day and the words that say how often it comes
_PROGRAMME_ROOM = 160
_CLOSE = 8  # characters in which a colon or dash stands before the time of a point
_OPENED = re.compile(r"(?:: | - |\()(?:end of |the )?\Z")
_CLOSED = re.compile(r"[).;,\s]*\Z")


@dataclass(frozen=True, slots=True)
class Point:
    """A calendar expression in the text with the word that governs it; `days` is None where the year is not known."""

    start: int
    end: int
    days: Stretch | None
    precision: Precision
    frame: str  # by, before, in, from, for, names, bare
    month: int = 0
    day: int = 0
    guessed: bool = False  # the year is not in the words


def deadlines_at(sentence: Sentence, signed_on: dt.date | None, repeats: Sequence[Deadline] = ()) -> list[Deadline]:
    """The calendar expressions of a sentence that set a time for an action, in places of the view.

    A day that comes again and again ("by 1 March of each year", told by `repeats`) gets no year.
    """
    points = list(points_in(sentence, signed_on))
    points = [point for point in points if _recurs(point, repeats)] + _with_years(
        [point for point in points if not _recurs(point, repeats)], signed_on
    )
    times = [point for point in points if _sets_a_time(point, sentence, signed_on)]
    return [_deadline(point) for point in times if not _only_names_a_year(point, times)]


def _recurs(point: Point, repeats: Sequence[Deadline]) -> bool:
    """Whether a day or month without a year stands beside the words that say how often it comes."""
    if point.days is not None or not point.month:
        return False
    intervals = [each for each in repeats if each.recurrence is not Recurrence.REGULAR]
    return any(max(each.start - point.end, point.start - each.end) <= _BESIDE for each in intervals)


def _only_names_a_year(point: Point, times: list[Point]) -> bool:
    """Whether it says for which year a thing is, and the time for the action stands beside it.

    "The quotas for 2001 shall be set by 1 November 2000": a year, not a run of years that a plan is carried out in.
    """
    single = point.frame == "for" and point.precision is Precision.YEAR
    return single and any(other.frame != "for" for other in times)


def points_in(sentence: Sentence, signed_on: dt.date | None) -> Iterator[Point]:
    """The calendar expressions of a sentence, in order, whatever they are said of."""
    lexicon, text = sentence.lexicon, sentence.text
    for sort, found in lexicon.points.find(text, sentence.words_near("points")):
        groups = found.groupdict()
        if groups.get("month") and lexicon.capital_months and not sentence.cased[found.start("month")].isupper():
            continue
        precision, days = _meaning(sort, groups, lexicon, signed_on)
        if days is None and groups.get("year"):
            continue
        frame, start, end = _framed(found, sentence)
        if frame == "bare" and (sort in ("this_year", "next_year") or (sort == "day" and lexicon.bare_days)):
            frame = "in"
        month = lexicon.months.value(groups["month"]) if groups.get("month") else 0
        yield Point(start, end, days, precision, frame, month, int(groups.get("day") or 0))


def _meaning(
    sort: str, groups: dict[str, str | None], lexicon: Lexicon, signed_on: dt.date | None
) -> tuple[Precision, Stretch | None]:
    """The precision and the days of a calendar expression, from its slots."""
    year = int(groups.get("year") or 0)
    if not year and sort in ("this_year", "next_year", "quarter", "half") and signed_on:
        year = signed_on.year + (sort == "next_year")
    month = lexicon.months.value(groups["month"] or "") if groups.get("month") else int(groups.get("mm") or 0)
    match sort:
        case "years":
            last = groups.get("year2") or ""
            return Precision.PERIOD, years(year, int(last if len(last) == 4 else f"{year // 100}{last}"))
        case "day":
            return Precision.DAY, _days(year, month, groups) if year else None
        case "month":
            return Precision.MONTH, stretch(year, Precision.MONTH, month) if year else None
        case "quarter" | "half":
            precision = Precision(sort)
            number = int(groups.get("q") or 0) or lexicon.nths.value(groups.get("nth") or "")
            return precision, stretch(year, precision, number) if year else None
        case _:
            return Precision.YEAR, stretch(year, Precision.YEAR) if year else None


def _days(year: int, month: int, groups: dict[str, str | None]) -> Stretch | None:
    """One day, or the first to the last of several ("25-26 September 2023")."""
    last = day(year, month, int(groups["day"] or 0))
    first = day(year, month, int(groups.get("days") or 0)) if groups.get("days") else last
    return Stretch(first.first, last.last, Precision.DAY) if first and last and first.first <= last.last else last


def _framed(found: re.Match[str], sentence: Sentence) -> tuple[str, int, int]:
    """The word that governs a calendar expression, and the span of both."""
    text, lexicon = sentence.text, sentence.lexicon
    stem = found.start("case") if "case" in found.re.groupindex else found.end()
    after = lexicon.after.match(text, stem, sentence.end)
    before = lexicon.before.search(text, max(sentence.start, found.start() - _FRAME_ROOM), found.start())
    if before and _is_of_the_name(found, before, sentence):
        before = None
    start = before.start() if before else found.start()
    frame = (after.lastgroup if after else None) or (before.lastgroup if before else None) or "bare_"
    if frame == "bare_" and _stands_at_the_end(found, sentence):
        frame = "in_"
    end = found.end()
    if after and after.lastgroup != "names_":
        end = max(end, after.end())
    if frame in ("names_", "bare_"):
        start = found.start()
    return frame[:-1], start, end


def _stands_at_the_end(found: re.Match[str], sentence: Sentence) -> bool:
    """Whether a time closes its point behind a colon or a dash: "agreement on visas: 30 September 2026;"."""
    opened = _OPENED.search(sentence.text, max(sentence.start, found.start() - _CLOSE), found.start())
    return opened is not None and _CLOSED.match(sentence.text, found.end(), sentence.end) is not None


def _is_of_the_name(found: re.Match[str], before: re.Match[str], sentence: Sentence) -> bool:
    """Whether "the" ties a year to the name of a plan ("in the 2030 Strategy"): it says no time by itself."""
    words = before[0].split()
    if len(words) < 2 or words[-1] not in sentence.lexicon.articles:
        return False
    return bool(sentence.lexicon.year_of_programme.match(sentence.text, found.start(), sentence.end))


def _with_years(points: list[Point], signed_on: dt.date | None) -> list[Point]:
    """Months and days that the text names without their year, with the year that they must have.

    It is the only year that the sentence names for an action ("in 2021 … in the month of June"), else the first that
    comes after the day of the text.
    """
    bare = [point for point in points if point.days is None and point.month]
    whole = [p for p in points if p.days and p.precision is Precision.YEAR and p.frame == "in"]
    if len(bare) == 1 and len(whole) == 1 and whole[0].days and abs(bare[0].start - whole[0].start) < 60:
        year = whole[0].days.first.year
        joined = replace(
            bare[0],
            start=min(bare[0].start, whole[0].start),
            end=max(bare[0].end, whole[0].end),
            days=_part(bare[0], year),
        )
        return [joined if point is bare[0] else point for point in points if point is not whole[0]]
    return [_coming(point, signed_on) if point.days is None and point.month else point for point in points]


def _coming(point: Point, signed_on: dt.date | None) -> Point:
    if signed_on is None:
        return point
    days = _part(point, signed_on.year)
    if days and days.last < signed_on:
        days = _part(point, signed_on.year + 1)
    return replace(point, days=days, guessed=True)


def _part(point: Point, year: int) -> Stretch | None:
    return day(year, point.month, point.day) if point.day else stretch(year, Precision.MONTH, point.month)


def _sets_a_time(point: Point, sentence: Sentence, signed_on: dt.date | None) -> bool:
    """Whether a calendar expression sets a time for an action, by its governing word and the sentence's."""
    due = point.days.last if point.days else None
    if (signed_on and due and due < signed_on) or sentence.excludes(point.start, point.end):
        return False
    if sentence.is_an_example(point.start, point.end):
        return False
    leaning = sentence.leaning(point.start, point.end)
    if _names_a_programme(point, sentence):
        done = leaning is not Leaning.PAST or sentence.executes(point.start)
        return done and not sentence.drafts(point.start)
    if point.guessed:  # a year found by counting on from the day of the text tells nothing of what is past
        return leaning is not Leaning.PAST and point.frame not in ("names", "bare", "for")
    coming = bool(signed_on and point.days and point.days.first > signed_on)
    match point.frame:
        case "by" | "before":
            return leaning is not Leaning.PAST or coming
        case "for":
            return leaning is Leaning.AHEAD and not sentence.drafts(point.start)
        case "in" | "from":
            return leaning is Leaning.AHEAD or coming
        case _:
            return False


def _names_a_programme(point: Point, sentence: Sentence) -> bool:
    """Whether the years stand in the name of a plan that the sentence has carried out ("Strategy 2020 - 2025")."""
    lexicon, text = sentence.lexicon, sentence.text
    if point.precision not in (Precision.PERIOD, Precision.YEAR):
        return False
    named = point.frame in ("bare", "names") and lexicon.year_of_programme.match(text, point.start, sentence.end)
    if not named and point.precision is Precision.PERIOD and point.frame in ("bare", "for", "in"):
        first = max(sentence.start, point.start - _PROGRAMME_ROOM)
        last = min(sentence.end, point.end + _PROGRAMME_ROOM // 2)
        named = lexicon.programmes.search(text, first, last)
    return bool(named and lexicon.carrying_out.search(text, sentence.start, sentence.end))


def _deadline(point: Point) -> Deadline:
    days, frame = point.days, point.frame
    due = days.last if days else None
    rule = Span(point.start, point.end) if days is None and not point.month else None
    if days and frame == "before":
        due = days.first - dt.timedelta(days=1)
    several = point.precision is Precision.PERIOD or (
        point.precision is Precision.DAY and days is not None and days.first < days.last
    )
    starts = days.first if days and (frame == "from" or several) else None
    why = "years in a programme's name" if frame in ("bare", "names") else f"{frame} a {point.precision}"
    return Deadline(point.start, point.end, due, point.precision, starts, rule, why=why)
