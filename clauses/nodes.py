"""The nodes of a parsed instrument: frozen, plain, and pointing into one text.

Every node that stands for words bears `start` and `end`, offsets into `Instrument.text`; the words themselves are
sliced from there and never copied. Terms are those of the field (see README, "Words").
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """What sort of instrument a text is."""

    JOINT_STATEMENT = "joint_statement"
    TREATY = "treaty"
    MOU = "mou"
    ACTION_PLAN = "action_plan"
    RESOLUTION = "resolution"
    READOUT = "readout"


class Role(StrEnum):
    """What a clause does in its instrument."""

    PREAMBLE = "preamble"
    OPERATIVE = "operative"
    CLOSING = "closing"
    BOILERPLATE = "boilerplate"


class Force(StrEnum):
    """How strongly a commitment binds its obligors, strongest first."""

    OBLIGATION = "obligation"
    COMMITMENT = "commitment"
    INTENTION = "intention"
    REQUEST = "request"


class Act(StrEnum):
    """What a sentence does. Every sentence of a text ends as one of these; nothing is silently dropped."""

    COMMITMENT = "commitment"
    ACKNOWLEDGEMENT = "acknowledgement"
    PERFORMED = "performed"
    RECITAL = "recital"
    COURTESY = "courtesy"
    BOILERPLATE = "boilerplate"
    PERMISSION = "permission"
    MECHANICS = "mechanics"
    HEADING = "heading"
    UNCLEAR = "unclear"


class Precision(StrEnum):
    """How exactly the words of a deadline fix its last day."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    PERIOD = "period"


class Recurrence(StrEnum):
    """How often a continuing commitment falls due."""

    ANNUAL = "annual"
    SEMIANNUAL = "semiannual"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    BIENNIAL = "biennial"
    REGULAR = "regular"


class Placed(Protocol):
    """Anything that stands for `text[start:end]`."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the text: `text[start:end]`."""

    start: int
    end: int

    def holds(self, other: Placed) -> bool:
        """Whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Clause:
    """A unit of the text, numbered or not; its span covers its label and its sub-clauses.

    `label` is the label as printed, without the punctuation that sets it off (`1`, `(a)`, `Article 5`), or None;
    `path` joins the labels from the outermost in (`3(b)`, `Article 5.2`), None where the clause has no label.
    `parent` is the index of the enclosing clause in `Instrument.clauses`, which stand in the order of the text.
    Paths may repeat where a text repeats its numbers; index and span never do.
    """

    label: str | None
    path: str | None
    parent: int | None
    role: Role
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A run of text in which sentences live: a paragraph, an item of a list, a heading or a line of boilerplate.

    Its span leaves the label out. `clause` is the index of the innermost clause around it. `opening` is the index of
    the unit whose words open this item ("The Parties agreed:"), for items of a list; else None.
    """

    start: int
    end: int
    clause: int | None
    role: Role
    sort: str  # paragraph, item, heading
    opening: int | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """The structure of a text: its clauses as a tree, and the units that hold its words, both in order."""

    clauses: tuple[Clause, ...]
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where the text names somebody who can act.

    `codes` are ISO 3166-1 alpha-3 for states and the usual English acronym for organisations, in the order named;
    empty where the reader cannot tell without context (pronouns, bodies). `sort` says in what way they are named:
    `state` and `organisation` by name ("Kazakhstan", "the EU"); `side` as a party to the talks ("the Kazakh side",
    "Astana", "қазақ тарапы"); `all` by a term for every party ("the Parties", "both sides", "the leaders", "we");
    `person` a leader, minister or ministry acting for a state; `body` a joint or other body of the parties ("the
    Working Group"); `adjective` only as an attribute ("Kazakh oil"); `pronoun` ("they", "it", "he").
    """

    start: int
    end: int
    codes: tuple[str, ...]
    sort: str


@dataclass(frozen=True, slots=True)
class Cast:
    """Who makes the instrument (`parties`, in the order named) and every mention of somebody, in order, resolved."""

    parties: tuple[str, ...]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """An expression that sets a time for an action: its words, what they mean, and why they were read so.

    `due` is the last day that the words allow, None where it cannot be known; `precision` is how exactly they fix it.
    `starts` is the first day, where the words name one ("from 1 May", "for 2022-2026"). `rule` is the span of the
    words where the time is relative to an event ("within 30 days of entry into force").
    """

    start: int
    end: int
    due: dt.date | None = None
    precision: Precision | None = None
    starts: dt.date | None = None
    rule: Span | None = None
    recurrence: Recurrence | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or an item of a list, of one clause; `act` is what it does, `cue` the words that decided it."""

    start: int
    end: int
    clause: int | None
    act: Act
    cue: Span | None = None


@dataclass(frozen=True, slots=True)
class Commitment:
    """A span that promises future or continuing action by an identified actor (see README, "What a commitment is").

    `clause` is an index into `Instrument.clauses`. `inferred` is true where the obligors are not named in the words
    themselves but follow from the context (a passive, a joint body). `why` names the rule and the cue that fired.
    """

    start: int
    end: int
    clause: int | None
    force: Force
    obligors: tuple[str, ...]
    addressees: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    cue: Span
    why: str
    inferred: bool = False

    @property
    def dated(self) -> Deadline | None:
        """The deadline that speaks for this commitment: the first with a day, else the first with a rule."""
        with_day = next((deadline for deadline in self.deadlines if deadline.due), None)
        return with_day or next((deadline for deadline in self.deadlines if deadline.rule), None)

    @property
    def due(self) -> dt.date | None:
        """The last day for the action, or None."""
        return self.dated.due if self.dated else None

    @property
    def recurrence(self) -> Recurrence | None:
        """How often it falls due, or None."""
        return next((d.recurrence for d in self.deadlines if d.recurrence), None)


@dataclass(frozen=True, slots=True)
class Reference:
    """Words that cite another instrument, or a place in this one; `target` is what they name, as far as known."""

    start: int
    end: int
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Instrument:
    """A parsed text and everything found in it. All spans point into `text`.

    `media_type` is what the bytes were, told by content; `warnings` say what was doubtful in reading them (a guessed
    encoding, hidden passages left out, pages read as pictures), each a sentence.
    """

    text: str
    language: str
    kind: Kind
    title: str
    signed_on: dt.date | None
    signed_at: str | None
    parties: tuple[str, ...]
    clauses: tuple[Clause, ...]
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    deadlines: tuple[Deadline, ...]
    commitments: tuple[Commitment, ...]
    references: tuple[Reference, ...] = ()
    media_type: str = "text/plain"
    warnings: tuple[str, ...] = ()

    def words(self, node: Placed) -> str:
        """The exact words that a node stands for."""
        return self.text[node.start : node.end]

    @property
    def coverage(self) -> float:
        """The share of the text, white space aside, that stands in a sentence whose act was understood."""
        understood = sum(_inked(self.words(each)) for each in self.sentences if each.act is not Act.UNCLEAR)
        return min(1.0, understood / max(1, _inked(self.text)))


def _inked(words: str) -> int:
    """How many characters of the words are not white space."""
    return sum(map(len, words.split()))
