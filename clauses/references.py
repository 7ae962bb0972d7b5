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
_NO_WORD = re.compile(r"\W+")
_YEAR = re.compile("[0-9]{4}")


@dataclass(frozen=True, slots=True)
class _Patterns:
    opening: re.Pattern[str]  # what a titled citation begins with, quick to look for
    titled: re.Pattern[str]
    kind: re.Pattern[str] | None  # what a place begins with, quick to look for, where that is no number
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
    kind = None if data["order"] == "date first" else re.compile(kinds)
    return _Patterns(re.compile(opening), re.compile(titled), kind, re.compile(place), names)


def find_references(folded: Folded, language: str, outline: Outline) -> tuple[Reference, ...]:
    """Every citation, in order, as spans of the source.

    `target` is the title with its date for another instrument, the label path for a place that this one has; None
    for a place of another instrument.
    """
    printed = dict.fromkeys(
        clause.path for clause in reversed(outline.clauses) if clause.path
    )  # of two the last counts
    paths = {_NO_WORD.sub(" ", path.lower()).strip(): path for path in reversed(printed)}
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
    begin, end = 0, -1
    for year in _YEAR.finditer(text):
        start = year.start()
        if start - _ROOM_BEFORE > end:
            if end > 0:
                stretches.append((begin, end))
            begin = max(0, start - _ROOM_BEFORE)
        end = start + 4 + _ROOM_BEHIND
    return [*stretches, (begin, end)] if end > 0 else stretches


def _places(folded: Folded, patterns: _Patterns, paths: dict[str, str], starts: set[int]) -> Iterator[Reference]:
    paths_of: dict[tuple[str, str], str | None] = {}  # texts name the same places again and again
    for match in _place_matches(folded.text, patterns):
        start, end = folded.span(*match.span())
        if start in starts:
            continue  # the label itself
        named = match["kind"], match["number"]
        if named not in paths_of:
            paths_of[named] = paths.get(_label(match, patterns))
        yield Reference(start, end, target=paths_of[named])


def _place_matches(text: str, patterns: _Patterns) -> Iterator[re.Match[str]]:
    """Every place named, in order, none overlapping another."""
    if patterns.kind is None:
        yield from patterns.place.finditer(text)
        return
    free = 0
    for kind in patterns.kind.finditer(text):
        match = patterns.place.match(text, kind.start()) if kind.start() >= free else None
        if match:
            free = match.end()
            yield match


def _label(match: re.Match[str], patterns: _Patterns) -> str:
    """The label of a place as a path would have it, folded and without punctuation."""
    called = next(name for pattern, name in patterns.names if pattern.fullmatch(match["kind"]))
    number = _NO_WORD.sub(" ", match["number"]).strip()
    first, second = (number, called) if match.start("number") < match.start("kind") else (called, number)
    return f"{first} {second}".lower().strip()
