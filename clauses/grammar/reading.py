"""What a grammar is given, and what it answers: one sentence in, readings out.

A grammar knows the order of words of a language (`cue_first`: subject, cue, action, as in English and Russian;
`cue_last`: subject, action, cue, as in Kazakh) and takes the words themselves from the language data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from clauses.folding import Folded
from clauses.nodes import Act, Force, Kind, Mention, Role, Span


@dataclass(slots=True)  # not frozen: one is made for each sentence, and that would take five times as long
class Passage:
    """One sentence or list item to be read, with what the reader of a sentence must know about its surroundings.

    All offsets are places in the source; `folded.at` turns them into places of the folded text. `opening` is the
    span of the words that open the list that this is an item of; `opens` tells that this sentence itself opens a
    list, so that its actions stand in the items. `mentions` are those in the sentence and its opening. In `kept` a
    grammar may keep what it has read of an opening, for the next item of the list: one dictionary serves a whole text.
    """

    folded: Folded
    start: int
    end: int
    language: str
    kind: Kind
    role: Role
    mentions: tuple[Mention, ...]
    opening: Span | None = None
    opens: bool = False
    kept: dict[Span, Any] = field(default_factory=dict, compare=False, repr=False)


class Reading(NamedTuple):
    """One thing that a sentence does, and for a commitment how it does it.

    `start`, `end` are offsets in the source: the shortest run of whole words that holds actor, action and object, with
    the time given for it. `actors` are the mentions that must act (empty: to be inferred), `asked` those who are
    asked or helped. `why` names the rule, e.g. "will + verb". A time said before the offset `verb` dates the actions
    after this one too ("will in 2026 hold … and open …"); None where the grammar cannot tell.
    """

    act: Act
    start: int
    end: int
    cue: Span
    why: str
    force: Force | None = None
    actors: tuple[Mention, ...] = ()
    asked: tuple[Mention, ...] = ()
    verb: int | None = None
