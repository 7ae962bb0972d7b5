"""How often an action is to be done: "at least once a year", "every six months", "regular consultations"."""

from __future__ import annotations

from clauses.deadlines.evidence import Leaning, Sentence
from clauses.nodes import Deadline, Recurrence

_ROOM = 40
_TOGETHER = 80


def recurrences_in(sentence: Sentence) -> list[Deadline]:
    """The expressions of a sentence that say how often an action is to be done, in places of the view."""
    found = []
    lexicon, text = sentence.lexicon, sentence.text
    for sort, words in lexicon.recurrences.find(text, sentence.words_near("recurrences")):
        start, end = words.span()
        if lexicon.recurrence_after.match(text, end, sentence.end):
            continue
        if lexicon.recurrence_before.search(text, max(sentence.start, start - _ROOM), start):
            continue
        if not sentence.excludes(start, end) and sentence.leaning(start, end) is not Leaning.PAST:
            found.append(Deadline(start, end, recurrence=Recurrence(sort), why=f"how often: {sort}"))
    return [each for each in found if not _said_closer(each, found)]


def _said_closer(general: Deadline, found: list[Deadline]) -> bool:
    """Whether "regularly" only leads to an interval named beside it ("regularly, and no less than annually")."""
    return general.recurrence is Recurrence.REGULAR and any(
        other.recurrence is not Recurrence.REGULAR and abs(other.start - general.end) < _TOGETHER for other in found
    )
