"""Phrases of which a word tells at once that none begins with it: most words of a text are passed over so.

A pattern of hundreds of phrases is slow to try at every word. Of each phrase the part within its first word is cut
off, and whether any of these fits a word is remembered, for texts repeat their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_REMEMBERED = 200_000  # words; more would be memory without speed
_WORD_SIGN = re.compile(r"\w|\\[wd]|\[(?!\^)[\w-]+\]|\[\^[^]]*\\W\]")  # an item that matches letters and digits only
_QUANTIFIER = re.compile(r"[*+?]|\{[\d,]+\}")
_BEHIND = " "  # a phrase ends where its last word does
_SIGN = re.compile(r"\\.|\[\^?.[^]]*\]|[()|]", re.S)


class Phrases:
    """Phrases, in the syntax of `re`, that are looked for as whole words."""

    def __init__(self, phrases: str) -> None:
        """Compile alternatives; named groups tell afterwards which was found."""
        self._pattern = re.compile(rf"(?<!\w)(?:{phrases})(?!\w)")
        self._begins = _Begins(re.compile(first_word(re.sub(r"\?P<\w+>", "?:", phrases))))

    def find(self, text: str, words: Iterable[tuple[int, str]], end: int) -> Iterator[re.Match[str]]:
        """The phrases that begin with one of the words of a stretch that ends at `end`, in order, none overlapping."""
        begins, match = self._begins, self._pattern.match
        free = 0
        for start, word in words:
            if begins[word] and start >= free:
                found = match(text, start, end)
                if found:
                    yield found
                    free = found.end()


class _Begins(dict[str, bool]):
    """Whether a phrase may begin with a word."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        super().__init__()
        self._pattern = pattern

    def __missing__(self, word: str) -> bool:
        known = self._pattern.match(word) is not None
        if len(self) < _REMEMBERED:
            self[word] = known
        return known


def first_word(phrases: str) -> str:
    """A pattern for the first words of phrases: it fits at least the words that one of them may begin with.

    What cannot be told from the word alone is left open. Raises ValueError for a phrase that may begin with another
    sign than a letter or digit.
    """
    beginnings = [_beginning(phrase + _BEHIND) for phrase in _alternatives(phrases)]
    if None in beginnings:
        raise ValueError(f"a phrase begins with no word: {phrases}")
    return "|".join(map(str, beginnings))


def _beginning(phrase: str) -> str | None:
    """The part of one phrase that its first word must match; None where it begins with another sign."""
    kept = ""
    at = 0
    while at < len(phrase):
        end = _item_end(phrase, at)
        quantifier = _QUANTIFIER.match(phrase, end)
        item, times, at = phrase[at:end], quantifier[0] if quantifier else "", quantifier.end() if quantifier else end
        if item.startswith(("(?=", "(?!", "(?<=")):
            kept += item if item == "(?!)" else ""  # the words around are not looked at
        elif item.startswith("(?:") and not _is_within_word(item[3:-1]):
            return kept + _choice(item[3:-1], phrase[at:], times)
        elif item.startswith("(") or item == r"\b" or _WORD_SIGN.fullmatch(item):
            kept += item + times
        else:
            whole = item == " " and not times
            return (kept + r"(?!\w)" if whole else kept) if kept else None
    return kept


def _choice(inside: str, rest: str, times: str) -> str:
    """The beginning of what goes on with alternatives that have words behind their first, or may be left out."""
    if times not in ("", "?"):
        return ""
    ways = [*(way + rest for way in _alternatives(inside)), *([rest] if times else [])]
    return f"(?:{'|'.join(_beginning(way) or '' for way in ways)})"


def _is_within_word(pattern: str) -> bool:
    """Whether a pattern matches nothing but letters and digits."""
    at = 0
    while at < len(pattern):
        end = _item_end(pattern, at)
        item = pattern[at:end]
        inner = item.startswith("(?:") and _is_within_word(item[3:-1])
        if not (inner or item == "|" or item.startswith("(?<") or _WORD_SIGN.fullmatch(item)):
            return False
        quantifier = _QUANTIFIER.match(pattern, end)
        at = quantifier.end() if quantifier else end
    return True


def _item_end(pattern: str, at: int) -> int:
    """The end of the sign, set or bracket that begins at a place of a pattern."""
    if pattern[at] == "(":
        return _closing(pattern, at)
    sign = _SIGN.match(pattern, at)
    return sign.end() if sign else at + 1


def _closing(pattern: str, at: int) -> int:
    """The place behind the bracket that closes the one at a place."""
    depth = 0
    for sign in _SIGN.finditer(pattern, at):
        depth += (sign[0] == "(") - (sign[0] == ")")
        if not depth:
            return sign.end()
    raise ValueError(f"a bracket is not closed: {pattern}")


def _alternatives(pattern: str) -> Iterator[str]:
    """The pattern cut at the bars that stand in no bracket."""
    depth = last = 0
    for sign in _SIGN.finditer(pattern):
        depth += (sign[0] == "(") - (sign[0] == ")")
        if sign[0] == "|" and not depth:
            yield pattern[last : sign.start()]
            last = sign.end()
    yield pattern[last:]
