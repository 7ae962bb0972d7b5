"""Terms that the document defines for itself: "(hereinafter “the four Governments”)"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from clauses import languages
from clauses.folding import Folded
from clauses.parties.found import Found

_NAMED = frozenset(("state", "organisation", "side", "person"))
_ADJACENT = 4  # characters between the last of those meant and the words that define the term
_SHORTEST = 4
_BETWEEN = re.compile(r"(?:,|;|\W*\w{1,4}\W+){1,2}(?:\w+ )?\W*")  # what stands between two names of a list
_TAIL = re.compile(r"\w{0,3}\b")


def defined(folded: Folded, language: str, mentions: list[Found], parties: tuple[str, ...]) -> list[Found]:
    """The mentions, with those added that use a term which the document defines for some of its parties."""
    general = {mention.head for mention in mentions if mention.sort == "all"}
    meant: dict[str, tuple[str, ...]] = {}
    for term, codes in _definitions(folded, language, mentions):
        if codes and codes != parties and len(term) >= _SHORTEST and term not in general:
            meant.setdefault(term, codes)
    return _with_uses(folded, meant, mentions) if meant else mentions


def _with_uses(folded: Folded, meant: dict[str, tuple[str, ...]], mentions: list[Found]) -> list[Found]:
    """The mentions with every use of the terms; one without codes gives way to a term that covers it."""
    terms, text = list(meant), folded.text
    result: list[Found] = []
    waiting = iter([*mentions, Found(len(text) + 1, len(text) + 1, "")])
    nearest = next(waiting)
    for which, start, end in AhoCorasick(terms, matchkind=MatchKind.LeftmostLongest).find_matches_as_indexes(text):
        tail = _TAIL.match(text, end)
        if tail is None or (start and text[start - 1].isalnum()):
            continue
        covered: list[Found] = []
        while nearest.start < tail.end():
            (covered if nearest.end > start else result).append(nearest)
            nearest = next(waiting)
        codes = meant[terms[which]]
        if any(mention.codes for mention in covered):
            result += covered
        elif not result or result[-1].end <= start:
            result.append(Found(start, tail.end(), "all" if len(codes) > 1 else "side", codes))
    return [*result, nearest, *waiting][:-1]


def _definitions(folded: Folded, language: str, mentions: list[Found]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each defined term with those it stands for: the list of names right before the definition, or behind "means"."""
    starts = [mention.start for mention in mentions]
    for pattern in _patterns(language):
        for place in pattern.finditer(folded.text):
            last = bisect_left(starts, place.start()) - 1
            if last >= 0 and place.start() - mentions[last].end <= _ADJACENT and mentions[last].sort in _NAMED:
                yield place.group(1).strip(' "'), _run(folded, mentions, last)
    for place in _means(language).finditer(folded.text):
        index = bisect_left(starts, place.end())
        if index < len(starts) and starts[index] <= place.end() + _ADJACENT and mentions[index].sort in _NAMED:
            yield place.group(1), mentions[index].codes


def _run(folded: Folded, mentions: list[Found], last: int) -> tuple[str, ...]:
    """The codes of the list of names that ends with the mention at `last`."""
    first = last
    while first and mentions[first - 1].sort in _NAMED:
        between = folded.text[mentions[first - 1].end : mentions[first].start]
        if len(between) > 40 or not _BETWEEN.fullmatch(between):
            break
        first -= 1
    return tuple(dict.fromkeys(code for mention in mentions[first : last + 1] for code in mention.codes))


@cache
def _means(language: str) -> re.Pattern[str]:
    return re.compile(languages.words(language, "parties")["defining"]["means"])


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in languages.words(language, "parties")["defining"]["terms"])
