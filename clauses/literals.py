"""Many literals looked for at once: the words that name actors, the pieces of words at which times are looked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ahocorasick_rs import AhoCorasick, MatchKind

_PIECE = 50_000  # characters looked through at a time: the automaton sets aside eight bytes for each of their bytes


class Literals:
    """Literals in one automaton."""

    def __init__(self, literals: Iterable[str], *, overlapping: bool = False) -> None:
        """Build the automaton. `overlapping`: every literal at every place; else the longest, none over another."""
        known = list(literals)
        self._reach = max(map(len, known), default=0)
        self._overlapping = overlapping
        kind = MatchKind.Standard if overlapping else MatchKind.LeftmostLongest
        self._automaton = AhoCorasick(known, matchkind=kind)

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Each literal found, as its number in the order given, its start and its end.

        In order of the starts where none may overlap. The text is looked through piece by piece, each with as much
        behind it as a literal that begins in it may need, so that what is found is the same as in the whole.
        """
        at = 0
        while at < len(text):
            piece, last = text[at : at + _PIECE + self._reach], _PIECE
            for which, start, end in self._automaton.find_matches_as_indexes(piece, overlapping=self._overlapping):
                if start < _PIECE:
                    yield which, at + start, at + end
                    last = end
            at += _PIECE if self._overlapping else max(_PIECE, last)
