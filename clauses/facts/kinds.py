"""What sort of instrument a text is: what it calls itself, and whether it is built and worded like one."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from clauses import languages
from clauses.facts.titles import heading_of
from clauses.folding import Folded
from clauses.nodes import Kind, Outline

_ARTICLES = 2  # clauses called "Article" that make a text a treaty
_HEAD = 6_000
_LEAD = 1_500  # characters among which a report shows that it is one


def kind_of(folded: Folded, language: str, outline: Outline) -> Kind:
    """The kind of a text, by its heading, its operative words and its build, in this order of trust.

    A heading that reports ("signed", "met") is not a title, nor is any line of a text with the marks of the press
    ("told reporters", a dateline) but one that begins with the name of an instrument: such a text is a report unless
    it goes on to give the whole instrument, which then is what the text is.
    """
    words = _words(language)
    heading = heading_of(folded.cased, language, _in_folded(folded, outline)).folded
    called = _called(heading, words)
    if called is Kind.READOUT:
        return called
    reported = bool(words["reports"].search(heading) or words["press"].search(folded.text, 0, _LEAD))
    if called and (not reported or words[called.value].match(heading)):
        return called
    if words["declares"].search(folded.text, 0, _HEAD * 3):
        return Kind.JOINT_STATEMENT
    if words["agrees"].search(folded.text, 0, _HEAD) or _articles(outline, words) >= _ARTICLES:
        return called if called and called is not Kind.JOINT_STATEMENT else Kind.TREATY
    opening = words["presents"].search(folded.text, 0, _HEAD)
    return _called(opening.group(), words) or Kind.READOUT if opening else Kind.READOUT


def _called(heading: str, words: dict[str, re.Pattern[str]]) -> Kind | None:
    """The kind that the heading names first; a longer name wins over a shorter at the same place."""
    places = []
    for kind in Kind:
        found = words[kind.value].search(heading)
        if found:
            places.append((found.start(), -found.end(), kind))
    return min(places)[2] if places else None


def _articles(outline: Outline, words: dict[str, re.Pattern[str]]) -> int:
    return sum(bool(clause.label and words["article"].search(clause.label.lower())) for clause in outline.clauses)


def _in_folded(folded: Folded, outline: Outline) -> Outline:
    """The first units of the outline, in offsets of the folded text."""
    units = outline.units[:20]
    return Outline((), tuple(replace(u, start=folded.at(u.start), end=folded.at(u.end)) for u in units))


@cache
def _words(language: str) -> dict[str, re.Pattern[str]]:
    data = languages.words(language, "facts")
    kinds = {kind.value: data["kinds"][kind.value] for kind in Kind}
    signs: dict[str, list[str]] = data["signs"]
    return {name: re.compile("|".join(rf"\b(?:{p})" for p in phrases)) for name, phrases in (kinds | signs).items()}
