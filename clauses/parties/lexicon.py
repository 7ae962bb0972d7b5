"""All words that can name an actor, in one automaton a language, and the tokens it finds in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import takewhile
from typing import NamedTuple

from clauses import languages
from clauses.folding import Folded, fold
from clauses.literals import Literals
from clauses.parties.inflection import BARE, literals, tail_sort
from clauses.parties.names import organisations, states

HEADS = frozenset(("side", "state", "person", "office", "national", "native"))
_PROPER = frozenset(("name", "organisation", "capital", "seat", "group"))
_TAIL = re.compile(r"-?\w*")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a literal can mean: `sort` of the word, the codes it stands for, how it must be written and may end."""

    sort: str
    codes: tuple[str, ...]
    tails: tuple[str, ...]
    capital: bool
    acronym: bool
    strict: bool = False


class Token(NamedTuple):
    """A word of the lexicon in a folded text: the offsets there, the first meaning that fits, and the others."""

    start: int
    end: int
    entry: Entry
    others: tuple[Entry, ...] = ()

    @property
    def sort(self) -> str:
        return self.entry.sort

    def meaning(self, sorts: frozenset[str]) -> Entry | None:
        """The meaning of one of `sorts`, if the word has it."""
        if self.entry.sort in sorts:
            return self.entry
        return next((entry for entry in self.others if entry.sort in sorts), None) if self.others else None


def tokens(folded: Folded, language: str) -> list[Token]:
    """The words of the lexicon in a text, longest first at each place, in order."""
    automaton, meanings = _lexicon(language)
    text, cased, found = folded.text, folded.cased, []
    for which, start, end in automaton.find(text):
        if start and text[start - 1].isalnum():
            continue
        behind, tail = text[end : end + 1], ""
        if behind.isalnum():
            if meanings[which][0].tails is BARE:
                continue
            tail = _TAIL.match(text, end).group()  # type: ignore[union-attr]
        elif behind == "-":
            tail = _TAIL.match(text, end).group()  # type: ignore[union-attr]
        written = cased[start:end]
        fits = _fitting(which, tail, written[0].isupper(), written.isupper(), language)
        if fits:
            meant, length, others = fits
            found.append(Token(start, end + length, meant, others))
    return found


@lru_cache(maxsize=100_000)
def _fitting(
    which: int, tail: str, capital: bool, acronym: bool, language: str
) -> tuple[Entry, int, tuple[Entry, ...]] | None:
    """What a literal as written can mean with a tail behind it: the first meaning with its ending's length, the others.

    A text has few words of the lexicon, many times each.
    """
    fits = []
    word = "" if tail.startswith("-") else tail
    for entry in _lexicon(language)[1][which]:
        sort, length = (entry.sort if word in entry.tails else None), len(word)
        if not entry.tails:
            sort, length = _agglutinated(tail, entry, language)
        free = capital or not entry.capital or sort == "adjective" != entry.sort  # "венгриялық" needs no capital
        if sort and (acronym if entry.acronym else free):
            meant = entry if sort == entry.sort else Entry(sort, entry.codes, entry.tails, entry.capital, entry.acronym)
            fits.append((meant, length))
    return (*fits[0], tuple([entry for entry, _ in fits[1:]])) if fits else None


def _agglutinated(tail: str, entry: Entry, language: str) -> tuple[str | None, int]:
    if not tail:
        return entry.sort, 0
    sort = tail_sort(tail, language)
    if sort is None and tail.startswith("-"):
        sort, tail = "name", ""
    if sort == "adjective":
        return ("adjective" if entry.sort in ("name", "capital", "adjective") else None), len(tail)
    return (entry.sort if sort else None), len(tail)


@cache
def _lexicon(language: str) -> tuple[Literals, list[tuple[Entry, ...]]]:
    meanings: dict[str, list[Entry]] = {}
    for phrase, sort, codes, strict in _phrases(language):
        acronym = phrase.isupper() and len(phrase) <= 8 and " " not in phrase
        capital = sort in _PROPER or (sort == "adjective" and phrase[0].isupper())
        for literal, tails in literals(phrase, language):
            if literal:
                meanings.setdefault(literal, []).append(Entry(sort, codes, tails, capital, acronym, strict))
    for literal in meanings:
        _complete(literal, meanings)
    return Literals(meanings), [tuple(entries) for entries in meanings.values()]


def _complete(literal: str, meanings: dict[str, list[Entry]]) -> None:
    """Add the words that begin with this literal though their own is shorter: only the longest is ever shown."""
    for length in range(2, len(literal)):
        for entry in meanings.get(literal[:length], ()):
            rest = literal[length:]
            tails = tuple(tail[len(rest) :] for tail in entry.tails if tail.startswith(rest))
            if tails:
                meanings[literal].append(replace(entry, tails=tails))


def _phrases(language: str) -> Iterator[tuple[str, str, tuple[str, ...], bool]]:
    data = languages.words(language, "parties")
    for code, row in states(language).items():
        yield row["name"], "name", (code,), False
    for code, names in organisations().items():
        yield from ((name, "organisation", (code,), False) for name in names.get(language, ()))
    for table, sort in (("names", "name"), ("adjectives", "adjective"), ("capitals", "capital"), ("seats", "seat")):
        for code, names in data[table].items():
            yield from ((name, sort, (code,), False) for name in names)
    for code, row in states(language).items():
        if "capital" in row:
            yield row["capital"], "capital", (code,), False
    for codes, names in data["groups"].items():
        yield from ((name, "group", tuple(codes.split()), False) for name in names)
    for sort, words in data["heads"].items():
        yield from ((word, sort, (), False) for word in words)
    strict = set(data["all"]["strict"])
    yield from ((word, "all", (), word in strict) for word in data["all"]["terms"])
    yield from ((word, "body", (), False) for word in data["bodies"]["heads"])
    yield from ((word, "pronoun", (), False) for word in data["pronouns"]["words"])


def capital_named(words: str, language: str) -> str | None:
    """The name of a capital in its basic form, from the form it has in a text ("Астане"); None where it is none."""
    found = [token for token in tokens(fold(words), language) if token.sort == "capital"]
    if not found:
        return None
    code = found[0].entry.codes[0]
    known = languages.words(language, "parties")["capitals"].get(code, [])
    names: list[str] = [*known, states(language).get(code, {}).get("capital", "")]
    return max(names, key=lambda name: _shared(name.lower(), words.lower()))


def _shared(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
