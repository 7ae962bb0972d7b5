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

import ahocorasick_rs

from clauses.folding import fold

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
_YEAR = re.compile(r"(?:1[89]|2[01])\d\d(?!\d)")
_EDGE = r"(?<!\w)(?<!\d[.,:/])"


@dataclass(frozen=True, slots=True)
class Table:
    """Words and what they count as: month names, numerals, units."""

    pattern: str
    _values: tuple[tuple[re.Pattern[str], Any], ...]

    def value(self, word: str) -> Any:
        """What a word that the pattern matched stands for; None for another."""
        return next((value for pattern, value in self._values if pattern.fullmatch(word)), None)


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Named groups of phrases: `scan` finds the place of any of them, `exact` says which it is, in order."""

    scan: re.Pattern[str]
    exact: tuple[tuple[str, str], ...]

    def find(self, text: str, stretches: Iterable[tuple[int, int]]) -> Iterator[tuple[str, re.Match[str]]]:
        """Every match in the stretches of the text, left to right, with the name of its group."""
        for start, end in stretches:
            for hit in self.scan.finditer(text, start, end):
                for name, phrase in self.exact:
                    found = _compiled(phrase).match(text, hit.start(), end)
                    if found:
                        yield name, found
                        break


@dataclass(frozen=True, slots=True)
class Triggers:
    """Pieces of words at which to look closer, and what for: points, lengths, recurrences."""

    _automaton: ahocorasick_rs.AhoCorasick
    _sorts: tuple[tuple[str, ...], ...]

    def find(self, text: str) -> list[tuple[int, tuple[str, ...]]]:
        """The places in the text, ascending, and what to look for at each; years, by their digits, among them."""
        hits = self._automaton.find_matches_as_indexes(text, overlapping=True)
        pieces = [(start, self._sorts[which]) for which, start, _ in hits]
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
    return Table("(?:" + "|".join(pattern.pattern for pattern, _ in compiled) + ")", compiled)


def alternatives(groups: Mapping[str, Iterable[str]], slots: Mapping[str, str]) -> Alternatives:
    """Groups of phrases, by name, as whole words."""
    named = [(name, expression(phrase, slots)) for name, phrases in groups.items() for phrase in phrases]
    scan = "|".join(re.sub(r"\(\?P<\w+>", "(?:", phrase) for _, phrase in named)
    exact = tuple((name, f"{_EDGE}(?:{phrase})(?!\\w)") for name, phrase in named)
    return Alternatives(re.compile(f"{_EDGE}(?:{scan})(?!\\w)"), exact)


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
    return Triggers(ahocorasick_rs.AhoCorasick(list(sorts)), tuple(sorts.values()))
