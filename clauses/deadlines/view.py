"""The text as deadlines are matched on it: folded, and without the hyphens that a page break left inside words.

Texts taken from paper carry hyphens in the middle of Cyrillic words ("еже-годно"); no word that sets a time has one
of its own, so all of them go, and the way back to the source is kept.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from clauses.folding import Folded

_INNER_HYPHEN = re.compile(r"-(?<=[а-яәғқңөұүһі]-)(?=[а-яәғқңөұүһі])")
_ABBREVIATED = r"(?<!\b[A-ZА-Я]\.)(?<!No\.)(?<!г\.)(?<!ж\.)(?<!ст\.)"
_BOUNDARY = re.compile(
    rf"[.!?…]{_ABBREVIATED}[\"')\]]* (?=[\"'(\[]?[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ0-9•*]|\([a-zа-яіvx]{{1,4}}\)|[a-zа-я]\) )|;"
)
_BACK, _FORTH = 700, 900


@dataclass(frozen=True, slots=True)
class View:
    """`text` is lower case, `cased` keeps capitals; both have the same length."""

    text: str
    cased: str
    _folded: Folded
    _gone: tuple[int, ...]  # for each hyphen left out, the place in `text` behind it

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source offsets of `text[start:end]`."""
        first, last = bisect_right(self._gone, start), bisect_right(self._gone, max(start, end - 1))
        return self._folded.span(start + first, end + last)

    def sentences_at(self, places: list[int]) -> Iterator[tuple[int, int]]:
        """The sentences that hold the given places (ascending), each once; at most 1,600 characters of each."""
        end = 0
        for place in places:
            if place < end:
                continue
            start = max(end, place - _BACK)
            for found in _BOUNDARY.finditer(self.cased, start, place):
                start = found.end()
            after = _BOUNDARY.search(self.cased, place, place + _FORTH)
            end = after.start() + 1 if after else min(place + _FORTH, len(self.text))
            yield start, end


def view(folded: Folded) -> View:
    """The view of a folded text; linear in its length."""
    places = [found.start() for found in _INNER_HYPHEN.finditer(folded.text)]
    if not places:
        return View(folded.text, folded.cased, folded, ())
    gone = tuple(place - index for index, place in enumerate(places))
    return View(_without(folded.text, places), _without(folded.cased, places), folded, gone)


def _without(text: str, places: list[int]) -> str:
    starts = [0, *(place + 1 for place in places)]
    return "".join(text[start:end] for start, end in zip(starts, [*places, len(text)], strict=True))
