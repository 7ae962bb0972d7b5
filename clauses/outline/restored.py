"""Numbers that a page break or a lost line break has pushed into the paragraph before: "… are met.5. The Parties …".

A number inside running text starts no clause, so this looks only where a list lacks a number, only between its
neighbours, and only behind the end of a sentence.
"""

from __future__ import annotations

import re

from clauses.numbering import Label, read_label
from clauses.outline.paragraphs import Paragraph

_LACKING = 3  # numbers lacking between two neighbours, more of which are not looked for


def restore(text: str, paragraphs: list[Paragraph], language: str) -> list[Paragraph]:
    """The paragraphs, divided where a lacking number stands inside one; linear in the length of the text."""
    divided: dict[int, list[Label]] = {}
    last: dict[str, int] = {}
    for at, paragraph in enumerate(paragraphs):
        label = paragraph.label
        if label is None or label.readings[0][0] not in ("number", "word") or len(label.readings[0][1]) > 1:
            continue
        before = last.get(label.form)
        last[label.form] = at
        if before is not None:
            _look(text, paragraphs, before, at, language, divided)
    if not divided:
        return paragraphs
    return [piece for at, paragraph in enumerate(paragraphs) for piece in _pieces(paragraph, divided.get(at, []), text)]


def _look(
    text: str, paragraphs: list[Paragraph], before: int, after: int, language: str, divided: dict[int, list[Label]]
) -> None:
    """Look for the numbers that lack between two labels of one form."""
    first, last = (paragraphs[at].label for at in (before, after))
    if first is None or last is None:
        return
    low, high = first.readings[0][1][0], last.readings[0][1][0]
    if not 2 <= high - low <= _LACKING + 1:
        return
    word = rf"{re.escape(first.printed.rstrip('0123456789IVX '))}\s+" if first.rank else r"\(?"
    for number in range(low + 1, high):
        wanted = re.compile(rf"(?<=[.;:!?»”\"])\s*(?={word}{number}\b)", re.IGNORECASE)
        for at in range(before, after):
            label = _found(text, paragraphs[at], wanted, number, first.form, language)
            if label:
                divided.setdefault(at, []).append(label)
                before = at
                break


def _found(
    text: str, paragraph: Paragraph, wanted: re.Pattern[str], number: int, form: str, language: str
) -> Label | None:
    for match in wanted.finditer(text, paragraph.body, paragraph.end):
        label = read_label(text, match.end(), paragraph.end, language)
        words = text[label.body : label.body + 1] if label else ""
        if label and label.form == form and label.readings[0][1] == (number,) and words.isupper():
            return label
    return None


def _pieces(paragraph: Paragraph, labels: list[Label], text: str) -> list[Paragraph]:
    pieces = [paragraph]
    for label in sorted(labels, key=lambda each: each.start):
        whole = pieces[-1]
        if label.start <= whole.body:
            continue
        pieces.append(Paragraph(label.start, whole.end, whole.indent, 1, min(label.body, whole.end), label))
        whole.end = whole.start + len(text[whole.start : label.start].rstrip())
    return pieces
