"""Where sentences end: at a stop, a question mark or an ellipsis that no abbreviation or initial explains.

A semicolon or a colon ends nothing: lists are the outline's business. A stop glued to the next sentence
("… of this agreement.The members …"), as converters leave it, ends one all the same.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from clauses.folding import Folded
from clauses.languages import words

_END = re.compile(
    r"[.!?\u2026]+[\"')\]]*(?:\[\d{1,3}\])?"
    r"(?: (?=[\"'(\[\u2022*-]*(?:[^\W\d_]|\d))|(?<=\w\w\w\.)(?=[A-Z\u0410-\u042f][a-z\u0430-\u044f]))"
)
_LONGEST = 2000  # characters; what is longer is a table or a list that lost its lines
_NEXT_WORD = re.compile(r"[^\W\d_]+|\d")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")


def split(folded: Folded, start: int, end: int, language: str) -> list[tuple[int, int]]:
    """The sentences of `text[start:end]` as source offsets, in order, white space at their ends left out."""
    text, low, high = folded.text, folded.at(start), folded.at(end)
    cuts = [low, *_cuts(folded.cased, low, high, language), high]
    if high - low > _LONGEST:
        cuts = [low, *(cut for a, b in pairwise(cuts) for cut in _bounded(text, a, b))]
    spans = [_trimmed(text, a, b) for a, b in pairwise(cuts)]
    return [folded.span(a, b) for a, b in spans if a < b]


def _bounded(text: str, low: int, high: int) -> list[int]:
    """The end of a sentence, and the places within it where one too long is cut: at a semicolon or a space."""
    ends = []
    while high - low > _LONGEST:
        stop = text.rfind(";", low + 1, low + _LONGEST)
        stop = stop if stop > low else text.rfind(" ", low + 1, low + _LONGEST)
        low = stop + 1 if stop > low else low + _LONGEST
        ends.append(low)
    return [*ends, high]


def _cuts(cased: str, low: int, high: int, language: str) -> list[int]:
    """The places between two sentences within `cased[low:high]`."""
    return [found.end() for found in _END.finditer(cased, low, high) if _ends(cased, low, found, language)]


def _ends(cased: str, low: int, found: re.Match[str], language: str) -> bool:
    following = _NEXT_WORD.search(cased, found.end())
    word = following.group() if following else ""
    if not word or word[0].islower():
        return False
    if cased[found.start() : found.start() + 2] not in (". ", ".") or found.group().rstrip("[]0123456789 ") != ".":
        return True
    before = cased[max(low, found.start() - 24) : found.start()]
    last = before.rsplit(" ", 1)[-1].lstrip("\"'([-").lower()
    return _closes(last, before, word.lower(), language)


def _closes(last: str, before: str, following: str, language: str) -> bool:
    """Whether a stop after the word `last` closes a sentence that `following` would open."""
    abbreviations, closing, openers = _lists(language)
    if last in closing:
        return following in openers
    if last in abbreviations or _DOTTED.fullmatch(last):
        return bool(_DOTTED.fullmatch(last)) and last not in abbreviations and following in openers
    initial = len(last) == 1 and last.isalpha()
    return not initial and bool(before.strip())


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] == " ":
        start += 1
    while end > start and text[end - 1] == " ":
        end -= 1
    return start, end


@cache
def _lists(language: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    data = words(language, "sentences")
    return frozenset(data["abbreviations"]), frozenset(data["closing"]), frozenset(data["openers"])
