"""Lines into paragraphs: hard-wrapped lines are joined, labels and bullets at the start of a line are taken off.

After this stage every word of the text lies in exactly one paragraph, in the paragraph's label or in its body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from clauses.numbering import Label, is_lone_bullet, read_bullet, read_label
from clauses.outline.words import Words

_INVISIBLE = r"\s\u200b-\u200f\u2060\ufeff"
_LINE = re.compile(rf"[^{_INVISIBLE}](?:[^\n\f]*[^{_INVISIBLE}])?")
_DAY = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_WORD = re.compile(r"\w")
_FIRST_WORD = re.compile(r"\S+")
_LAST_WORD = re.compile(r"(?:[^\W\d_]+\.?|№)\Z")
_FINISHED = frozenset('.;:!?»”")…*')
_RAGGED = 8  # how much shorter than the others a broken line may be where lines stand apart
_WIDEST = 120  # wrapped texts have no longer lines


@dataclass(slots=True)
class Line:
    """A line with words: `text[start:end]`, and its looks.

    `indent` and `width` are counted in characters from the left, `breaks` are the line breaks before it, `small` says
    that it begins with a small letter, `prose` that some line does in its block, the lines between two empty ones.
    """

    start: int
    end: int
    indent: int
    width: int
    breaks: int
    small: bool
    prose: bool = False


@dataclass(slots=True)
class Paragraph:
    """A paragraph of the text; `body` is where its words begin, behind a label or bullet.

    `unsure` marks a label that may be the middle of the paragraph before ("see paragraph\\n2. The …").
    """

    start: int
    end: int
    indent: int
    breaks: int
    body: int
    label: Label | None = None
    bullet: bool = False
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class _Wrap:
    """How wide a text is wrapped: line by line, and with an empty line behind each line; 0 where it is not."""

    close: int
    spaced: int


def paragraphs(text: str, language: str, words: Words) -> list[Paragraph]:
    """The paragraphs of a text in order; linear in its length."""
    lines, bullets = _lines(text)
    wrap = _wrap(text, lines)
    found: list[Paragraph] = []
    last: Line | None = None
    for line in lines:
        label, body, bullet = _opening(text, line, language, line.start in bullets)
        runs_on = last is not None and _runs_on(text, found, last, line, wrap, words)
        plain = label is None and not bullet
        if runs_on and last and (plain or _is_middle(text, line, last, wrap, words)):
            found[-1].end = line.end
        else:
            found.append(Paragraph(line.start, line.end, line.indent, line.breaks, body, label, bullet, runs_on))
        last = line
    return found


def merge(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """The paragraphs without those whose label proved to be none: they go on from the one before."""
    kept: list[Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.unsure and paragraph.label is None and not paragraph.bullet and kept:
            kept[-1].end = paragraph.end
        else:
            kept.append(paragraph)
    return kept


def _lines(text: str) -> tuple[list[Line], set[int]]:
    """The lines with words in them, and the starts of those whose bullet stands on the line before."""
    lines: list[Line] = []
    bullets: set[int] = set()
    before, lone = 0, False
    for found in _LINE.finditer(text):
        start, end = found.span()
        if not (text[start].isalnum() or _WORD.search(text, start, end)):
            lone = is_lone_bullet(text[start:end])
            continue
        gap = text[before:start]
        breaks = gap.count("\n") + (2 * gap.count("\f") if "\f" in gap else 0) if lines else 2
        if lone:
            bullets.add(start)
        indent = len(gap) - 1 - max(gap.rfind("\n"), gap.rfind("\f"))
        lines.append(Line(start, end, indent, indent + end - start, breaks, text[start].islower()))
        before, lone = end, False
    _mark_prose(lines)
    return lines, bullets


def _mark_prose(lines: list[Line]) -> None:
    """Mark the lines of each block that is running text."""
    first = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or lines[at].breaks > 1:
            if at - first > 1 and any(line.small for line in lines[first + 1 : at]):
                for line in lines[first:at]:
                    line.prose = True
            first = at


def _wrap(text: str, lines: list[Line]) -> _Wrap:
    seen: dict[bool, int] = {True: 0, False: 0}
    widths: dict[bool, list[int]] = {True: [], False: []}
    for last, line in pairwise(lines):
        if line.breaks < 3 and last.width <= _WIDEST:
            close = line.breaks == 1
            seen[close] += 1
            if line.small and (close or text[last.end - 1].isalpha()):
                widths[close].append(last.width)
    return _Wrap(_typical(widths[True], seen[True]), _typical(widths[False], seen[False]))


def _typical(widths: list[int], seen: int) -> int:
    """The width at which lines are broken, from the widths of those that surely are; 0 where too few are."""
    if len(widths) < 4 or len(widths) * 8 < seen:
        return 0
    widths.sort()
    return widths[-1 - len(widths) // 10]


def _opening(text: str, line: Line, language: str, bullet: bool) -> tuple[Label | None, int, bool]:
    """The label of a line, where its words begin, and whether they stand behind a bullet."""
    label = None if bullet else read_label(text, line.start, line.end, language)
    if label:
        return label, min(label.body, line.end), bullet
    body = read_bullet(text, line.start, line.end)
    return None, body, bullet or body > line.start


def _is_middle(text: str, line: Line, last: Line, wrap: _Wrap, words: Words) -> bool:
    """Whether what looks like a label or bullet is the middle of a sentence that was wrapped just before it."""
    if line.breaks > 1:
        return False
    return _is_unfinished(text, last, words) or bool(wrap.close and text[last.end - 1] not in _FINISHED)


def _runs_on(text: str, found: list[Paragraph], last: Line, line: Line, wrap: _Wrap, words: Words) -> bool:
    """Whether a line may go on from the one before, by their edges alone."""
    if found[-1].body >= found[-1].end or line.breaks > 3:
        return False
    end, small = text[last.end - 1], line.small
    if line.breaks == 1 and wrap.close and last.width <= _WIDEST:
        if _is_full(text, last, line, wrap.close):
            return not _DAY.fullmatch(text, line.start, line.end)
        label = found[-1].label
        prose = (line.prose or (label is not None and label.rank > 0)) and end.isalpha() and last.width * 2 > wrap.close
        return (end not in ".;:," and small) or prose or _is_unfinished(text, last, words)
    if _is_unfinished(text, last, words):
        return True
    if end in _FINISHED or not (end.isalpha() or end == "-" or line.breaks == 1):
        return False
    if line.breaks == 1:
        return end != "," and (small or text[line.start].isdigit())
    if small:
        return not _ends_list(text, found)
    return bool(wrap.spaced) and last.width <= _WIDEST and _is_full(text, last, line, wrap.spaced - _RAGGED)


def _is_full(text: str, last: Line, line: Line, width: int) -> bool:
    if last.width >= width:
        return True
    first = _FIRST_WORD.match(text, line.start, line.end)
    return last.width + 1 + (len(first.group()) if first else 0) > width


def _is_unfinished(text: str, last: Line, words: Words) -> bool:
    ends = words.unfinished_ends
    if text[last.end - 2 : last.end].lower() not in ends and text[last.end - 1].lower() not in ends:  # nearly always
        return False
    word = _LAST_WORD.search(text, max(last.start, last.end - 24), last.end)
    return bool(word) and word.group().lower() in words.unfinished  # type: ignore[union-attr]


def _ends_list(text: str, found: list[Paragraph]) -> bool:
    """Whether the last paragraph is the last item of a list, so that what follows is the list's tail."""
    if len(found) < 2 or not (found[-1].bullet or found[-1].label):
        return False
    return (found[-2].bullet or found[-2].label is not None) and text[found[-2].end - 1] in ";,"
