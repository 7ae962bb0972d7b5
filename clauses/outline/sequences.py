"""Which of the labels start clauses, and which clause holds which: lists are followed from number to number.

After this stage a paragraph has a label only where a clause starts; each start knows its parent and its part (a text
may hold several instruments: a decree and the agreement that it approves, an agreement and its protocol).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from clauses.numbering import Label, follows, is_first
from clauses.outline.paragraphs import Paragraph
from clauses.outline.signs import Signs

_GAP = 4  # numbers that may be lost between two of a list
_DEEPEST = 9  # lists inside lists of the same style
_WORD_GAP = 12  # articles repealed or left out of an excerpt

Reading = tuple[str, tuple[int, ...]]


class Start(NamedTuple):
    """A clause's beginning: the index of its paragraph, its parent's index among the starts, its part, its depth."""

    at: int
    parent: int | None
    part: int
    kind: str
    value: tuple[int, ...]


@dataclass(slots=True)
class _Level:
    """A list that is open: its style, its last number, the start that holds it and the start of its last item."""

    form: str
    kind: str
    value: tuple[int, ...]
    rank: int
    indent: int
    parent: int | None
    item: int
    section: bool = False  # a heading like "II. Trade" or "B. Goods" over numbers that may run on


@dataclass(slots=True)
class _Follower:
    paragraphs: list[Paragraph]
    signs: Signs
    ahead: list[dict[str, tuple[int, ...]]]  # of each label the next value of its form, by kind
    starts: list[Start] = field(default_factory=list)
    levels: list[_Level] = field(default_factory=list)
    last_of_rank: dict[int, tuple[int, ...]] = field(default_factory=dict)
    running: dict[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)  # lists that a section broke off
    part: int = 0

    def visit(self, at: int, label: Label) -> bool:
        """Place the label of one paragraph; whether it starts a clause."""
        if self.starts and self._begins_part(at, label):
            self.levels.clear()
            self.last_of_rank.clear()
            self.running.clear()
            self.part += 1
        if label.rank:
            return self._place_word(at, label)
        paragraph = self.paragraphs[at]
        return (
            self._placed_section(label, at)
            or self._continued(label, paragraph, at)
            or self._opened(label, paragraph, at)
            or (not paragraph.unsure and self._resumed(label, at))
        )

    def _placed_section(self, label: Label, at: int) -> bool:
        """Put a heading with a capital letter or numeral over the numbers, which may run on behind it."""
        if label.form != "A." or not self.signs.is_heading(at) or self._is_under_heading(at):
            return False
        for level in reversed(self.levels):
            for kind, value in label.readings:
                if level.section and level.kind == kind and follows(kind, level.value, value):
                    self._break_off(level)
                    return self._continue(at, level, (kind, value))
        firsts = [reading for reading in label.readings if is_first(*reading)]
        if not firsts or not self._runs(at, label):
            return False
        self._break_off(next((level for level in reversed(self.levels) if level.section or level.rank), None))
        self._open(at, label, firsts[-1])
        self.levels[-1].section = True
        return True

    def _is_under_heading(self, at: int) -> bool:
        """Whether the paragraph before is a numbered heading, so that this one divides what it heads."""
        before = self.starts[-1].at if self.starts else None
        level = self.levels[-1] if self.levels else None
        numbered = level is not None and not level.section and not level.rank
        return numbered and before == at - 1 and self.signs.is_heading(at - 1)

    def _break_off(self, kept: _Level | None) -> None:
        """Close the lists inside a section, remembering where they stood."""
        while self.levels and self.levels[-1] is not kept:
            level = self.levels.pop()
            self.running[level.form, level.kind] = level.value

    def _begins_part(self, at: int, label: Label) -> bool:
        if not any(is_first(kind, value) for kind, value in label.readings):
            return False
        known = label.rank in self.last_of_rank if label.rank else False
        if not known and not label.rank and not any(level.form == label.form for level in self.levels):
            return False
        return self.signs.breaks(self.starts[-1].at + 1, at)

    def _place_word(self, at: int, label: Label) -> bool:
        kind, value = label.readings[0]
        last = self.last_of_rank.get(label.rank)
        alone = last is None and (label.body >= self.paragraphs[at].end or self.signs.is_heading(at))
        near = is_first(kind, value) or self._is_near(last, value, _WORD_GAP)
        if not near and not alone and not self._runs(at, label):
            return False
        while self.levels and not 0 < self.levels[-1].rank < label.rank:
            self.levels.pop()
        self.last_of_rank[label.rank] = value
        for rank in [rank for rank in self.last_of_rank if rank > label.rank and label.rank == 1]:
            del self.last_of_rank[rank]
        return self._open(at, label, (kind, value))

    @staticmethod
    def _is_near(last: tuple[int, ...] | None, value: tuple[int, ...], gap: int) -> bool:
        if last is None:
            return False
        return last < value and value[0] - last[0] <= gap

    def _runs(self, at: int, label: Label) -> bool:
        """Whether a later label of the same form goes on from this one, or repeats it."""
        for kind, value in label.readings:
            later = self.ahead[at].get(kind)
            if later is not None and (follows(kind, value, later) or (kind == "number" and later == value)):
                return True
        return False

    def _continued(self, label: Label, paragraph: Paragraph, at: int) -> bool:
        """Go on with an open list, the innermost first; of two, the one with the same indent."""
        fits = [
            (level, reading)
            for level in reversed(self.levels)
            for reading in label.readings
            if level.kind == reading[0] and level.form == label.form and follows(*reading[:1], level.value, reading[1])
        ]
        if not fits:
            return False
        level, reading = next((fit for fit in fits if fit[0].indent == paragraph.indent), fits[0])
        if level.kind == "letter" and self._is_nested_roman(label, at):
            return False
        return self._continue(at, level, reading)

    def _is_nested_roman(self, label: Label, at: int) -> bool:
        """Whether an "(i)" behind "(h)" begins Roman numerals: the next is "(ii)"."""
        return ("roman", (1,)) in label.readings and self.ahead[at].get("roman") == (2,)

    def _opened(self, label: Label, paragraph: Paragraph, at: int) -> bool:
        """Begin a list: inside the innermost clause, or again where one of the same style is open."""
        firsts = [(kind, value) for kind, value in label.readings if is_first(kind, value)]
        if not firsts:
            return self._placed_compound(label, at)
        reading = firsts[-1]
        if not self._is_sure_first(label, at):
            return False
        if self._placed_compound(label, at):
            return True
        alike = (level for level in reversed(self.levels) if (level.form, level.kind) == (label.form, reading[0]))
        same = next((level for level in alike if len(level.value) == len(reading[1])), None)
        if same is None:
            return self._open(at, label, reading)
        deeper = paragraph.indent > same.indent + 1 and same is self.levels[-1] and len(self.levels) < _DEEPEST
        if deeper:
            return self._open(at, label, reading)
        return self._continue(at, same, reading)

    def _is_sure_first(self, label: Label, at: int) -> bool:
        """An "A." may be an initial: it begins a list only where a "B." follows."""
        return label.form not in ("A.", "a.") or self._runs(at, label)

    def _placed_compound(self, label: Label, at: int) -> bool:
        """Put a "5.1" under "5" or "Article 5", or behind "4.9"."""
        kind, value = label.readings[0]
        if kind != "number" or len(value) < 2:
            return False
        for level in reversed(self.levels):
            if level.value == value[:-1] and level.kind in ("number", "word", "roman"):
                while self.levels[-1] is not level:
                    self.levels.pop()
                return self._open(at, label, (kind, value))
        return False

    def _resumed(self, label: Label, at: int) -> bool:
        """Take a list up again behind lost numbers, repeated ones, or from a lost beginning."""
        for level in reversed(self.levels):
            for kind, value in label.readings:
                if kind == level.kind and self._fits_loosely(level, label, kind, value):
                    return self._continue(at, level, (kind, value))
        for kind, value in label.readings:
            stood = self.running.get((label.form, kind))
            if stood is not None and follows(kind, stood, value):
                return self._open(at, label, (kind, value))
        if self._runs(at, label) and label.form not in ("A.", "a.") and label.readings[0][1][0] <= 200:
            return self._open(at, label, label.readings[-1] if len(label.readings) == 1 else label.readings[0])
        return False

    def _fits_loosely(self, level: _Level, label: Label, kind: str, value: tuple[int, ...]) -> bool:
        if level.form != label.form:
            return level is self.levels[-1] and follows(kind, level.value, value) and label.form not in ("A.", "a.")
        if kind == "number":
            return level.value == value or (len(value) == len(level.value) and self._is_near(level.value, value, _GAP))
        return kind == "roman" and self._is_near(level.value, value, 2)

    def _continue(self, at: int, level: _Level, reading: Reading) -> bool:
        while self.levels[-1] is not level:
            self.levels.pop()
        self.starts.append(Start(at, level.parent, self.part, *reading))
        level.value, level.item, level.indent = reading[1], len(self.starts) - 1, self.paragraphs[at].indent
        return True

    def _open(self, at: int, label: Label, reading: Reading) -> bool:
        parent = self.levels[-1].item if self.levels else None
        self.starts.append(Start(at, parent, self.part, *reading))
        indent = self.paragraphs[at].indent
        self.levels.append(_Level(label.form, *reading, label.rank, indent, parent, len(self.starts) - 1))
        return True


def settle(paragraphs: list[Paragraph], signs: Signs) -> list[Start]:
    """The starts of clauses in order; labels that start none are taken off their paragraphs."""
    follower = _Follower(paragraphs, signs, _labels_ahead(paragraphs))
    for at, paragraph in enumerate(paragraphs):
        if paragraph.label and not follower.visit(at, paragraph.label):
            paragraph.label, paragraph.body = None, paragraph.start
    return follower.starts


def _labels_ahead(paragraphs: list[Paragraph]) -> list[dict[str, tuple[int, ...]]]:
    """For each label, by the kinds that it may be of, the value of the next label of its form."""
    nearest: dict[tuple[str, str], tuple[int, ...]] = {}
    ahead: list[dict[str, tuple[int, ...]]] = [{} for _ in paragraphs]
    for at in range(len(paragraphs) - 1, -1, -1):
        label = paragraphs[at].label
        if label:
            for kind, _ in label.readings:
                if (label.form, kind) in nearest:
                    ahead[at][kind] = nearest[label.form, kind]
            nearest.update(((label.form, kind), value) for kind, value in label.readings)
    return ahead
