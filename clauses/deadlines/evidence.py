"""Whether a time belongs to an action still to come: the governing words of the sentence around it.

The verb that governs a time is the nearest cue on the side where the language puts it (before the time in English and
Russian, behind it in Kazakh), else the nearest on the other side.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

from clauses.deadlines.lexicon import Lexicon
from clauses.nodes import Span


class Leaning(Enum):
    """What the governing words say of a time."""

    AHEAD = "ahead"
    PAST = "past"
    UNKNOWN = "unknown"


_WORD = re.compile(r"\w+")
_SENTENCE_OPENING = 4  # quotation marks and list labels before the first word, which has a capital anyway
_REACH_BACK, _REACH_ON = 70, 90  # the longest phrases before and behind the piece that triggers them
_OPENER_ROOM = 12
_EXAMPLE_ROOM = 60  # characters behind a time in which a word of comparison may follow what it dates
_KEPT = ("_words", "_all_cues", "_all_exclusions")  # what is found in a sentence whatever is ignored
_LEANING = {"yes_": Leaning.AHEAD, "past_": Leaning.PAST, "past_surely_": Leaning.PAST}


@dataclass(frozen=True)
class Sentence:
    """The sentence `text[start:end]` and its cues, which are looked for when they are first asked for.

    `cased` is the text with its capitals, which tell a verb from a name that looks like one ("Арал"). Cues inside
    the `ignored` spans say nothing of the rest ("within a year after it enters into force").
    """

    text: str
    cased: str
    start: int
    end: int
    lexicon: Lexicon
    triggers: tuple[tuple[int, tuple[str, ...]], ...] = ()
    ignored: tuple[Span, ...] = ()

    def ignoring(self, spans: tuple[Span, ...]) -> Sentence:
        """The same sentence, whose words inside the spans say nothing of the rest; what was found in it is kept."""
        other = replace(self, ignored=spans)
        vars(other).update({name: found for name, found in vars(self).items() if name in _KEPT})
        return other

    def near(self, sort: str) -> list[tuple[int, int]]:
        """The stretches of the sentence around the triggers of a sort, in order, none overlapping another."""
        stretches: list[tuple[int, int]] = []
        for place, sorts in self.triggers:
            if sort in sorts:
                first = max(self.start, place - _REACH_BACK)
                space = self.text.find(" ", place + _REACH_ON, self.end)
                if stretches and first <= stretches[-1][1]:
                    first = stretches.pop()[0]
                stretches.append((first, space if space >= 0 else self.end))
        return stretches

    def words_near(self, sort: str) -> Iterator[tuple[int, str, int]]:
        """The words around the triggers of a sort, each with its place and the end of the stretch that it is in."""
        for first, last in self.near(sort):
            words = self._words
            for start, word in words[bisect_left(words, (first, "")) : bisect_left(words, (last, ""))]:
                yield start, word, last

    def leaning(self, start: int, end: int) -> Leaning:
        """What the words that govern `text[start:end]` say."""
        before = next((cue for cue in reversed(self._cues) if cue[1] <= start), None)
        after = next((cue for cue in self._cues if cue[0] >= end), None)
        follows = not self.lexicon.cue_first or (after is not None and self._opens_a_clause(start, end, after[0]))
        sides = (after, before) if follows else (before, after)
        return next((cue[2] for cue in sides if cue), Leaning.UNKNOWN)

    def _opens_a_clause(self, start: int, end: int, verb: int) -> bool:
        """Whether the time stands first in its clause, before the verb at `verb` ("and by 2027 the line will …")."""
        opening = self.lexicon.clause_opening.search(self.text, max(self.start, start - _OPENER_ROOM), start)
        return opening is not None and self.text.find(".", end, verb) < 0

    def excludes(self, start: int, end: int) -> bool:
        """Whether the sentence is a forecast, a right, or the instrument's own working, outside `text[start:end]`."""
        return any(first < start or last > end for first, last in self._exclusions)

    def drafts(self, start: int) -> bool:
        """Whether the nearest verb that makes or carries out a plan named at `start` is one of making it."""
        lexicon = self.lexicon
        first, last = (self.start, start) if lexicon.cue_first else (start, self.end)
        nearest = max if lexicon.cue_first else min
        made = [found.start() for found in lexicon.drafting.finditer(self.text, first, last)]
        done = [found.start() for found in lexicon.carrying_out.finditer(self.text, first, last)]
        return bool(made) and nearest(made + done) in made

    def executes(self, start: int) -> bool:
        """Whether what is set out in a plan named at `start` is to be carried out ("will implement the measures …")."""
        lexicon = self.lexicon
        first, last = (self.start, start) if lexicon.cue_first else (start, self.end)
        verb = next(lexicon.executing.finditer(self.text, first, last), None)
        return verb is not None and self.leaning(*verb.span()) is Leaning.AHEAD

    def is_an_example(self, start: int, end: int) -> bool:
        """Whether `text[start:end]` only tells of an example ("events such as the festival in 2027")."""
        lexicon = self.lexicon
        if not lexicon.cue_first:
            return bool(lexicon.examples.search(self.text, end, min(self.end, end + _EXAMPLE_ROOM)))
        named = [found.end() for found in lexicon.examples.finditer(self.text, self.start, start)]
        return bool(named) and not any(
            named[-1] <= first < start and leaning is Leaning.AHEAD for first, _, leaning in self._cues
        )

    @property
    def is_a_procedure(self) -> bool:
        """Whether the sentence rules what follows from a request, a notice or a dispute, whenever it may come."""
        return bool(self.lexicon.procedures.search(self.text, self.start, self.end))

    @cached_property
    def _cues(self) -> list[tuple[int, int, Leaning]]:
        return [cue for cue in self._all_cues if self._counts(cue[0])] if self.ignored else self._all_cues

    @cached_property
    def _exclusions(self) -> list[tuple[int, int]]:
        known = self._all_exclusions
        return [each for each in known if self._counts(each[0])] if self.ignored else known

    @cached_property
    def _all_cues(self) -> list[tuple[int, int, Leaning]]:
        return [
            (*found.span(), _LEANING[found.lastgroup or ""])
            for found in self.lexicon.cues.find(self.text, self._words, self.end)
            if found.lastgroup != "neither_" and not self._is_a_name(found.start())
        ]

    @cached_property
    def _all_exclusions(self) -> list[tuple[int, int]]:
        sorts = (self.lexicon.never, self.lexicon.mechanics)
        return [found.span() for phrases in sorts for found in phrases.find(self.text, self._words, self.end)]

    @cached_property
    def _words(self) -> list[tuple[int, str]]:
        return [(word.start(), word[0]) for word in _WORD.finditer(self.text, self.start, self.end)]

    def _counts(self, at: int) -> bool:
        return not any(span.start <= at < span.end for span in self.ignored)

    def _is_a_name(self, at: int) -> bool:
        cased = self.cased
        return at > self.start + _SENTENCE_OPENING and cased[at].isupper() and cased[at + 1 : at + 2].islower()
