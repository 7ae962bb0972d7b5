"""Who makes the document: the States and organisations between which it is made, or that met."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from clauses import languages
from clauses.folding import Folded
from clauses.nodes import Kind, Outline
from clauses.parties.found import Found
from clauses.parties.names import organisations

_NAMED = frozenset(("state", "organisation", "side", "person"))
# in characters of the folded text:
_HEAD = 1200  # the part in which the parties are first named
_LEAD = 500  # the first paragraph of a report
_FOOT = 900  # the part in which the signatures stand
_TITLE = 420  # the longest title
_NEAR = 40  # how far a definition stands behind those it defines
_REACH = 2000  # the longest list of parties
_ASKED = 24  # before the name of one who is asked
_MET = 3
_HEADINGS = 12  # units at the head, the title among them


@dataclass(frozen=True, slots=True)
class _Text:
    """A folded text with the patterns of its language and the places where its units start, ascending."""

    folded: Folded
    rules: dict[str, re.Pattern[str]]
    starts: list[int]
    mentions: list[Found]


def makers(folded: Folded, language: str, outline: Outline, kind: Kind, mentions: list[Found]) -> tuple[str, ...]:
    """The codes of those who make the document, in the order named; the surest evidence first.

    For a text that is signed or adopted: those who say "we", those for whom it defines "the Parties", those who
    signed, those in its title, those of its first words. For a press report: the sides that met. For a resolution: the
    organisation.
    """
    named = [mention for mention in mentions if mention.codes and mention.sort in _NAMED and not mention.people]
    text = _Text(folded, _rules(language), [folded.at(unit.start) for unit in outline.units], mentions)
    if kind is Kind.READOUT:
        return _met(text, named)
    if kind is Kind.RESOLUTION:
        return _codes(mention for mention in named if mention.sort == "organisation")[:1]
    group = _speaking(text, named) or _assembled(text)
    if group:
        return group
    for evidence in (_defined, _signed, _titled, _opened):
        codes = evidence(text, named)
        if len(codes) > 1:
            return codes
    return _frequent(named)


def _codes(mentions: Iterable[Found]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for mention in mentions for code in mention.codes))


def _speaking(text: _Text, named: list[Found]) -> tuple[str, ...]:
    """Those who speak as "we": "We, the Ministers of the G20, met". One State alone is no "we"."""
    place = text.rules["speaking"].search(text.folded.text, 0, _REACH)
    if not place:
        return ()
    start, end = place.span("us")
    codes = _codes(mention for mention in named if start <= mention.start < end)
    return codes if len(codes) > 1 or _is_group(codes) else ()


def _assembled(text: _Text) -> tuple[str, ...]:
    """The organisation whose members met, by the title: "Communiqué of the Council of Heads of State of …"."""
    title = next(_titles(text), None)
    if title is None or not text.rules["assembled"].search(text.folded.text, *title):
        return ()
    codes = _codes(mention for mention in text.mentions if title[0] <= mention.start < title[1])
    return codes if len(codes) == 1 and _is_group(codes) else ()


def _is_group(codes: tuple[str, ...]) -> bool:
    return bool(codes) and codes[0] in organisations()


def _defined(text: _Text, named: list[Found]) -> tuple[str, ...]:
    """Those named before "(hereinafter the Parties)", in its sentence; further back where a list runs over lines."""
    place = text.rules["defined"].search(text.folded.text)
    if not place:
        return ()
    floor = max(0, place.start() - _REACH)
    for stop in text.rules["sentence"].finditer(text.folded.text, floor, place.start()):
        floor = stop.end()
    index = bisect_right(text.starts, place.start()) - 1
    if not any(place.start() - _NEAR < mention.end <= place.start() for mention in named):
        # "hereinafter called the Parties, the Government of …": they are named after it
        end = text.starts[index + 1] if index + 1 < len(text.starts) else len(text.folded.text)
        return _codes(mention for mention in named if place.end() <= mention.start < end)
    while index >= 0:
        start = max(text.starts[index], floor)
        codes = _codes(mention for mention in named if start <= mention.start < place.start())
        if len(codes) > 1 or start == floor:
            return codes
        index -= 1
    return ()


def _signed(text: _Text, named: list[Found]) -> tuple[str, ...]:
    """Those for whom the signature block signs, also in columns: from its first "For the Government of" on."""
    words = text.folded.text
    cues = list(text.rules["signed"].finditer(words, max(0, len(words) - _FOOT)))
    if len(cues) < 2:
        return ()
    before = max(words.rfind(". ", 0, cues[0].start()), cues[0].start() - 150)
    return _codes(m for m in named if before < m.start and m.sort in ("state", "person", "organisation"))


def _titled(text: _Text, named: list[Found]) -> tuple[str, ...]:
    """Those named in a heading that names a sort of instrument: "Agreement between … and …"."""
    for start, end in _titles(text):
        inside = [m for m in text.mentions if start <= m.start < end and m.codes and m.sort != "side"]
        codes = _codes(m for m in inside if m.sort != "adjective")
        if len(codes) < 2:  # "India-U.S. Joint Statement", "Kazakh-Uzbek declaration"
            codes = _codes(inside)
        if len(codes) > 1:
            return codes
    return ()


def _titles(text: _Text) -> Iterator[tuple[int, int]]:
    """The headings that name a sort of instrument, as places of the folded text."""
    for start, end in zip(text.starts[:_HEADINGS], text.starts[1 : _HEADINGS + 1], strict=False):
        if end - start < _TITLE and text.rules["titled"].search(text.folded.text, start, end):
            yield start, end


def _opened(text: _Text, named: list[Found]) -> tuple[str, ...]:
    """Those whom the first words name."""
    return _codes(mention for mention in named if mention.start < _HEAD and mention.sort != "side")


def _frequent(named: list[Found], most: int = 2) -> tuple[str, ...]:
    counted = Counter(code for mention in named for code in mention.codes)
    often = {code for code, _ in counted.most_common(most)}
    return tuple(code for code in counted if code in often)


def _met(text: _Text, named: list[Found]) -> tuple[str, ...]:
    """The sides of a meeting: whose persons or delegations met, talked or visited, and who stands in the title.

    Where that leaves one side alone, the other is the one that the sentences speak of most.
    """
    weights: Counter[str] = Counter()
    for mention in named:
        weight = _weight(text, mention)
        for code in mention.codes:
            weights[code] = max(weights[code], weight)
    met = tuple(code for code in _codes(named) if weights[code] >= _MET)
    if len(met) > 1:
        return met
    starting = [mention for mention in named if text.folded.text[: mention.start].endswith((". ", '" '))]
    return tuple(dict.fromkeys((*met, *_frequent(starting), *_frequent(named))))[:2]


def _weight(text: _Text, mention: Found) -> int:
    """How surely a mention names one of those who met; from `_MET` on it does."""
    words = text.folded.text
    title = text.starts[1] if len(text.starts) > 1 else 0
    if mention.start < title < _TITLE and words[title - 2 : title - 1] != ".":
        return _MET
    if mention.sort not in ("person", "side"):
        return 0
    if text.rules["asked"].search(words, max(0, mention.start - _ASKED), mention.start):
        return 0
    around = words[max(0, mention.start - 160) : mention.end + 120]
    return 1 + (mention.start < _LEAD) + 2 * bool(text.rules["met"].search(around))


@cache
def _rules(language: str) -> dict[str, re.Pattern[str]]:
    return {key: re.compile(pattern) for key, pattern in languages.words(language, "parties")["makers"].items()}
