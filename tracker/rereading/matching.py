"""Which commitment of one reading is which of another, by place and wording.

Stated rules, in this order: a person's words stay wherever they stand in the text; the same words are the same
commitment; in an unchanged text, spans that share half of the shorter one are; words that are alike enough are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

ALIKE = 0.6
"""From this ratio of difflib's SequenceMatcher on, counted in words, two wordings are one commitment that changed."""

SHARED = 0.5
"""From this share of the shorter one on, two spans of one text are the same commitment."""


class Spanned(Protocol):
    """A stretch of a text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Wording:
    """A commitment of one reading: where it stands, and its words with white space folded."""

    start: int
    end: int
    words: str


def wording(body: str, span: Spanned) -> Wording:
    """The wording at a span of a text."""
    return Wording(span.start, span.end, " ".join(body[span.start : span.end].split()))


def share(one: Spanned, other: Spanned) -> float:
    """How much of the shorter span both have in common, 0 to 1."""
    common = min(one.end, other.end) - max(one.start, other.start)
    return max(0.0, common / max(1, min(one.end - one.start, other.end - other.start)))


def place(words: str, body: str, near: int, taken: set[tuple[int, int]]) -> tuple[int, int] | None:
    """Where these words stand in a text, whatever the white space: of several places the nearest that is free."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    places = [found.span() for found in re.finditer(pattern, body)] if pattern else []
    free = [span for span in places if span not in taken]
    return min(free, key=lambda span: abs(span[0] - near), default=None)


def same_words(old: Sequence[Wording], new: Sequence[Wording]) -> Iterator[tuple[int, int]]:
    """Pairs (index in old, index in new) with the same words; where words repeat, in the order of the texts."""
    waiting: dict[str, list[int]] = {}
    for index, each in enumerate(new):
        waiting.setdefault(each.words, []).append(index)
    for index, each in enumerate(old):
        if found := waiting.get(each.words):
            yield index, found.pop(0)


def same_place(old: Sequence[Wording], new: Sequence[Wording]) -> Iterator[tuple[int, int]]:
    """Pairs whose spans overlap enough, the closest first; for two readings of one text."""
    shares = ((share(one, other), i, j) for i, one in enumerate(old) for j, other in enumerate(new))
    yield from _closest([each for each in shares if each[0] >= SHARED])


def alike(old: Sequence[Wording], new: Sequence[Wording]) -> Iterator[tuple[int, int]]:
    """Pairs whose wordings are alike enough, the closest first."""
    found = []
    matcher: SequenceMatcher[str] = SequenceMatcher(autojunk=False)
    for j, other in enumerate(new):
        matcher.set_seq2(other.words.split())
        for i, one in enumerate(old):
            matcher.set_seq1(one.words.split())
            if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE:
                found.append((matcher.ratio(), i, j))
    yield from _closest([each for each in found if each[0] >= ALIKE])


def _closest(pairs: list[tuple[float, int, int]]) -> Iterator[tuple[int, int]]:
    left, right = set(), set()
    for _closeness, i, j in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            yield i, j
