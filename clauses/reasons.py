"""Why something was read so, and what was doubtful: the sentences of `why` and `warnings`, in one table.

A program that speaks another language, or kept a sentence long ago, finds here what it says: `recognised`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from clauses.nodes import Precision, Recurrence

TEMPLATES: dict[str, str] = {
    # a commitment: the phrase of the language data that decided, and what stands behind it (the heads of the frames
    # in `languages/<code>/cues.toml`)
    "modal": "%(cue)s (modal)",
    "past_modal": "%(cue)s (past_modal)",
    "infinitive": "%(cue)s (infinitive)",
    "impersonal": "%(cue)s (impersonal)",
    "doing": "%(cue)s (doing)",
    "acting": "%(cue)s (acting)",
    "that": "%(cue)s (that)",
    "object": "%(cue)s (object)",
    "asking": "%(cue)s (asking)",
    "opening": "%(cue)s (opening)",
    "cue": "cue: %(cue)s",
    # a commitment: the form of its verb
    "present": "present tense (present)",
    "present_opening": "present tense (opening)",
    "progressive": "present progressive (progressive)",
    "progressive_opening": "present progressive (opening)",
    "tense_present": "verb in the present tense",
    "tense_aim": "verb in the aim tense",
    "tense_doing": "verb in the doing tense",
    "order": "order: -сын",
    # a commitment: its place
    "point": "point of a list; %(reason)s",
    "plan_point": "point of a plan of action",
    "plan_measure": "measure of a plan",
    "duties": "duties",
    # a deadline
    "by": "by a %(precision)s",
    "before": "before a %(precision)s",
    "in": "in a %(precision)s",
    "for": "for a %(precision)s",
    "from": "from a %(precision)s",
    "programme": "years in a programme's name",
    "programme_before": "years of the plan spoken of before",
    "length": "length of time",
    "length_from_event": "length of time from an event",
    "event": "by an event",
    "recurrence": "how often: %(recurrence)s",
    # a document: what was doubtful in reading its bytes
    "doubt_encoding": "The encoding is not stated; it was read as %(encoding)s.",
    "doubt_page_hidden": "%(number)s hidden parts of the page were left out.",
    "doubt_hidden": "%(number)s hidden passages of the document were left out.",
    "doubt_deleted": "%(number)s deleted passages (tracked changes) were left out.",
    "doubt_white": "%(number)s passages are in white letters, which a reader does not see; they were read.",
    "doubt_unread": "Only %(number)s percent of the characters in the file are in the text that was read; check it.",
    "doubt_letters": "The fonts do not say what their letters are; the letters were restored. Check the text.",
    "doubt_pictures": "%(number)s of %(pages)s pages are pictures and were read by OCR. Check the text.",
}
"""Every sentence by its code; `%(name)s` stands for a value."""

_VALUES = {
    "cue": ".+",
    "reason": ".+",
    "precision": "|".join(Precision),
    "recurrence": "|".join(Recurrence),
    "encoding": r"[\w-]+",
    "number": r"\d+",
    "pages": r"\d+",
}
_REMEMBERED = 4_096


class Reason(NamedTuple):
    """What a sentence says: its code in `TEMPLATES`, and the values in it, by name.

    Of a point of a list the value `reason` is again a sentence of the table.
    """

    code: str
    values: dict[str, str]


def doubt(code: str, **values: str | int) -> str:
    """What was doubtful in reading a document, as a sentence; raises KeyError for a code that is not in the table."""
    return TEMPLATES[f"doubt_{code}"] % values


@lru_cache(_REMEMBERED)
def recognised(why: str) -> Reason | None:
    """What a sentence says; None where it is none of the table."""
    for code, pattern in _patterns():
        found = pattern.fullmatch(why)
        if found:
            return Reason(code, found.groupdict())
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The sentences as patterns: those without values, those that begin with words of their own, the others."""
    ordered = sorted(TEMPLATES.items(), key=lambda item: ("%" in item[1], item[1].startswith("%")))
    return tuple((code, re.compile(_pattern(template))) for code, template in ordered)


def _pattern(template: str) -> str:
    pieces = re.split(r"%\((\w+)\)s", template)  # words and names in turn
    return "".join(f"(?P<{piece}>{_VALUES[piece]})" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces))
