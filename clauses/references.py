"""What a text cites: other instruments with their dates, and places in them or in itself.

A date inside a citation names a document and is no deadline. A place of this instrument has its label path as
target.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from clauses.folding import Folded
from clauses.languages import words
from clauses.nodes import Outline, Reference

_TITLE_ROOM = 180
"""How many characters a title may take between its noun and its date."""
_ROOM_BEFORE, _ROOM_BEHIND = _TITLE_ROOM + 120, 40  # characters around a year in which a citation may begin
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class _Patterns:
    opening: re.Pattern[str]  # what a titled citation begins with, quick to look for
    titled: re.Pattern[str]
    place: re.Pattern[str]
    names: tuple[tuple[re.Pattern[str], str], ...]  # how a place is called in a label


@cache
def _patterns(language: str) -> _Patterns:
    data = words(language, "references")
    nouns = "|".join(sorted(map(re.escape, data["documents"]), key=len, reverse=True))
    noun = rf"\b(?:{nouns}){data['plural']}\b"
    date = data["date"].replace("MONTH", f"(?:{'|'.join(data['months'])})")
    opening = rf"(?:{nouns})" if data["order"] == "date last" else date
    if data["order"] == "date last":
        said = "|".join(map(re.escape, data["date_words"]))
        titled = rf"{noun}(?:(?!{noun})[^.;:\n]){{0,{_TITLE_ROOM}}}?\b(?:{said}) {date}"
    else:
        titled = rf"\b{date} (?:(?!{date})[^.;:\n]){{0,{_TITLE_ROOM}}}?{noun}"
    kinds = "|".join(data["places"])
    own = "|".join(map(re.escape, data["own"]))
    whose = rf"(?: (?:of )?(?P<own>{own})\b)?"
    place = (
        rf"(?P<number>{data['number']})-(?P<kind>{kinds})\b"
        if data["order"] == "date first"
        else rf"\b(?P<kind>{kinds})s? (?P<number>{data['number']})(?!\w){whose}"
    )
    names = tuple((re.compile(kind), name) for kind, name in data["places"].items())
    return _Patterns(re.compile(opening), re.compile(titled), re.compile(place), names)


def find_references(folded: Folded, language: str, outline: Outline) -> tuple[Reference, ...]:
    """Every citation, in order, as spans of the source.

    `target` is the title with its date for another instrument, the label path for a place that this one has; None
    for a place of another instrument.
    """
    paths = {re.sub(r"\W+", " ", clause.path.lower()).strip(): clause.path for clause in outline.clauses if clause.path}
    starts = {clause.start for clause in outline.clauses}
    patterns = _patterns(language)
    found = [*_titled(folded, patterns), *_places(folded, patterns, paths, starts)]
    return tuple(sorted(found, key=lambda reference: (reference.start, reference.end)))


def _titled(folded: Folded, patterns: _Patterns) -> Iterator[Reference]:
    text, free = folded.text, 0
    for opening in (found for near in _around_years(text) for found in patterns.opening.finditer(text, *near)):
        start = opening.start()
        match = patterns.titled.match(text, start) if start >= free else None
        if match:
            free = match.end()
            yield Reference(*folded.span(start, free), target=folded.cased[start:free])


def _around_years(text: str) -> list[tuple[int, int]]:
    """The stretches in which a citation with a date may begin, in order, none touching another."""
    stretches: list[tuple[int, int]] = []
    for year in _YEAR.finditer(text):
        first, last = max(0, year.start() - _ROOM_BEFORE), year.end() + _ROOM_BEHIND
        if stretches and first <= stretches[-1][1]:
            first = stretches.pop()[0]
        stretches.append((first, last))
    return stretches


def _places(folded: Folded, patterns: _Patterns, paths: dict[str, str], starts: set[int]) -> Iterator[Reference]:
    for match in patterns.place.finditer(folded.text):
        start, end = folded.span(*match.span())
        if start in starts:
            continue  # the label itself
        called = next(name for pattern, name in patterns.names if pattern.fullmatch(match["kind"]))
        number = re.sub(r"\W+", " ", match["number"]).strip()
        wanted = (f"{number} {called}" if match.start("number") < match.start("kind") else f"{called} {number}").lower()
        yield Reference(start, end, target=paths.get(wanted.strip()))
