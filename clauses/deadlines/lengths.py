"""Lengths of time ("within 30 days of entry into force", "over the next five years") and events that limit."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from clauses.deadlines.days import add_period
from clauses.deadlines.evidence import Leaning, Sentence
from clauses.nodes import Deadline, Precision, Span

_EVENT_ROOM = 180
_CLOSE = 60  # characters before a length in which the last words of its event stand
_CLAUSE_END = re.compile(r"[,;:.()]|\Z")
_MONTHS_IN = {"quarter": 3, "half": 6, "decade": 120}


def deadlines_within(
    sentence: Sentence, signed_on: dt.date | None, met_on: Callable[[], dt.date | None]
) -> list[Deadline]:
    """The lengths of time in a sentence that limit an action, and the events that do, in places of the view.

    `met_on` tells the day of the meeting that the text reports; it is asked only where a length counts from it.
    """
    found = []
    for sort, length in sentence.lexicon.lengths.find(sentence.text, sentence.words_near("lengths")):
        start, end, event = _with_event(length, sentence)
        if (sort == "bare" and event is None) or _is_vague(length, sentence):
            continue
        if _limits(sort, start, end, sentence):
            from_meeting = event is not None and _from_the_meeting(length, start, end, sentence)
            day = met_on() if from_meeting else _counted_from(length, sort, event, sentence, signed_on)
            due = _due(length, sentence, day) if day else None
            why = f"length of time{' from an event' if event else ''}"
            precision = Precision.DAY if due else None
            found.append(Deadline(start, end, due, precision, rule=Span(start, end), why=why))
    return found + _events(sentence)


def _events(sentence: Sentence) -> list[Deadline]:
    """Events that limit an action without a length of time ("by COP31", "before the entry into force")."""
    found = []
    text, events = sentence.text, sentence.lexicon.events
    for event in (event for near in sentence.near("lengths") for event in events.finditer(text, *near)):
        start, end = event.start(), _event_end(event.end(), min(sentence.end, event.end() + _EVENT_ROOM), sentence)
        if _limits("limit", start, end, sentence):
            found.append(Deadline(start, end, rule=Span(start, end), why="by an event"))
    return found


def _with_event(length: re.Match[str], sentence: Sentence) -> tuple[int, int, Span | None]:
    """The span of a length with the event that it is tied to, and the event alone."""
    text, lexicon = sentence.text, sentence.lexicon
    if lexicon.cue_first:
        tie = lexicon.event.match(text, length.end(), sentence.end)
        if not tie:
            return length.start(), length.end(), None
        end = _event_end(tie.end(), min(sentence.end, tie.end() + _EVENT_ROOM), sentence)
        return length.start(), end, Span(tie.end(), end)
    if not lexicon.event_closes.search(text, max(sentence.start, length.start() - _CLOSE), length.start()):
        return length.start(), length.end(), None  # quick to see
    tie = lexicon.event.search(text, max(sentence.start, length.start() - _EVENT_ROOM), length.start())
    if not tie:
        return length.start(), length.end(), None
    opening = [word.start() for word in lexicon.event_begins.finditer(text, *tie.span())]
    start = opening[-1] if opening else tie.start()
    return start, length.end(), Span(start, tie.end())


def _event_end(start: int, limit: int, sentence: Sentence) -> int:
    """Where the words of an event end: at the next comma, or where the next subject or verb begins."""
    text = sentence.text
    stop = _CLAUSE_END.search(text, start, limit)
    end = stop.start() if stop else limit
    verb = sentence.lexicon.event_ends.search(text, start, end)
    end = verb.start() if verb else end
    return start + len(text[start:end].rstrip())


def _limits(sort: str, start: int, end: int, sentence: Sentence) -> bool:
    if sentence.excludes(start, end):
        return False
    leaning = sentence.leaning(start, end)
    return leaning is Leaning.AHEAD or (leaning is Leaning.UNKNOWN and sort != "bare")


def _is_vague(length: re.Match[str], sentence: Sentence) -> bool:
    """Whether the length has no number and its unit stands in the plural ("in the coming years")."""
    groups = length.groupdict()
    return not groups.get("n") and bool(sentence.lexicon.plurals.fullmatch(groups.get("unit") or ""))


def _from_the_meeting(length: re.Match[str], start: int, end: int, sentence: Sentence) -> bool:
    """Whether a length counts from the meeting that the text tells of, and from no other event."""
    tie = sentence.text[length.end() : end] if sentence.lexicon.cue_first else sentence.text[start : length.start()]
    return bool(sentence.lexicon.meeting.fullmatch(tie.strip()))


def _counted_from(
    length: re.Match[str], sort: str, event: Span | None, sentence: Sentence, signed_on: dt.date | None
) -> dt.date | None:
    """The day of signature where a length counts from it; None where it counts from something else."""
    if event is not None:
        return signed_on if sentence.lexicon.signing.search(sentence.text, event.start, event.end) else None
    days = sentence.lexicon.units.value(length.groupdict().get("unit") or "") == "day"
    return None if sort == "limit" and (days or sentence.is_a_procedure) else signed_on


def _due(length: re.Match[str], sentence: Sentence, day: dt.date) -> dt.date | None:
    """The last day of a length that counts from a day; None where it is shorter than a day or no length is said."""
    lexicon = sentence.lexicon
    unit = lexicon.units.value(length.groupdict().get("unit") or "")
    if unit in (None, "hour"):
        return None
    word = length.groupdict().get("n") or ""
    number = int(word) if word.isdigit() else (lexicon.numbers.value(word) if word else 1)
    if unit in _MONTHS_IN:
        return add_period(day, number * _MONTHS_IN[unit], "month")
    return add_period(day, number, unit)
