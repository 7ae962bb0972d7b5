"""The lines of a PDF into paragraphs: running heads taken off, notes put at the end, lines and hyphens joined."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from statistics import median

from clauses.text.pdf_lines import Line

_EDGE = 0.13  # of the page's height at its top and bottom where running heads and page numbers stand
_FOOT = 0.6  # of a page, below which notes may stand
_SMALLER = 0.93  # of the usual height of letters, below which they are small print
_WORD = re.compile(r"[^\W_]")
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|стр\.?|с\.|бет)?\W*(?:\d{1,4}|[ivxl]{1,7})(?:\s*(?:/|of|из)\s*\d{1,4})?(?:\W*бет)?\W*", re.I
)
_LONGEST_NUMBER = 60  # characters of a line that may be a page number
_NOTE = re.compile(r"(?:\[?\d{1,3}\]?\s?|\*{1,3}\s?|[¹²³⁴⁵⁶⁷⁸⁹⁰]+\s?)(?=\S)")
_LABEL = re.compile(
    r"(?:\(?(?:\d{1,3}(?:\.\d{1,2})*|[a-zа-яәіңғүұқөһ]{1,2}|[ivxl]{1,5}|[A-ZА-Я])[.)]\s|[•·▪●–—-]\s"
    r"|(?:article|chapter|section|part|annex|статья|глава|раздел|приложение)\s+[\dIVX]|\d+\s*-\s*(?:бап|тарау|бөлім))",
    re.I,
)
_SMALL = re.compile(r"[a-zа-яёәғқңөұүһі]")
_ENDED = tuple('.;:!?»”"')


def paragraphs_of(lines: list[Line], height: float) -> list[str]:
    """The paragraphs of a document of pages of one height; notes follow at the end."""
    body = _without_heads(lines, height) if lines else []
    if not body:
        return []
    body, notes = _without_notes(body, height)
    return _paragraphs(body) + _notes(notes)


def _without_heads(lines: list[Line], height: float) -> list[Line]:
    """Lines that are not running heads, repeated on pages, or page numbers."""
    edge = [line for line in lines if not height * _EDGE < line.middle < height * (1 - _EDGE)]
    pages = len({line.page for line in lines})
    seen = Counter({_pattern(line): 0 for line in edge})
    for pattern, _ in {(_pattern(line), line.page) for line in edge}:
        seen[pattern] += 1
    size = _body_size(lines)
    dropped = {
        id(line)
        for line in edge
        if (len(line.words) <= _LONGEST_NUMBER and _PAGE_NUMBER.fullmatch(line.words))
        or (pages > 1 and seen[_pattern(line)] >= max(2, pages // 4))
        or (line.page > 0 and line.middle > height / 2 and line.size < size * _SMALLER)
        or (line.middle < height / 2 and _is_job_number(line.words))
    }
    return [line for line in lines if id(line) not in dropped and _WORD.search(line.words)]


def _body_size(lines: list[Line]) -> float:
    """The usual height of the letters, long lines counting for more."""
    return median(line.size for line in lines for _ in range(1 + len(line.words) // 20))


def _is_job_number(words: str) -> bool:
    """Whether the foot of a page is a printer's number: "23-15249 (E) 110823"."""
    digits, letters = len(re.findall(r"\d", words)), len(re.findall(r"[^\W\d_]", words))
    return digits >= 4 and letters * 3 < digits


def _pattern(line: Line) -> str:
    words = line.words.lower()
    return words if _NOTE.match(words) else _DIGITS.sub("#", words)


def _without_notes(lines: list[Line], height: float) -> tuple[list[Line], list[Line]]:
    """The lines without the notes at the foot of each page, and the notes."""
    size = _body_size(lines)
    notes: set[int] = set()
    feet: dict[int, list[Line]] = {}
    for line in lines:
        if line.middle < height * _FOOT:
            feet.setdefault(line.page, []).append(line)
    for foot in feet.values():
        small: list[Line] = []
        for line in sorted(foot, key=lambda each: each.middle):
            if line.size > size * _SMALLER:
                break
            small.append(line)
        while small and not _NOTE.match(small[-1].words):
            small.pop()
        notes |= {id(line) for line in small}
    return [each for each in lines if id(each) not in notes], [each for each in lines if id(each) in notes]


def _notes(lines: list[Line]) -> list[str]:
    """Each note a paragraph, from its mark to the next."""
    found: list[str] = []
    for line in lines:
        if found and not _NOTE.match(line.words):
            found[-1] = _joined(found[-1], line.words)
        else:
            found.append(line.words)
    return found


def _paragraphs(lines: list[Line]) -> list[str]:
    if not lines:
        return []
    step = _step(lines)
    edges = _right_edges(lines)
    found = [lines[0].words]
    for last, line in pairwise(lines):
        if _goes_on(last, line, step, edges):
            found[-1] = _joined(found[-1], line.words)
        else:
            found.append(line.words)
    return found


def _step(lines: list[Line]) -> float:
    """The usual distance from a line to the next."""
    steps = [a.middle - b.middle for a, b in pairwise(lines) if a.page == b.page and 0 < a.middle - b.middle < 60]
    return median(steps) if steps else 12.0


def _right_edges(lines: list[Line]) -> dict[int, float]:
    """How far to the right the lines of each column reach."""
    edges: dict[int, list[float]] = {}
    for line in lines:
        edges.setdefault(line.column, []).append(line.right)
    return {column: sorted(rights)[len(rights) * 9 // 10] for column, rights in edges.items()}


def _goes_on(last: Line, line: Line, step: float, edges: dict[int, float]) -> bool:
    """Whether a line goes on with the paragraph of the one before."""
    small = bool(_SMALL.match(line.words))
    if _LABEL.match(line.words) and not (small and not last.words.endswith(_ENDED) and line.words[1:2].isalpha()):
        return False
    ended = last.words.endswith(_ENDED)
    if last.page != line.page or last.column != line.column:
        return small or not (ended or _is_short(last, line, edges))
    if last.middle - line.middle > step * 1.45 or abs(last.size - line.size) > 0.25 * max(last.size, line.size):
        return small and not ended and last.middle - line.middle <= step * 2.2
    if _is_short(last, line, edges):
        return small and not ended
    return not (ended and line.left - last.left > 1.2 * line.size)


def _is_short(last: Line, line: Line, edges: dict[int, float]) -> bool:
    """Whether a line was left short: the first word of the next would have had room."""
    first = line.words.split(" ", 1)[0]
    width = (line.right - line.left) / max(len(line.words), 1) * (len(first) + 1)
    return last.right + width < edges[last.column] - 0.5 * last.size


def _joined(words: str, more: str) -> str:
    """Two lines as one; a hyphen at the end of the first goes where a word goes on with a small letter."""
    if words.endswith("-") and len(words) > 1 and words[-2].isalpha() and _SMALL.match(more):
        return words[:-1] + more
    return f"{words}{'' if words.endswith('-') else ' '}{more}"
