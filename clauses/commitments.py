"""From clauses to commitments: each sentence is given to the grammar of its language, each reading its context.

The grammar says what a sentence does; here its actors become parties, the times in and around it its deadlines, and
every sentence of the text ends as one act (see README, "What a commitment is").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

from clauses.folding import Folded
from clauses.grammar.reading import Passage, Reading
from clauses.languages import CODES, words
from clauses.nodes import (
    Act,
    Cast,
    Commitment,
    Deadline,
    Force,
    Kind,
    Mention,
    Outline,
    Placed,
    Precision,
    Role,
    Sentence,
    Span,
    Unit,
)
from clauses.parties import is_state
from clauses.sentences import split

_CLOSEST = "en"
"""Whose sentence ends and headings stand in for those of a language that has no folder."""
_P = TypeVar("_P", bound=Placed)
_NEXT_TO = 2  # characters between a time and the words it dates, a comma among them
_BEFORE = 30  # characters before a name in which its preposition stands
_HELPED = frozenset({"state", "organisation", "side", "person"})
_SUBJECTS = frozenset({"state", "organisation", "side", "person", "all", "pronoun"})


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
    reader = _Reader(folded, language if language in CODES else _CLOSEST, kind, outline, cast, deadlines)
    if language not in CODES:
        reader.read = _nothing
    for place in _places(reader):
        reader.take(place)
    return tuple(reader.commitments), tuple(reader.sentences)


@dataclass(frozen=True, slots=True)
class _Place:
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
    cast: Cast
    deadlines: tuple[Deadline, ...]
    commitments: list[Commitment] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    spoke: tuple[str, ...] = ()  # whom the last subject stood for: what a pronoun takes up
    kept: dict[Span, Any] = field(default_factory=dict)  # what the grammar keeps of the words that open a list
    period: Deadline | None = None  # the period of the programme that the last sentence spoke of
    read: Callable[[Passage], list[Reading]] = field(init=False)
    mention_starts: list[int] = field(init=False)
    deadline_starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.read = _grammar(self.language)
        self.mention_starts = [mention.start for mention in self.cast.mentions]
        self.deadline_starts = [deadline.start for deadline in self.deadlines]

    def take(self, place: _Place) -> None:
        """Read one sentence and keep what it says."""
        if place.act is not None:
            self.sentences.append(Sentence(place.start, place.end, place.unit.clause, place.act))
            return
        mentions = self._mentions(place)
        readings = self.read(self._passage(place, mentions))
        promises = [reading for reading in readings if reading.act is Act.COMMITMENT and reading.force]
        times = _within(self.deadlines, self.deadline_starts, place)
        dating = _dating(readings, times)
        for index, reading in enumerate(promises):
            self.commitments.append(self._commitment(place, promises, index, dating))
            self.spoke = self._codes(reading.actors) or self.spoke
        told = promises or readings
        act, cue = (told[0].act, told[0].cue) if told else (Act.UNCLEAR, None)
        self.sentences.append(Sentence(place.start, place.end, place.unit.clause, act, cue))
        self._remember(place, mentions, times)

    def _passage(self, place: _Place, mentions: tuple[Mention, ...]) -> Passage:
        return Passage(
            self.folded,
            place.start,
            place.end,
            self.language,
            self.kind,
            place.unit.role,
            mentions,
            place.opening,
            place.opens,
            self.kept,
        )

    def _mentions(self, place: _Place) -> tuple[Mention, ...]:
        own = _within(self.cast.mentions, self.mention_starts, place)
        return (*_within(self.cast.mentions, self.mention_starts, place.opening), *own) if place.opening else own

    def _commitment(
        self, place: _Place, promises: Sequence[Reading], index: int, times: Sequence[Deadline]
    ) -> Commitment:
        reading = promises[index]
        obligors = self._codes(self._acting(place, reading)) or self._taken_up(reading) or self._instructed(reading)
        assert reading.force is not None  # noqa: S101  (the caller chose those that have one)
        return Commitment(
            start=reading.start,
            end=reading.end,
            clause=place.unit.clause,
            force=reading.force,
            obligors=obligors or self._everybody(),
            addressees=self._addressees(reading, obligors),
            deadlines=self._times(place, promises, index, times),
            cue=reading.cue,
            why=reading.why,
            inferred=not obligors or all(mention.sort == "body" for mention in reading.actors),
        )

    def _acting(self, place: _Place, reading: Reading) -> Sequence[Mention]:
        """Who acts: not those who stand as object of the verb, but then whom the sentence named before them."""
        objects = [mention for mention in reading.actors if self._is_object(mention)]
        if not objects:
            return reading.actors
        named = _within(self.cast.mentions, self.mention_starts, Span(place.start, objects[0].start))
        before = [mention for mention in named if mention.sort in _SUBJECTS and mention.codes]
        return [mention for mention in reading.actors if mention not in objects] or before[:1]

    def _is_object(self, mention: Mention) -> bool:
        return bool(_acts(self.language, "object").search(self._words(mention)))

    def _instructed(self, reading: Reading) -> tuple[str, ...]:
        """Whose body is told to act ("the Ministry … was instructed"): its State."""
        if not _acts(self.language, "instructed").search(self._words(reading.cue)):
            return ()
        told = _within(self.cast.mentions, self.mention_starts, reading)
        return next((mention.codes for mention in told if mention.codes and mention.sort in _SUBJECTS), ())

    def _taken_up(self, reading: Reading) -> tuple[str, ...]:
        """Whose promise "this includes …" goes on with: that of the commitment before."""
        first = self._words(reading.cue).split(" ", 1)[0]
        if self.commitments and first in words(self.language, "cues").get("takes_up", ()):
            return self.commitments[-1].obligors
        return ()

    def _codes(self, actors: Sequence[Mention]) -> tuple[str, ...]:
        """The parties that these mentions stand for, in the order named; empty where the words do not tell."""
        found: list[str] = []
        for actor in actors:
            found += actor.codes or self._by_context(actor)
        return tuple(dict.fromkeys(found))

    def _everybody(self) -> tuple[str, ...]:
        """Those whom "the sides" stand for: in a press report the states that met, not the body they spoke of."""
        states = tuple(filter(is_state, self.cast.parties))
        return states if self.kind is Kind.READOUT and len(states) > 1 else self.cast.parties

    def _by_context(self, actor: Mention) -> tuple[str, ...]:
        if actor.sort == "all":
            return self._everybody()
        return self.spoke if actor.sort == "pronoun" else ()

    def _addressees(self, reading: Reading, obligors: tuple[str, ...]) -> tuple[str, ...]:
        inside = _within(self.cast.mentions, self.mention_starts, reading)
        if reading.force is Force.REQUEST:
            objects = [mention for mention in inside if self._is_object(mention)]
            return self._codes(objects) or self._codes(reading.asked) or self._other(obligors)
        helped = self._codes(reading.asked) or self._helped(reading, inside, obligors)
        return tuple(code for code in helped if code not in obligors)

    def _other(self, obligors: tuple[str, ...]) -> tuple[str, ...]:
        """Whom one of two sides asks where it names nobody: the other."""
        two = len(self.cast.parties) == 2 and len(obligors) == 1 and set(obligors) < set(self.cast.parties)
        return tuple(code for code in self.cast.parties if code not in obligors) if two else ()

    def _helped(self, reading: Reading, inside: Sequence[Mention], obligors: tuple[str, ...]) -> tuple[str, ...]:
        """Who is helped: the first actor named behind the words of help, but not as a place, companion or attribute."""
        text, first = self.folded.text, self.folded.at(reading.start)
        for mention in inside:
            at, end = self.folded.at(mention.start), self.folded.at(mention.end)
            named = mention.start >= reading.cue.end and mention.sort in _HELPED and set(mention.codes) - set(obligors)
            if not named or not _acts(self.language, "helping").search(text, first, at):
                continue
            free = mention.sort == "person" or _acts(self.language, "free").match(text, end)
            if free and not _acts(self.language, "no_help").search(text[max(0, at - _BEFORE) : at]):
                return mention.codes
        return ()

    def _times(
        self, place: _Place, promises: Sequence[Reading], index: int, times: Sequence[Deadline]
    ) -> tuple[Deadline, ...]:
        """The times of one action: in its words, said once before it for several, or of the plan it carries out."""
        reading = promises[index]
        own = [time for time in times if reading.start <= time.start and time.end <= reading.end]
        if any(time.due or time.rule for time in own):
            return tuple(own)
        if promises[0].actors == reading.actors:
            own += [time for time in times if time.end <= promises[0].start]
        if index:
            own += self._shared(promises, index, times)
        if not own and reading is promises[-1]:
            own = [time for time in times if time.start >= reading.end][:1]
        if not own and self.period and _carries_it_out(self._words(reading), self.language):
            own = [self.period]
        return tuple(own)

    def _shared(self, promises: Sequence[Reading], index: int, times: Sequence[Deadline]) -> list[Deadline]:
        """The times said once before the first verb of several coordinated ones."""
        lead = promises[index - 1]
        if lead.verb is None or lead.cue != promises[index].cue:
            return []
        shared = [time for time in times if lead.start <= time.start and time.end <= lead.verb]
        return [time for time in shared if not time.recurrence]  # "will annually check … and inform": the first only

    def _words(self, node: Placed) -> str:
        return self.folded.text[self.folded.at(node.start) : self.folded.at(node.end)]

    def _remember(self, place: _Place, mentions: Sequence[Mention], times: Sequence[Deadline]) -> None:
        named = next((m for m in mentions if m.start >= place.start and m.sort in _SUBJECTS), None)
        if named is not None and named.sort != "pronoun":
            self.spoke = named.codes or self._by_context(named)
        periods = [time for time in times if time.precision is Precision.PERIOD and time.due]
        self.period = periods[-1] if periods else None


def _dating(readings: Sequence[Reading], times: Sequence[Deadline]) -> Sequence[Deadline]:
    """The times that may date a promise: not those of what the sentence notes before or after it."""
    kept: list[Deadline] = []
    for time in times:
        before = [reading for reading in readings if _cued(reading) <= time.start]
        following = next((reading for reading in readings if reading.start >= time.end), None)
        if (
            not before
            or before[-1].act is Act.COMMITMENT
            or (following is not None and following.start - time.end <= _NEXT_TO)
        ):
            kept.append(time)
    return kept


def _cued(reading: Reading) -> int:
    """Where a reading begins: a promise with its words, anything else with its cue."""
    return reading.start if reading.act is Act.COMMITMENT else reading.cue.start


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


def _carries_it_out(promise: str, language: str) -> bool:
    """Whether the words of a promise say that what was just spoken of is carried out ("ensure its implementation")."""
    return bool(_pattern(language, "carries_it_out").search(promise))


@cache
def _pattern(language: str, name: str) -> re.Pattern[str]:
    """The phrases of a list of the cues as one pattern, bound to the beginnings of words; a list may be missing."""
    phrases = words(language, "cues").get(name, [])
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})" if phrases else r"(?!)")


@cache
def _acts(language: str, name: str) -> re.Pattern[str]:
    """A pattern of the words around those who act."""
    return re.compile(words(language, "parties")["acting"][name])


@cache
def _grammar(language: str) -> Callable[[Passage], list[Reading]]:
    """The grammar that reads a language, named in its cues as `order`."""
    read: Callable[[Passage], list[Reading]] = import_module(f"clauses.grammar.{words(language, 'cues')['order']}").read
    return read


def _nothing(_: Passage) -> list[Reading]:
    return []


def _within(nodes: Sequence[_P], starts: Sequence[int], place: Placed) -> tuple[_P, ...]:
    """Those of the nodes, sorted by their starts, that begin in a place."""
    return tuple(nodes[bisect_left(starts, place.start) : bisect_left(starts, place.end)])
