"""Languages whose cue stands last, as Kazakh: subject, action, cue. A sentence in, what each of its parts does out.

The parts come from `kazakh_parts`, the cues from the language data, the subject from the case of the mentions. What
has no finite verb of its own is a point of a list and is read with the words that open or close the list.
"""

from __future__ import annotations

from dataclasses import dataclass

from clauses.grammar.kazakh_forces import Sense, sense_of, settled
from clauses.grammar.kazakh_lists import is_point, opens_unmarked, read_point
from clauses.grammar.kazakh_parts import TRAILING, Part, cut, is_formal
from clauses.grammar.kazakh_quotes import bounds, divided, only_verb, time_behind
from clauses.grammar.kazakh_subjects import Named, Subject, asked_in, named, subject_of
from clauses.grammar.reading import Passage, Reading
from clauses.nodes import Act, Force, Kind, Mention, Role, Span


def read(passage: Passage) -> list[Reading]:
    """What a sentence or point of a list does: one reading for each of its parts, in order; never empty."""
    folded = passage.folded
    low, high = folded.at(passage.start), min(folded.at(passage.end - 1) + 1, len(folded.text))
    if low >= high or not folded.text[low:high].strip(TRAILING):
        return [_whole(passage, Act.UNCLEAR, "no words")]
    if passage.role is Role.BOILERPLATE:
        return [_whole(passage, Act.BOILERPLATE, "boilerplate")]
    if passage.kind is Kind.TREATY and passage.role is Role.PREAMBLE:
        return [_whole(passage, Act.RECITAL, "preamble of a treaty")]
    parts = cut(folded.text, low, high, is_formal(passage.kind))
    return _Sentence(passage, low, high).read(parts)


def _whole(passage: Passage, act: Act, why: str) -> Reading:
    span = Span(passage.start, passage.end)
    return Reading(act, passage.start, passage.end, span, why)


@dataclass(slots=True)
class _Sentence:
    """The parts of one sentence read in order; each may take the subject of the one before it."""

    passage: Passage
    low: int
    high: int

    def read(self, parts: list[Part]) -> list[Reading]:
        if len(parts) == 1 and only_verb(self.passage.folded.text, parts[0]):
            return [self._told(parts[0], Sense(Act.HEADING, "closes a list"))]
        plain = settled(self.passage, parts)
        if plain is not None and not self._opens(parts[0]):
            return [self._told(parts[0], plain)]
        groups = named(self.passage.folded, self.passage.mentions)
        inherited = self._opening_subject(groups)
        if self._opens(parts[-1]):
            *parts, last = parts
            return [*self._clauses(parts, groups, inherited), self._told(last, Sense(Act.HEADING, "opens a list"))]
        if is_point(self.passage, parts):
            return read_point(self.passage, self.low, self.high, parts[0], inherited)
        return self._clauses(parts, groups, inherited)

    def _opens(self, last: Part) -> bool:
        """Whether the sentence opens a list, so that its last part is but the heading of the points."""
        text = self.passage.folded.text
        if self.passage.opens or text[self.high - 1] == ":":
            return True
        if self.passage.opening is not None or last.predicate is None:
            return False
        return opens_unmarked(text, self.high, is_formal(self.passage.kind))

    def _told(self, part: Part, sense: Sense) -> Reading:
        """The reading of a part that promises nothing."""
        folded, cue = self.passage.folded, part.predicate or part
        span = folded.span(part.start, part.end)
        return Reading(sense.act, *span, Span(*folded.span(cue.start, cue.end)), sense.why)

    def _clauses(self, parts: list[Part], groups: list[Named], inherited: Subject | None) -> list[Reading]:
        folded = self.passage.folded
        readings: list[Reading] = []
        for part in parts:
            until = part.predicate.start if part.predicate else part.end
            own = subject_of(folded.text, part.start, until, groups)
            if own and inherited and not own.mentions and inherited.mentions:
                own = None  # a bare noun ("кеңес отырысын") is no new subject where somebody was named
            sense = sense_of(self.passage, part, own, inherited)
            shares = readings and readings[-1].force is not None and sense.force is not None
            if shares and own is None and only_verb(folded.text, part):
                readings[-1] = self._extended(readings[-1], part)
                continue
            readings += self._readings(part, sense, own, inherited, groups)
            inherited = own or inherited
        return readings

    def _opening_subject(self, groups: list[Named]) -> Subject | None:
        """The subject that the words opening a list give to its points."""
        opening = self.passage.opening
        if opening is None:
            return None
        folded = self.passage.folded
        return subject_of(folded.text, folded.at(opening.start), folded.at(opening.end), groups)

    def _readings(
        self, part: Part, sense: Sense, own: Subject | None, inherited: Subject | None, groups: list[Named]
    ) -> list[Reading]:
        if sense.act is not Act.COMMITMENT or sense.force is None:
            return [self._told(part, sense)]
        folded, cue = self.passage.folded, part.predicate or part
        cue_span = Span(*folded.span(cue.start, cue.end))
        subject = own or inherited
        actors = self._agents() if sense.impersonal else subject.mentions if subject else ()
        start, end = bounds(folded.text, part, own)
        spans = divided(folded.text, start, end, part) if sense.divisible else [(start, end)]
        shared = time_behind(folded.text, own.end, end) if own and len(spans) > 1 else None
        verb = None if shared is None else folded.source(shared)
        found = []
        for low, high in spans:
            asked = asked_in(low, high, groups, subject) if sense.asks else ()
            if sense.force is Force.REQUEST and not asked:
                asked = asked_in(start, end, groups, subject)
            span = folded.span(low, high)
            found.append(Reading(sense.act, *span, cue_span, sense.why, sense.force, actors, asked, verb))
        return found

    def _agents(self) -> tuple[Mention, ...]:
        """Who acts in a passive: the side by which ("… тарапынан"), else the first mention of all parties."""
        folded = self.passage.folded
        inside = [one for one in self.passage.mentions if one.start >= self.passage.start]
        for one in inside:
            if folded.text.startswith("тарапынан", folded.at(one.end) - len("тарапынан")):
                return (one,)
        return tuple(one for one in inside if one.sort == "all")[:1]

    def _extended(self, reading: Reading, part: Part) -> Reading:
        """A verb alone shares the object of the one before it: one promise ("көрсетеді және жеделдетеді")."""
        _, end = self.passage.folded.span(part.start, part.end)
        return reading._replace(end=end)
