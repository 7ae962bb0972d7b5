"""Phrases of the language data as patterns: what `*`, brackets and slots mean there, and how they are compiled.

`*` is any ending of a word, every bracket only groups, and `{year}`, `{month}`, `{n}` and so on are slots, filled from
the tables of the same file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from clauses.deadlines.beginnings import first_word
from clauses.folding import fold
from clauses.literals import Literals

FIXED_SLOTS = {
    "year": r"(?P<year>(?:1[89]|2[01])\d\d)(?!\d)",
    "year2": r"(?P<year2>(?:1[89]|2[01])\d\d|\d\d)(?!\d)",
    "day": r"(?P<day>[0-3]?\d)(?!\d)",
    "days": r"(?P<days>[0-3]?\d)(?!\d)",
    "mm": r"(?P<mm>[01]?\d)(?!\d)",
    "q": r"(?P<q>[1-4])(?!\d)",
    "case": r"(?P<case>\w*)",
    "th": r"(?: ?-? ?(?:ыншы|інші|сыншы|сінші|ншы|нші|шы|ші)\w{0,4})?",  # the Kazakh ordinal ending: "2020-сыншы"
}
_REMEMBERED = 10_000  # words; more would be memory without speed
_YEAR = re.compile(r"(?:1[89]|2[01])\d\d(?!\d)")
_GROUP_NAME = re.compile(r"\?P<\w+>")
_EDGE = r"(?<!\w)(?<!\d[.,:/])"


class _Values(dict[str, Any]):
    """What a word stands for, worked out when first met: a text has the same few again and again."""

    def __init__(self, patterns: tuple[tuple[re.Pattern[str], Any], ...]) -> None:
        super().__init__()
        self._patterns = patterns

    def __missing__(self, word: str) -> Any:
        value = next((value for pattern, value in self._patterns if pattern.fullmatch(word)), None)
        if len(self) < _REMEMBERED:
            self[word] = value
        return value


@dataclass(frozen=True, slots=True)
class Table:
    """Words and what they count as: month names, numerals, units."""

    pattern: str
    _values: _Values

    def value(self, word: str) -> Any:
        """What a word that the pattern matched stands for; None for another."""
        return self._values[word]


class _Starting(dict[str, tuple[tuple[str, str], ...]]):
    """The phrases that may begin with a word, worked out when first met: most words begin none."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """`phrases` are the names of groups and the phrases in them, as patterns."""
        super().__init__()
        self._ways = [
            (re.compile(first_word(_GROUP_NAME.sub("?:", phrase))), (name, f"{_EDGE}(?:{phrase})(?!\\w)"))
            for name, phrase in phrases
        ]

    def __missing__(self, word: str) -> tuple[tuple[str, str], ...]:
        ways = tuple(way for begins, way in self._ways if begins.match(word))
        if len(self) < _REMEMBERED:
            self[word] = ways
        return ways


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Named groups of phrases, in order: of those that fit at a place the first is meant."""

    _starting: _Starting

    def find(self, text: str, words: Iterable[tuple[int, str, int]]) -> Iterator[tuple[str, re.Match[str]]]:
        """Every match that begins with one of the words, left to right, none overlapping, with the name of its group.

        A word is given as the place where it begins, the word itself, and the place where a match must have ended.
        """
        starting, free = self._starting, 0
        for start, word, end in words:
            for name, phrase in starting[word] if start >= free else ():
                found = _compiled(phrase).match(text, start, end)
                if found:
                    yield name, found
                    free = found.end()
                    break


@dataclass(frozen=True, slots=True)
class Triggers:
    """Pieces of words at which to look closer, and what for: points, lengths, recurrences."""

    _literals: Literals
    _sorts: tuple[tuple[str, ...], ...]

    def find(self, text: str) -> list[tuple[int, tuple[str, ...]]]:
        """The places in the text, ascending, and what to look for at each; years, by their digits, among them."""
        pieces = [(start, self._sorts[which]) for which, start, _ in self._literals.find(text)]
        return sorted(pieces + [(found.start(), ("points",)) for found in _YEAR.finditer(text)])


def expression(phrase: str, slots: Mapping[str, str]) -> str:
    """A phrase of the data as a regular expression without groups of its own but for the slots."""
    readable = re.sub(r"(?<!\\)\((?!\?)", "(?:", phrase.replace("ё", "е"))
    endings = re.sub(r"(?<!\\)(\w)\*", r"\1\\w*", readable)
    return re.sub(r"\{([a-z]+2?)\}", lambda slot: slots[slot[1]], endings)


def choice(phrases: Iterable[str], slots: Mapping[str, str]) -> str:
    """Phrases as one pattern that matches any of them."""
    return "|".join(expression(phrase, slots) for phrase in phrases) or r"(?!)"


def any_of(phrases: Iterable[str], slots: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern for any of the phrases, as whole words."""
    return re.compile(rf"(?<!\w)(?:{choice(phrases, slots)})(?!\w)")


def named(groups: Mapping[str, Iterable[str]], slots: Mapping[str, str]) -> str:
    """Groups of phrases as one pattern; `lastgroup` is the group that matched, with an underscore."""
    return "|".join(f"(?P<{name}_>{choice(phrases, slots)})" for name, phrases in groups.items())


def table(entries: Mapping[str, Any]) -> Table:
    """The words of a table of the data, longest first."""
    longest_first = sorted(entries.items(), key=lambda entry: -len(entry[0]))
    compiled = tuple((re.compile(expression(phrase, {})), value) for phrase, value in longest_first)
    return Table("(?:" + "|".join(pattern.pattern for pattern, _ in compiled) + ")", _Values(compiled))


def alternatives(groups: Mapping[str, Iterable[str]], slots: Mapping[str, str]) -> Alternatives:
    """Groups of phrases, by name, as whole words."""
    named = [(name, expression(phrase, slots)) for name, phrases in groups.items() for phrase in phrases]
    return Alternatives(_Starting(named))


@cache
def _compiled(phrase: str) -> re.Pattern[str]:
    """Compiled when a text first comes near it: most texts need few of the phrases."""
    return re.compile(phrase)


def triggers(words_for: Mapping[str, Iterable[str]]) -> Triggers:
    """The pieces of words for each sort, as one automaton."""
    sorts: dict[str, tuple[str, ...]] = {}
    for sort, pieces in words_for.items():
        for piece in pieces:
            folded = fold(piece).text
            sorts[folded] = (*sorts.get(folded, ()), sort)
    return Triggers(Literals(sorts, overlapping=True), tuple(sorts.values()))
