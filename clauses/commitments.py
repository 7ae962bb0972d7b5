"""From clauses to commitments: each sentence is given to the grammar of its language, each reading its context.

The grammar says what a sentence does; here its actors become parties, the times in and around it its deadlines, and
every sentence of the text ends as one act (see README, "What a commitment is").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple, TypeVar

from clauses.actors import Actors
from clauses.folding import Folded
from clauses.grammar.reading import Passage, Reading
from clauses.languages import CODES, words
from clauses.nodes import (
    Act,
    Cast,
    Commitment,
    Deadline,
    Kind,
    Mention,
    Outline,
    Placed,
    Role,
    Sentence,
    Span,
    Unit,
)
from clauses.sentences import split
from clauses.timing import Timing, dating

_CLOSEST = "en"
"""Whose sentence ends and headings stand in for those of a language that has no folder."""
_P = TypeVar("_P", bound=Placed)
_SHORTEST = 3  # characters of words that can do anything: an initial or a lost label does nothing


def read_commitments(
    folded: Folded,
    language: str,
    kind: Kind,
    outline: Outline,
    cast: Cast,
    deadlines: tuple[Deadline, ...],
) -> tuple[tuple[Commitment, ...], tuple[Sentence, ...]]:
    """The commitments of a text and the act of each of its sentences, both in the order of the text.

    In a language without cues no promise is found; its sentences are told apart all the same, each as unclear.
    """
    known = language if language in CODES else _CLOSEST
    reader = _Reader(folded, known, kind, outline, Actors(folded, known, kind, cast), Timing(folded, known, deadlines))
    if language not in CODES:
        reader.read = _nothing
    for place in _places(reader):
        reader.take(place)
    return tuple(reader.commitments), tuple(reader.sentences)


class _Place(NamedTuple):
    """A sentence where it stands: its unit, the words that open its list, and whether it opens one itself."""

    start: int
    end: int
    unit: Unit
    opening: Span | None
    opens: bool
    act: Act | None  # what it does by its place alone, if that is enough to tell


@dataclass(slots=True)
class _Reader:
    """Goes through the sentences in order and keeps what one tells about the next."""

    folded: Folded
    language: str
    kind: Kind
    outline: Outline
    actors: Actors
    timing: Timing
    commitments: list[Commitment] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    kept: dict[Span, Any] = field(default_factory=dict)  # what the grammar keeps of the words that open a list
    read: Callable[[Passage], list[Reading]] = field(init=False)

    def __post_init__(self) -> None:
        self.read = _grammar(self.language)

    def take(self, place: _Place) -> None:
        """Read one sentence and keep what it says."""
        if place.act is not None:
            if place.act is Act.HEADING:
                self.timing.read_heading(place, self._under(place.unit))
            self.sentences.append(Sentence(place.start, place.end, place.unit.clause, place.act))
            return
        if place.end - place.start < _SHORTEST:
            self.sentences.append(Sentence(place.start, place.end, place.unit.clause, Act.UNCLEAR))
            return
        readings = self.read(self._passage(place))
        promises = [reading for reading in readings if reading.act is Act.COMMITMENT and reading.force]
        times = dating(readings, self.timing.within(place))
        for index, reading in enumerate(promises):
            self.commitments.append(self._commitment(place, promises, index, times))
            self.actors.hear(reading)
        told = promises or readings
        act, cue = (told[0].act, told[0].cue) if told else (Act.UNCLEAR, None)
        self.sentences.append(Sentence(place.start, place.end, place.unit.clause, act, cue))
        self.actors.remember(place, promises, listed=place.opening is not None)

    def _passage(self, place: _Place) -> Passage:
        return Passage(
            self.folded,
            place.start,
            place.end,
            self.language,
            self.kind,
            place.unit.role,
            self._mentions(place),
            place.opening,
            place.opens,
            self.kept,
        )

    def _mentions(self, place: _Place) -> tuple[Mention, ...]:
        own = self.actors.within(place)
        return (*self.actors.within(place.opening), *own) if place.opening else own

    def _commitment(
        self, place: _Place, promises: Sequence[Reading], index: int, times: Sequence[Deadline]
    ) -> Commitment:
        reading = promises[index]
        before = self.commitments[-1].obligors if self.commitments else ()
        obligors = self.actors.obligors(reading, place.start, before)
        addressees = self.actors.addressees(reading, obligors)
        assert reading.force is not None  # noqa: S101  (the caller chose those that have one)
        return Commitment(
            start=reading.start,
            end=reading.end,
            clause=place.unit.clause,
            force=self.commitments[-1].force if before and self.actors.takes_up(reading) else reading.force,
            obligors=self.actors.bound(reading, obligors, addressees),
            addressees=addressees,
            deadlines=self.timing.of_promise(promises, index, times, place.opening, self._since(place)),
            cue=reading.cue,
            why=reading.why,
            inferred=not obligors or all(mention.sort == "body" for mention in reading.actors),
        )

    def _under(self, unit: Unit) -> int:
        """Where what stands under a heading ends: with its clause, or, without a number, with the next heading."""
        clause = None if unit.clause is None else self.outline.clauses[unit.clause]
        return clause.end if clause and clause.label else self.outline.units[-1].end

    def _since(self, place: _Place) -> int:
        """From where on the text speaks of what a sentence may take up: its paragraph, and the sentence before."""
        return min(place.unit.start, self.sentences[-1].start if self.sentences else place.start)

    def _words(self, node: Placed) -> str:
        return self.folded.text[self.folded.at(node.start) : self.folded.at(node.end)]


def _places(reader: _Reader) -> Iterator[_Place]:
    """Every sentence of the text, in order, with its place in the outline."""
    units = reader.outline.units
    openers = {unit.opening for unit in units if unit.opening is not None}
    last: dict[int, Span] = {}
    mechanics: set[int] = set()
    for index, unit in enumerate(units):
        if _heads_mechanics(reader, unit, mechanics) and unit.clause is not None:
            mechanics.add(unit.clause)
        act = _act_by_place(reader.kind, unit, mechanics)
        spans = [(unit.start, unit.end)] if act else split(reader.folded, unit.start, unit.end, reader.language)
        if index in openers and spans:
            last[index] = Span(*spans[-1])
        opening = None if unit.opening is None else last.get(unit.opening)
        for start, end in spans:
            yield _Place(start, end, unit, opening, index in openers and (start, end) == spans[-1], act)


def _act_by_place(kind: Kind, unit: Unit, mechanics: set[int]) -> Act | None:
    """What a unit does by its place alone: the working parts of a treaty promise nothing."""
    if unit.role is Role.BOILERPLATE:
        return Act.BOILERPLATE
    if unit.sort == "heading":
        return Act.HEADING
    if kind is not Kind.TREATY:
        return None
    if unit.clause in mechanics or unit.role is Role.CLOSING:
        return Act.MECHANICS
    return Act.RECITAL if unit.role is Role.PREAMBLE else None


def _heads_mechanics(reader: _Reader, unit: Unit, mechanics: set[int]) -> bool:
    """Whether a unit stands in an article about the working of the treaty: by its heading, or within such a one."""
    if reader.kind is not Kind.TREATY or unit.clause is None:
        return False
    parent = reader.outline.clauses[unit.clause].parent
    if parent in mechanics:
        return True
    if unit.sort != "heading":
        return False
    return bool(_pattern(reader.language, "mechanics_headings").search(reader._words(unit)))


@cache
def _pattern(language: str, name: str) -> re.Pattern[str]:
    """The phrases of a list of the cues as one pattern, bound to the beginnings of words; a list may be missing."""
    phrases = words(language, "cues").get(name, [])
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})" if phrases else r"(?!)")


@cache
def _grammar(language: str) -> Callable[[Passage], list[Reading]]:
    """The grammar that reads a language, named in its cues as `order`."""
    read: Callable[[Passage], list[Reading]] = import_module(f"clauses.grammar.{words(language, 'cues')['order']}").read
    return read


def _nothing(_: Passage) -> list[Reading]:
    return []
