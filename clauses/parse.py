"""The whole story: bytes → text → structure → who speaks → when → what was promised."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterator
from contextlib import contextmanager

from clauses import facts, languages, text
from clauses.commitments import read_commitments
from clauses.deadlines import find_deadlines
from clauses.folding import fold
from clauses.nodes import Instrument
from clauses.outline import outline
from clauses.parties import cast
from clauses.references import find_references

PARSER_VERSION = "3"
"""Raised whenever the same bytes may give another answer; kept with every reading as its provenance."""

_CLOSEST = "en"
"""Whose words are used for a text in a language that has no folder: its numbering is still found, no promise is."""


def parse(source: bytes | str, *, name: str | None = None, signed_on: dt.date | None = None) -> Instrument:
    """Read one document.

    `source` is the file's bytes, or its text; `name` its file name, used in error messages only. `signed_on` is the
    day of signature, for a text that does not name one itself (relative deadlines count from it). Raises
    `UnreadableError` where no text can be had, with the place and the remedy; never anything else.
    """
    document = text.read(source, name=name)
    with _collector_at_rest():
        return _read(document, signed_on)


def _read(document: text.ReadText, signed_on: dt.date | None) -> Instrument:
    """Everything found in the text of a document."""
    words = document.text
    folded = fold(words)
    language = facts.language_of(folded)
    known = language if language in languages.CODES else _CLOSEST
    structure = outline(words, known, folded)
    kind = facts.kind_of(folded, known, structure)
    who = cast(folded, known, structure, kind)
    day, place = facts.signing_of(folded, known, structure)
    deadlines = find_deadlines(folded, known, day or signed_on, facts.dated_on(words, known))
    commitments, sentences = read_commitments(folded, language, kind, structure, who, deadlines)
    return Instrument(
        text=words,
        language=language,
        kind=kind,
        title=facts.title_of(words, known, structure),
        signed_on=day or signed_on,
        signed_at=place,
        parties=who.parties,
        clauses=structure.clauses,
        sentences=sentences,
        mentions=who.mentions,
        deadlines=deadlines,
        commitments=commitments,
        references=find_references(folded, known, structure),
        media_type=document.media_type,
        warnings=document.warnings,
    )


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Without the search for cycles of objects that hold each other: a parse makes none, only very many objects.

    A fifth of the time would go into looking through them again and again. What is no longer used is freed all the
    same. Where several threads parse, the first to end wakes the collector: the others lose time by that, no more.
    """
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()
