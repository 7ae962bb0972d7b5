"""The title of a document, and the line of the text it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from clauses import languages
from clauses.folding import fold
from clauses.nodes import Outline, Role, Unit

_LOOKED_AT = 14  # units of the head of a document among which its title is
_LONGEST = 300
_SENTENCE = re.compile(r"(?<=[^\W\d_]{3}[.!?]) (?=[A-ZА-ЯӘҒҚҢӨҰҮҺІ])")
_NO_TITLE = re.compile(r"(?:date )?\d[\d./:, -]*\d$|\d[\d./-]+ \d\d:\d\d|.* (?:>|»|/|\|) .*(?: (?:>|»|/|\|) |$)")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Heading:
    """The words of the title in one line, and the same folded."""

    words: str
    folded: str


def title_of(text: str, language: str, outline: Outline) -> str:
    """The title of a document in one line; its first words, cut at a sentence, where it has none."""
    return heading_of(text, language, outline).words


def heading_of(text: str, language: str, outline: Outline) -> Heading:
    """The first line at the head that names a sort of instrument or report, else the first that says anything."""
    named = _named(language)
    first: Heading | None = None
    units = outline.units[:_LOOKED_AT]
    for index, unit in enumerate(units):
        words = _line(text, units, index)
        if not _says(words, unit):
            continue
        heading = Heading(words, fold(words).text)
        if named.search(heading.folded) and _is_title(words):
            return heading
        first = first or heading
    return first or Heading(_cut(text.strip()), "")


def _line(text: str, units: tuple[Unit, ...], index: int) -> str:
    """The words of a unit without dates and menus, and with the lines in capitals that go on with one in capitals."""
    lines = (line.strip() for line in text[units[index].start : units[index].end].splitlines())
    words = " ".join(line for line in lines if line and not _NO_TITLE.match(line))
    for unit in units[index + 1 : index + 5]:
        more = text[unit.start : unit.end].strip()
        if not (words.isupper() and more.isupper()) and len(words.split()) > 1:
            break
        words = f"{words} {more}"
    return _cut(words)


def _says(words: str, unit: Unit) -> bool:
    return unit.role is not Role.BOILERPLATE and len(words.split()) > 1 and len(words) > 8


def _is_title(words: str) -> bool:
    return words[-1] not in ".;:,…" and not words.startswith(("«", "“", '"'))


def _cut(words: str) -> str:
    line = _SENTENCE.split(_SPACE.sub(" ", words[: 2 * _LONGEST]).strip(), maxsplit=1)[0]
    return line if len(line) <= _LONGEST else line[:_LONGEST].rsplit(" ", 1)[0] + " …"


@cache
def _named(language: str) -> re.Pattern[str]:
    kinds = languages.words(language, "facts")["kinds"]
    return re.compile("|".join(rf"\b(?:{phrase})" for phrases in kinds.values() for phrase in phrases))
