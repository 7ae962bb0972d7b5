"""Automatic numbering in DOCX: the labels that a word processor shows, computed from numbering.xml and styles.xml."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from clauses.text import counting

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACEHOLDER = re.compile(r"%(\d)")
_DEEPEST = 9
_LONGEST = 80  # characters of a label's pattern, which is written before every item
_WRITTEN: dict[str, Callable[[int], str]] = {
    "decimal": counting.decimal,
    "decimalZero": counting.padded,
    "lowerLetter": counting.latin,
    "upperLetter": lambda number: counting.latin(number).upper(),
    "lowerRoman": counting.roman,
    "upperRoman": lambda number: counting.roman(number).upper(),
    "russianLower": counting.russian,
    "russianUpper": lambda number: counting.russian(number).upper(),
}
_BULLET, _NONE = "bullet", "none"


@dataclass(frozen=True, slots=True)
class _Level:
    style: str
    pattern: str
    start: int
    legal: bool


@dataclass(slots=True)
class Numbers:
    """Counts the numbered paragraphs of one document in the order of the text."""

    _levels: dict[str, dict[int, _Level]]  # of each list definition
    _definition: dict[str, str]  # of each numId
    _starts: dict[tuple[str, int], int]  # where a numId begins anew
    _styles: dict[str, tuple[str | None, int | None, str | None]]  # numId, level and parent of each style
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, numbering: etree._Element | None, styles: etree._Element | None) -> Numbers:
        """The counter for a document's numbering and style parts, either of which may be missing."""
        levels: dict[str, dict[int, _Level]] = {}
        definition: dict[str, str] = {}
        starts: dict[tuple[str, int], int] = {}
        for abstract in numbering.iter(f"{W}abstractNum") if numbering is not None else ():
            found = {_number(level, "ilvl"): _level(level) for level in abstract.iter(f"{W}lvl")}
            levels[abstract.get(f"{W}abstractNumId", "")] = found
        for number in numbering.iter(f"{W}num") if numbering is not None else ():
            name = number.get(f"{W}numId", "")
            definition[name] = _value(number, "abstractNumId") or ""
            for override in number.iter(f"{W}lvlOverride"):
                begins = _value(override, "startOverride")
                if begins is not None:
                    starts[name, _number(override, "ilvl")] = counting.whole(begins, 1)
        return cls(levels, definition, starts, _styles(styles))

    def label(self, paragraph: etree._Element) -> tuple[str, int]:
        """The label of the next paragraph and the depth of its list; an empty label where it has none."""
        name, depth = self._place(paragraph)
        definition = self._definition.get(name or "")
        level = self._levels.get(definition or "", {}).get(depth)
        if name is None or definition is None or level is None:
            return "", 0
        counts = self._counts.setdefault(definition, [None] * _DEEPEST)
        self._step(name, definition, depth, level, counts)
        if level.style == _BULLET:
            return "•", depth
        return self._written(definition, level, counts).strip(), depth

    def _step(self, name: str, definition: str, depth: int, level: _Level, counts: list[int | None]) -> None:
        before = counts[depth]
        begins = self._starts.get((name, depth))
        if begins is not None and (name, depth) not in self._begun:
            self._begun.add((name, depth))
            counts[depth] = begins
        else:
            counts[depth] = level.start if before is None else before + 1
        for above in range(depth):
            if counts[above] is None:
                higher = self._levels[definition].get(above)
                counts[above] = higher.start if higher else 1
        counts[depth + 1 :] = [None] * (_DEEPEST - depth - 1)

    def _written(self, definition: str, level: _Level, counts: list[int | None]) -> str:
        def one(found: re.Match[str]) -> str:
            at = int(found.group(1)) - 1
            shown = self._levels[definition].get(at)
            if not 0 <= at < _DEEPEST or shown is None or shown.style == _NONE:
                return ""
            write = _WRITTEN.get("decimal" if level.legal else shown.style, counting.decimal)
            return write(counts[at] or 0)

        return "" if level.style == _NONE and "%" in level.pattern else _PLACEHOLDER.sub(one, level.pattern)

    def _place(self, paragraph: etree._Element) -> tuple[str | None, int]:
        """The list and depth of a paragraph: its own, else those of its style; numId 0 takes it out of lists."""
        properties = paragraph.find(f"{W}pPr")
        own = _numbering(properties)
        style = _value(properties, "pStyle") if properties is not None else None
        name, depth = own
        for _ in range(_DEEPEST):
            if style is None or (name is not None and depth is not None):
                break
            styled_name, styled_depth, style = self._styles.get(style, (None, None, None))
            name, depth = name or styled_name, styled_depth if depth is None else depth
        if name is None or name == "0":
            return None, 0
        return name, min(max(depth or 0, 0), _DEEPEST - 1)


def _numbering(properties: etree._Element | None) -> tuple[str | None, int | None]:
    numbered = properties.find(f"{W}numPr") if properties is not None else None
    if numbered is None:
        return None, None
    depth = _value(numbered, "ilvl")
    return _value(numbered, "numId"), None if depth is None else counting.whole(depth, 0)


def _styles(root: etree._Element | None) -> dict[str, tuple[str | None, int | None, str | None]]:
    styles = {}
    for style in root.iter(f"{W}style") if root is not None else ():
        name, depth = _numbering(style.find(f"{W}pPr"))
        styles[style.get(f"{W}styleId", "")] = (name, depth, _value(style, "basedOn"))
    return styles


def _level(element: etree._Element) -> _Level:
    return _Level(
        style=_value(element, "numFmt") or "decimal",
        pattern=(_value(element, "lvlText") or "")[:_LONGEST],
        start=counting.whole(_value(element, "start"), 1),
        legal=element.find(f"{W}isLgl") is not None,
    )


def _value(element: etree._Element, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    value = child.get(f"{W}val") if child is not None else None
    return str(value) if value is not None else None


def _number(element: etree._Element, name: str) -> int:
    return counting.whole(element.get(f"{W}{name}"), 0)
