"""Which times are those of a promise: in its words, around them, over its list, or of the plan that it carries out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from clauses.deadlines import period_before
from clauses.folding import Folded
from clauses.grammar.reading import Reading
from clauses.languages import words
from clauses.nodes import Act, Deadline, Placed, Span

_NEXT_TO = 2  # characters between a time and the words it dates, a comma among them
_SPOKEN_OF = 1200  # characters before a promise in which the plan that it carries out may be named
_YEAR = re.compile(r"\d{4}")
_PURPOSE = 160  # characters before a time in which the purpose that it belongs to begins
_MOST = 0.5  # the share of a heading that a time must take to stand over what follows


@dataclass(slots=True)
class Timing:
    """The times of a text in order, and what stands over the sentence that is read."""

    folded: Folded
    language: str
    deadlines: tuple[Deadline, ...]
    over: tuple[Deadline, ...] = ()  # the time that the last heading named, and nothing else: "By the end of 2026"
    until: int = 0  # where what stands under that heading ends
    starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.starts = [deadline.start for deadline in self.deadlines]

    def within(self, place: Placed) -> tuple[Deadline, ...]:
        """The times that begin in a place."""
        return self.deadlines[bisect_left(self.starts, place.start) : bisect_left(self.starts, place.end)]

    def read_heading(self, place: Placed, until: int) -> None:
        """Remember the time of a heading that says little else, for what stands before the offset `until`."""
        times, size = self.within(place), place.end - place.start
        self.until = until
        self.over = tuple(time for time in times if time.due and (time.end - time.start) >= size * _MOST)

    def of_promise(
        self, promises: Sequence[Reading], index: int, times: Sequence[Deadline], opening: Span | None, since: int
    ) -> tuple[Deadline, ...]:
        """The times of one of the promises of a sentence.

        They stand in its words; else before the first of several promises, or behind the last; else in the words that
        open its list, or in the heading over it; else in the name of the plan that it says will be carried out, where
        the text since the offset `since` has named one. `times` are those of the sentence that may date a promise.
        """
        reading = promises[index]
        own = [time for time in times if reading.start <= time.start and time.end <= reading.end]
        if any(time.due or time.rule for time in own):
            return tuple(own)
        if promises[0].actors == reading.actors:
            own += [
                time for time in times if time.end <= promises[0].start and not self._is_of_a_purpose(time, reading)
            ]
        if index:
            own += _shared(promises, index, times)
        if not own and reading is promises[-1]:
            own = [time for time in times if time.start >= reading.end][:1]
        return (*own, *(() if _is_dated(own) else self._around(reading, opening, since)))

    def _is_of_a_purpose(self, time: Deadline, reading: Reading) -> bool:
        """Whether a time before a promise is that of its purpose: "to double trade by 2030, the Parties will …"."""
        at = self.folded.at(time.start)
        sides = {
            "before": self.folded.text[max(0, at - _PURPOSE) : at],
            "behind": self.folded.words(time.end, reading.start),
        }
        return any(pattern.search(sides[side]) for side, pattern in _purpose(self.language).items())

    def _around(self, reading: Reading, opening: Span | None, since: int) -> tuple[Deadline, ...]:
        """The times outside the sentence that hold for it."""
        opened = self.within(opening) if opening else ()
        opened = opened or (self.over if reading.start < self.until else ())
        if opened:
            return opened
        since = max(since, reading.start - _SPOKEN_OF)
        words = self.folded
        if not _YEAR.search(words.text, words.at(since), words.at(reading.start)):  # nearly always
            return ()
        if not _carrying_out(self.language).search(words.words(reading.start, reading.end)):
            return ()
        period = period_before(self.folded, self.language, since, reading.start)
        return (period,) if period else ()


def dating(readings: Sequence[Reading], times: Sequence[Deadline]) -> Sequence[Deadline]:
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


def _is_dated(times: Sequence[Deadline]) -> bool:
    return any(time.due or time.rule for time in times)


def _cued(reading: Reading) -> int:
    """Where a reading begins: a promise with its words, anything else with its cue."""
    return reading.start if reading.act is Act.COMMITMENT else reading.cue.start


def _shared(promises: Sequence[Reading], index: int, times: Sequence[Deadline]) -> list[Deadline]:
    """The times said once before the first verb of several coordinated ones."""
    lead = promises[index - 1]
    if lead.verb is None or lead.cue != promises[index].cue:
        return []
    shared = [time for time in times if lead.start <= time.start and time.end <= lead.verb]
    return [time for time in shared if not time.recurrence]  # "will annually check … and inform": the first only


@cache
def _purpose(language: str) -> dict[str, re.Pattern[str]]:
    """The words of a purpose on either side of a time ("before", "behind"), as far as the language has them there."""
    return {side: re.compile(pattern) for side, pattern in words(language, "deadlines")["purpose"].items()}


@cache
def _carrying_out(language: str) -> re.Pattern[str]:
    """How a promise says that the plan just spoken of is carried out; a language may have no such words."""
    return re.compile("|".join(words(language, "cues").get("carries_it_out", ["(?!)"])))
