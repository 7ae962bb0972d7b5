"""Terms that the document defines for itself: "(hereinafter “the four Governments”)"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

from clauses import languages
from clauses.folding import Folded
from clauses.literals import Literals
from clauses.parties.found import Found

_NAMED = frozenset(("state", "organisation", "side", "person"))
_ADJACENT = 4  # characters between the last of those meant and the words that define the term
_SHORTEST = 4
_OFFICE = 50  # characters between "means" and the authority meant
_DEPUTY = 140  # characters before "on behalf of" in which the body that acts so is named
_BETWEEN = re.compile(r"(?:,|;|\W*\w{1,4}\W+){1,2}(?:\w+ )?\W*")  # what stands between two names of a list
_PLAIN = re.compile(r'[^.;:"()]*')
_TAIL = re.compile(r"\w{0,3}\b")


def defined(folded: Folded, language: str, mentions: list[Found], parties: tuple[str, ...]) -> list[Found]:
    """The mentions, with those added that use a term which the document defines for some of its parties."""
    general = {mention.head for mention in mentions if mention.sort == "all"}
    meant: dict[str, tuple[str, ...]] = {}
    for term, codes in _definitions(folded, language, mentions):
        if codes and codes != parties and len(term) >= _SHORTEST and term not in general:
            meant.setdefault(term, codes)
    for term, codes in _deputies(folded, language, mentions, meant):
        if codes and codes != parties and term not in general:
            meant.setdefault(term, codes)
    return _with_uses(folded, meant, mentions) if meant else mentions


def _with_uses(folded: Folded, meant: dict[str, tuple[str, ...]], mentions: list[Found]) -> list[Found]:
    """The mentions with every use of the terms; one without codes gives way to a term that covers it."""
    terms, text = list(meant), folded.text
    result: list[Found] = []
    waiting = iter([*mentions, Found(len(text) + 1, len(text) + 1, "")])
    nearest = next(waiting)
    for which, start, end in Literals(terms).find(text):
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
        if index < len(starts) and mentions[index].sort in _NAMED and _is_meant(folded, place, mentions[index]):
            yield place.group(1), mentions[index].codes


def _is_meant(folded: Folded, place: re.Match[str], mention: Found) -> bool:
    """Whether a mention behind "means" is what is meant: right there, or the office that the term names too."""
    at = place.end()
    if mention.start <= at + _ADJACENT:
        return True
    named = mention.head and mention.head in place.group(1) and mention.start <= at + _OFFICE
    return bool(named) and _PLAIN.fullmatch(folded.text, at, mention.start) is not None


def _deputies(
    folded: Folded, language: str, mentions: list[Found], meant: dict[str, tuple[str, ...]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each body that the text says to act for some parties ("the Committee, created to act on behalf of …")."""
    starts = [mention.start for mention in mentions]
    behalf, body = _behalf(language)
    for place in behalf.finditer(folded.text):
        named = body.search(folded.text, max(0, place.start() - _DEPUTY), place.start())
        if not named:
            continue
        term = next((term for term in meant if folded.text.startswith(term, place.end())), None)
        index = bisect_left(starts, place.end())
        if term is not None:
            yield named.group(1), meant[term]
        elif index < len(starts) and starts[index] <= place.end() + _ADJACENT:
            yield named.group(1), mentions[index].codes


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
def _behalf(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The words for acting in the name of others, and, to their left, the body that does."""
    data = languages.words(language, "parties")["defining"]
    return re.compile(data["behalf"]), re.compile(data["deputy"] + r"\Z")


@cache
def _means(language: str) -> re.Pattern[str]:
    return re.compile(languages.words(language, "parties")["defining"]["means"])


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in languages.words(language, "parties")["defining"]["terms"])
