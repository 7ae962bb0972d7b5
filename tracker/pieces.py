"""A text cut into the pieces that a page shows: paragraphs, labels, highlighted words, characters that can't be seen.

Offsets are cut first and each piece is escaped by itself in the template, so that no offset can land in an escaped
string and no word of a text is ever markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol

from tracker.unseen import UNSEEN, name


class Marked(Protocol):
    """Something to highlight: `text[start:end]`."""

    @property
    def pk(self) -> int: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Labelled(Protocol):
    """A clause, as far as a page needs it."""

    label: str
    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words shown in one way. `marks` are those that cover it, the innermost last; `opens` begin here.
    `at` is where it begins in the text."""

    words: str
    marks: tuple[Marked, ...] = ()
    opens: tuple[Marked, ...] = ()
    label: bool = False
    unseen: str = ""
    at: int = field(default=0, compare=False)

    @property
    def mark(self) -> Marked | None:
        """The mark that the piece is shown as: the innermost."""
        return self.marks[-1] if self.marks else None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text with the role of its clause and how deep that clause lies."""

    pieces: tuple[Piece, ...]
    role: str = ""
    depth: int = 0
    after_gap: bool = False


class _Window:
    """Walks once over spans, in the order of the text, and answers which of them touch a line."""

    def __init__(self, spans: Iterable[Any]) -> None:
        self._waiting = sorted(spans, key=lambda span: (span.start, -span.end))
        self._next = 0
        self._open: list[Any] = []

    def at(self, start: int, end: int) -> list[Any]:
        """The spans that touch `start:end`, outermost first; lines must be asked for in order."""
        while self._next < len(self._waiting) and self._waiting[self._next].start < end:
            self._open.append(self._waiting[self._next])
            self._next += 1
        self._open = [span for span in self._open if span.end > start]
        return self._open


def paragraphs(text: str, marks: Iterable[Marked], clauses: Iterable[Labelled]) -> list[Paragraph]:
    """The lines of `text`, in order, cut at marks and labels. Their words joined are the text without its line ends."""
    marked, units = _Window(marks), _Window(clauses)
    shown: list[Paragraph] = []
    gap = False
    for line in re.finditer(r"[^\n]*", text):
        start, end = line.span()
        if not line.group().strip():
            gap = gap or end > start or (start > 0 and text[start - 1] == "\n")
            continue
        around = units.at(start, end)
        labels = {unit.start: unit.start + len(unit.label) for unit in around if _printed(text, unit)}
        pieces = tuple(_pieces(text, start, end, marked.at(start, end), labels))
        role = around[-1].role if around else ""
        depth = sum(1 for unit in around if unit.label) - 1
        shown.append(Paragraph(pieces, role, max(0, min(depth, 4)), gap))
        gap = False
    return shown


def _printed(text: str, unit: Labelled) -> bool:
    return bool(unit.label) and text.startswith(unit.label, unit.start)


def _pieces(text: str, start: int, end: int, marks: Sequence[Marked], labels: dict[int, int]) -> Iterator[Piece]:
    edges = {edge for mark in marks for edge in (mark.start, mark.end)} | set(labels) | set(labels.values())
    for a, b in pairwise(sorted({start, end} | {edge for edge in edges if start < edge < end})):
        over = tuple(mark for mark in marks if mark.start <= a and b <= mark.end)
        opens = tuple(mark for mark in over if mark.start == a)
        label = any(first <= a and b <= last for first, last in labels.items())
        yield from _visible(text[a:b], a, over, opens, label)


def _visible(
    words: str, start: int, marks: tuple[Marked, ...], opens: tuple[Marked, ...], label: bool
) -> Iterator[Piece]:
    """The piece, cut again around characters that can't be seen, each named by its code point."""
    at = 0
    for found in UNSEEN.finditer(words):
        if found.start() > at:
            yield Piece(words[at : found.start()], marks, opens, label, at=start + at)
            opens = ()
        if found.group() != "\r":
            yield Piece(found.group(), marks, opens, label, name(found.group()), at=start + found.start())
            opens = ()
        at = found.end()
    if at < len(words):
        yield Piece(words[at:], marks, opens, label, at=start + at)
