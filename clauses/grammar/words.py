"""The words of a sentence and where they stand.

A text has few words, many times each, so what stands between two spaces is cut into words once and remembered.
"""

from __future__ import annotations

import re
from itertools import accumulate, chain

_WORD = re.compile(r"([^\W_]+(?:['.\-/&+][^\W_]+)*|[^\w\s])")
_REMEMBERED = 100_000  # stretches between spaces; more would be memory without speed


class _Known(dict[str, "tuple[str, ...]"]):
    """The pieces of a stretch between spaces, the space before it among them, worked out when first met."""

    def __missing__(self, stretch: str) -> tuple[str, ...]:
        pieces = tuple(_WORD.split(" " + stretch)[:-1])
        if len(self) < _REMEMBERED:
            self[stretch] = pieces
        return pieces


_known = _Known()


def pieces_of(sentence: str) -> list[str]:
    """What stands before each word, and the word: `pieces[1::2]` are the words, punctuation marks among them."""
    return [*chain.from_iterable(map(_known.__getitem__, sentence.split(" ")))]


def edges_of(pieces: list[str], text: str, low: int, high: int) -> tuple[list[int], list[int]]:
    """Where the words of `text[low:high]` start and where they end, given its pieces."""
    edges = [*accumulate(map(len, pieces), initial=low - 1)]
    if edges[-1] == high:
        return edges[1::2], edges[2::2]
    found = [*_WORD.finditer(text, low, high)]  # something other than a space stands behind a word: an underscore
    return [word.start() for word in found], [word.end() for word in found]
