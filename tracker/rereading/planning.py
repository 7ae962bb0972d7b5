"""What would become of every commitment of a text, were it read anew; nothing is saved here."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef

from tracker.ingest import Found, rows
from tracker.ingest.rows import Reading
from tracker.models import (
    Commitment,
    CommitmentTheme,
    DeadlineStep,
    Note,
    Relation,
    SecondLook,
    StatusStep,
    Submission,
    Text,
)
from tracker.models.rereadings import LookReason
from tracker.models.vocabulary import Review
from tracker.rereading import matching
from tracker.rereading.matching import Wording

_TOUCHED_BY = (
    *((model, "commitment") for model in (StatusStep, DeadlineStep, Submission, Note, CommitmentTheme)),
    (Relation, "source"),
    (Relation, "target"),
)


class Fate(StrEnum):
    """What becomes of a commitment."""

    KEPT = "kept"  # the same words in the same place
    MOVED = "moved"  # the same words elsewhere
    CHANGED = "changed"  # other words
    GAINED = "gained"  # found for the first time
    LOST = "lost"  # not found again


@dataclass(slots=True)
class Line:
    """One commitment in a plan: the row it is (None for a new one), what was read of it, and where it will stand."""

    fate: Fate
    row: Commitment | None
    before: str = ""
    after: str = ""
    reading: Reading | None = None
    span: tuple[int, int] | None = None

    @property
    def decided(self) -> bool:
        """Whether a person has decided on it, or recorded something of it."""
        return self.row is not None and _decided(self.row)


@dataclass(slots=True)
class Plan:
    """What reading a text again would do. `fingerprint` is the same as long as nothing of it has changed."""

    text: Text
    found: Found
    fingerprint: str
    lines: list[Line] = field(default_factory=list)

    def of(self, fate: Fate) -> list[Line]:
        """The lines with one fate, in the order of the text."""
        return [line for line in self.lines if line.fate == fate]

    @property
    def in_place(self) -> bool:
        """Whether the very same bytes were read again."""
        return self.found.sha256 == self.text.sha256

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each fate."""
        return {fate.value: len(self.of(fate)) for fate in Fate}


def plan(text: Text, found: Found, *, today: dt.date) -> Plan:
    """What would become of the commitments of `text` if it were read as `found` (from the same bytes, or better)."""
    held = list(_held(text))
    made = Plan(text, found, _fingerprint(text, found, held))
    _Matching(text, found, held, rows.readings(found, today), made.lines).run()
    made.lines.sort(key=lambda line: (line.span or (line.row.start if line.row else 0, 0))[0])
    return made


class _Matching:
    """Finds the fate of every commitment; each stage takes what the one before has left."""

    def __init__(
        self, text: Text, found: Found, held: list[Commitment], read: list[Reading], lines: list[Line]
    ) -> None:
        self.old_body, self.new_body = text.body, found.parsed.text
        self.same_body = self.old_body == self.new_body
        self.held, self.read, self.lines = held, read, lines

    def run(self) -> None:
        """All stages in order."""
        self._decided_words_stay()
        self._pair(
            matching.same_words, lambda row, reading: self._fate_of_same_words(row, (reading.start, reading.end))
        )
        if self.same_body:
            self._pair(matching.same_place, lambda *_: Fate.CHANGED)
        self._pair(matching.alike, lambda *_: Fate.CHANGED)
        self.lines.extend(Line(Fate.LOST, row, before=self._words(row)) for row in self.held)
        self.lines.extend(
            Line(Fate.GAINED, None, after=each.words, reading=each, span=(each.start, each.end)) for each in self.read
        )

    def _decided_words_stay(self) -> None:
        taken: set[tuple[int, int]] = set()
        stretch = len(self.new_body) / max(1, len(self.old_body))
        for row in [each for each in self.held if _decided(each)]:
            words = self._words(row)
            if self.same_body:
                span: tuple[int, int] | None = (row.start, row.end)
            else:
                span = matching.place(words, self.new_body, round(row.start * stretch), taken)
            if span is None:
                continue
            taken.add(span)
            self.held.remove(row)
            reading = self._absorb(Wording(*span, words))
            self.lines.append(Line(self._fate_of_same_words(row, span), row, words, words, reading, span))

    def _absorb(self, wording: Wording) -> Reading | None:
        """Take the readings of these words out: they are this commitment, whatever was decided about it."""
        over = [each for each in self.read if matching.share(wording, each) >= matching.SHARED]
        for each in over:
            self.read.remove(each)
        return max(over, key=lambda each: matching.share(wording, each), default=None)

    def _pair(
        self,
        pairs: Callable[[Sequence[Wording], Sequence[Wording]], Iterator[tuple[int, int]]],
        fate: Callable[[Commitment, Reading], Fate],
    ) -> None:
        held, read = list(self.held), list(self.read)
        old = [matching.wording(self.old_body, row) for row in held]
        new = [matching.wording(self.new_body, reading) for reading in read]
        for i, j in list(pairs(old, new)):
            row, reading = held[i], read[j]
            self.held.remove(row)
            self.read.remove(reading)
            span = (reading.start, reading.end)
            self.lines.append(Line(fate(row, reading), row, self._words(row), reading.words, reading, span))

    def _fate_of_same_words(self, row: Commitment, span: tuple[int, int]) -> Fate:
        return Fate.KEPT if (row.start, row.end) == span else Fate.MOVED

    def _words(self, row: Commitment) -> str:
        return self.old_body[row.start : row.end]


def _held(text: Text) -> Iterable[Commitment]:
    """The commitments of a text, each with whether anything was recorded of it."""
    known = Commitment.objects.filter(text=text).order_by("start", "end")
    for number, (model, name) in enumerate(_TOUCHED_BY):
        known = known.annotate(**{f"touched_{number}": Exists(model.objects.filter(**{name: OuterRef("pk")}))})
    looked = SecondLook.objects.filter(commitment=OuterRef("pk"), reason=LookReason.LOST)
    return known.annotate(was_lost=Exists(looked))


def _decided(row: Any) -> bool:
    """Whether a person has decided on it, recorded something of it, or given it to somebody."""
    touched = any(getattr(row, f"touched_{number}") for number in range(len(_TOUCHED_BY)))
    return touched or row.review != Review.PROPOSED or row.unit_id is not None or row.officer_id is not None


def _fingerprint(text: Text, found: Found, held: Sequence[Commitment]) -> str:
    version = rows.text_columns(found, text.read_at)["parser_version"]
    facts = (text.pk, text.current, text.read_at, found.sha256, found.body_sha256, version)
    return hashlib.sha256(repr((facts, [(row.pk, row.version) for row in held])).encode()).hexdigest()
