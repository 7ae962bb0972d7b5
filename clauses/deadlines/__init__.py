"""Every expression of a text that sets a time for an action: its words, the days they allow, and why they count."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial

from clauses.deadlines.evidence import Sentence
from clauses.deadlines.lengths import deadlines_within
from clauses.deadlines.lexicon import lexicon
from clauses.deadlines.meetings import day_of_meeting
from clauses.deadlines.periods import period_before
from clauses.deadlines.points import deadlines_at
from clauses.deadlines.recurrences import recurrences_in
from clauses.deadlines.view import View, view
from clauses.folding import Folded
from clauses.nodes import Deadline, Span

__all__ = ["find_deadlines", "period_before"]


def find_deadlines(
    folded: Folded, language: str, signed_on: dt.date | None, dated_on: dt.date | None = None
) -> tuple[Deadline, ...]:
    """The deadlines of a text, ordered by start, in source offsets; none overlaps another.

    `signed_on` is the day that "this year" and "over the next two years" count from, where it is known. Of a text that
    is not signed `dated_on` is the day of its page: "this year" and "by 15 July" count from it, no length of time does.
    Dates that
    only identify another document, past events, statistics and the instrument's own entry into force, duration and
    end are left out. Raises KeyError for a language without data.
    """
    known, seen = lexicon(language), view(folded)
    triggers = known.triggers.find(seen.text)
    met_on = cache(partial(day_of_meeting, seen, known, signed_on or dated_on))
    found: list[Deadline] = []
    at = 0
    for start, end in seen.sentences_at([place for place, _ in triggers]):
        until = bisect_left(triggers, end, at, key=_place)
        sentence = Sentence(seen.text, seen.cased, start, end, known, tuple(triggers[at:until]))
        found += _deadlines_in(sentence, signed_on, dated_on, met_on)
        at = until
    return tuple(_in_source(deadline, seen) for deadline in found)


def _place(trigger: tuple[int, tuple[str, ...]]) -> int:
    return trigger[0]


def _deadlines_in(
    sentence: Sentence, signed_on: dt.date | None, dated_on: dt.date | None, met_on: Callable[[], dt.date | None]
) -> list[Deadline]:
    limits = deadlines_within(sentence, signed_on, met_on)
    if limits:
        sentence = sentence.ignoring(tuple(limit.rule for limit in limits if limit.rule))
    repeats = recurrences_in(sentence)
    return _apart([*limits, *deadlines_at(sentence, signed_on or dated_on, repeats), *repeats])


def _apart(found: list[Deadline]) -> list[Deadline]:
    """Without those that overlap another: the rule relative to an event first, then the longer words."""
    kept: list[Deadline] = []
    for deadline in sorted(found, key=lambda each: (each.rule is None, each.start - each.end, each.start)):
        at = bisect_left(kept, deadline.start, key=lambda each: each.start)
        clear_before = at == 0 or kept[at - 1].end <= deadline.start
        if clear_before and (at == len(kept) or deadline.end <= kept[at].start):
            kept.insert(at, deadline)
    return kept


def _in_source(deadline: Deadline, seen: View) -> Deadline:
    start, end = seen.span(deadline.start, deadline.end)
    rule = Span(*seen.span(deadline.rule.start, deadline.rule.end)) if deadline.rule else None
    return replace(deadline, start=start, end=end, rule=rule)
