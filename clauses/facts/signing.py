"""When and where this document was signed or adopted, as its own text says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from clauses import languages
from clauses.facts.dates import Dates, dates_of
from clauses.facts.kinds import kind_of
from clauses.folding import Folded
from clauses.nodes import Kind, Outline
from clauses.parties import capital_named

_BEFORE, _BEHIND = 40, 60  # characters around the words of a formula in which its place may stand
_LONGEST = 80  # characters of a line that holds nothing but a place and a date
_HEAD, _FOOT = 6, 12  # units at the head that may end with such a line, and at the foot where a text says it is signed
_WORDS_OF_A_PLACE = 4
_DIGIT = re.compile(r"\d")

Signing = tuple[dt.date | None, str | None]


@dataclass(frozen=True, slots=True)
class _Formula:
    """A formula of signature; where it begins with a date, only digits are looked at, which is quick."""

    pattern: re.Pattern[str]
    begins_with_date: bool

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """Every place where it stands, none overlapping another."""
        if not self.begins_with_date:
            yield from self.pattern.finditer(text)
            return
        free = 0
        for digit in _DIGIT.finditer(text):
            found = self.pattern.match(text, digit.start()) if digit.start() >= free else None
            if found:
                free = found.end()
                yield found


@dataclass(frozen=True, slots=True)
class _Rules:
    """The patterns of a language, with the forms of a date put in."""

    formulas: tuple[_Formula, ...]
    alone: re.Pattern[str]
    ending: re.Pattern[str]
    last: re.Pattern[str]
    place: re.Pattern[str]
    dates: Dates


def signing_of(folded: Folded, language: str, outline: Outline) -> Signing:
    """The day and the place of signature or adoption of this document; None for what its text does not say.

    Read from the closing formula ("Done at …"; the last one, where annexes repeat it), else from the decree that
    approves the agreement, else from a sentence that says that this document was signed, else, but for press reports,
    from a paragraph at the foot that says only that ("Signed in …"), else from a line that holds a place and a date
    alone. The day of a web page or of another document is none.
    """
    rules = _rules(language)
    for formula in rules.formulas:
        for found in reversed(list(formula.find(folded.text))):
            day = rules.dates.last_in(found.group("when"))
            if day:
                return day, _place(folded, found, language, rules)
    signing = _at_the_foot(folded, outline, language, rules) or _standing_alone(folded, outline, language, rules)
    return signing if signing and kind_of(folded, language, outline) is not Kind.READOUT else (None, None)


def _place(folded: Folded, found: re.Match[str], language: str, rules: _Rules) -> str | None:
    start, end = found.span("when")
    place = rules.place.search(folded.cased, max(0, start - _BEFORE), min(len(folded.cased), end + _BEHIND))
    if not place:
        return None
    words = (place.group(1) or place.group(2)).strip(" ,.")
    return capital_named(words, language) or words


def _at_the_foot(folded: Folded, outline: Outline, language: str, rules: _Rules) -> Signing | None:
    """The signing in a paragraph at the foot that says only this: "Signed in Tbilisi on 3 June 2019."."""
    for unit in reversed(outline.units[-_FOOT:]):
        found = rules.ending.match(folded.text, folded.at(unit.start), folded.at(unit.end))
        day = rules.dates.last_in(found.group("when")) if found else None
        if found and day:
            return day, _place(folded, found, language, rules)
    return None


def _standing_alone(folded: Folded, outline: Outline, language: str, rules: _Rules) -> Signing | None:
    """The day of a line that holds a place and a date alone, or of such a line that closes a title or paragraph."""
    for index, unit in enumerate(outline.units):
        start, end = folded.at(unit.start), folded.at(unit.end)
        short = 6 <= unit.end - unit.start <= _LONGEST
        alone = rules.alone.match(folded.text, start, end) if short else None
        found = alone or (rules.last.search(folded.text, start, end) if index < _HEAD else None)
        day = rules.dates.last_in(found.group()) if found else None
        place = _lone_place(folded, found, language) if found else None
        if day and (alone or place):
            return day, place
    return None


def _lone_place(folded: Folded, found: re.Match[str], language: str) -> str | None:
    """The place that stands with a date on a line of its own, where its words have their capitals."""
    words = folded.cased[slice(*found.span("place"))].strip(" ,.") if found["place"] else ""
    parts = words.split()
    if not 0 < len(parts) <= _WORDS_OF_A_PLACE or not all(part[0].isupper() for part in parts):
        return None
    return capital_named(words, language) or words


@cache
def _rules(language: str) -> _Rules:
    dates, signing = dates_of(language), languages.words(language, "facts")["signing"]
    unnamed = dates.unnamed
    return _Rules(
        formulas=tuple(
            _Formula(
                re.compile(signing[name].replace("{date}", unnamed)),
                begins_with_date=signing[name].startswith("(?P<when>(?:{date}"),
            )
            for name in ("closing", "approved", "adopted")
        ),
        alone=re.compile(signing["alone"].replace("{date}", unnamed) + r"\s*\Z"),
        ending=re.compile(signing["ending"].replace("{date}", unnamed)),
        last=re.compile(signing["last"].replace("{date}", unnamed)),
        place=re.compile(signing["place"]),
        dates=dates,
    )
