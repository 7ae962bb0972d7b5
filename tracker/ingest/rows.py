"""From what the parser found to rows: a constant number of queries, whatever the length of the document."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from textwrap import shorten
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from clauses import PARSER_VERSION, name_of, nodes
from clauses.parties.names import states
from tracker.ingest.reading import Found
from tracker.models import (
    Addressee,
    Clause,
    Commitment,
    Instrument,
    InstrumentParty,
    Obligor,
    Party,
    Text,
    TextSource,
)
from tracker.models.days import ministry_day
from tracker.models.vocabulary import LegalNature, PartyRole, PartySort, Precision

_ATTENDED = (nodes.Kind.READOUT, nodes.Kind.RESOLUTION)
"""Instruments that nobody signs: those who made them took part."""


def store(found: Found, instrument: Instrument | None, now: dt.datetime, by: User | None) -> Text:
    """Write a document: as another text of `instrument`, or as a new instrument that this text leads.

    Call it inside a transaction.
    """
    parsed = found.parsed
    parties = _parties(_codes(parsed))
    leading = instrument is None
    if instrument is None:
        instrument = _instrument(found, parties, now)
    text = Text.objects.create(
        instrument=instrument,
        language=parsed.language,
        leading=leading,
        body=parsed.text,
        media_type=found.media_type,
        file_name=found.file_name,
        sha256=found.sha256,
        body_sha256=found.body_sha256,
        parser_version=PARSER_VERSION,
        coverage=found.coverage,
        read_at=now,
        read_by=by,
    )
    TextSource.objects.create(text=text, content=found.data)
    clauses = _clauses(parsed, text)
    _commitments(parsed, text, clauses, parties, ministry_day(now))
    return text


def _instrument(found: Found, parties: dict[str, Party], now: dt.datetime) -> Instrument:
    parsed = found.parsed
    instrument = Instrument.objects.create(
        title=parsed.title.strip() or found.file_name or found.sha256,
        kind=parsed.kind,
        legal_nature=LegalNature.TREATY if parsed.kind is nodes.Kind.TREATY else LegalNature.POLITICAL_COMMITMENT,
        signed_on=parsed.signed_on,
        signed_at=parsed.signed_at or "",
        stored_at=now,
    )
    role = PartyRole.PARTICIPANT if parsed.kind in _ATTENDED else PartyRole.SIGNATORY
    InstrumentParty.objects.bulk_create(
        InstrumentParty(instrument=instrument, party=parties[code], role=role, position=position)
        for position, code in enumerate(dict.fromkeys(parsed.parties))
    )
    return instrument


def _codes(parsed: nodes.Instrument) -> list[str]:
    """Every party that the document names in a role, once."""
    roles = (codes for each in parsed.commitments for codes in (each.obligors, each.addressees))
    return list(dict.fromkeys([*parsed.parties, *(code for codes in roles for code in codes)]))


def _parties(codes: list[str]) -> dict[str, Party]:
    """The rows of these parties; one that is named for the first time is made, with its names in three languages."""
    known = Party.objects.in_bulk(codes, field_name="code")
    missing = [code for code in codes if code not in known]
    if missing:
        Party.objects.bulk_create(map(_party, missing), ignore_conflicts=True)
        known = Party.objects.in_bulk(codes, field_name="code")
    return known


def _party(code: str) -> Party:
    names = {f"name_{language}": name_of(code, language) for language in ("en", "kk", "ru")}
    return Party(code=code, sort=PartySort.STATE if code in states("en") else PartySort.ORGANISATION, **names)


def _clauses(parsed: nodes.Instrument, text: Text) -> list[Clause]:
    """The tree of clauses, in one insert: the ids are drawn beforehand, so that children can name their parents."""
    ids = _next_clause_ids(len(parsed.clauses))
    return Clause.objects.bulk_create(
        Clause(
            pk=ids[position],
            text=text,
            parent_id=None if each.parent is None else ids[each.parent],
            position=position,
            label=each.label or "",
            path=each.path or "",
            role=each.role,
            start=each.start,
            end=each.end,
        )
        for position, each in enumerate(parsed.clauses)
    )


def _next_clause_ids(number: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('tracker_clause', 'id')) FROM generate_series(1, %s)", [number]
        )
        return [row[0] for row in cursor.fetchall()]


def _commitments(
    parsed: nodes.Instrument, text: Text, clauses: list[Clause], parties: dict[str, Party], today: dt.date
) -> None:
    """The commitments with their parties. Of two that stand for the same words the first is kept."""
    found = list({(each.start, each.end): each for each in reversed(parsed.commitments)}.values())[::-1]
    rows = Commitment.objects.bulk_create(_commitment(each, parsed, text, clauses, today) for each in found)
    Obligor.objects.bulk_create(
        Obligor(commitment=row, party=parties[code], position=position)
        for row, each in zip(rows, found, strict=True)
        for position, code in enumerate(dict.fromkeys(each.obligors))
    )
    Addressee.objects.bulk_create(
        Addressee(commitment=row, party=parties[code], position=position)
        for row, each in zip(rows, found, strict=True)
        for position, code in enumerate(dict.fromkeys(each.addressees))
    )


def _commitment(
    found: nodes.Commitment, parsed: nodes.Instrument, text: Text, clauses: list[Clause], today: dt.date
) -> Commitment:
    times = _times(found, parsed)
    return Commitment(
        text=text,
        clause=None if found.clause is None else clauses[found.clause],
        counted=text.leading,
        start=found.start,
        end=found.end,
        cue_start=found.cue.start if found.cue.end > found.cue.start else None,
        cue_end=found.cue.end if found.cue.end > found.cue.start else None,
        title=shorten(parsed.words(found), 200, placeholder=" …") or parsed.words(found)[:200],
        force=found.force,
        awaiting_date=_awaits_a_date(found, parsed),
        why=found.why,
        inferred=found.inferred,
        parser_version=PARSER_VERSION,
        read_on=today,
        made_on=times["starts_on"] or parsed.signed_on or today,
        **times,
    )


def _times(found: nodes.Commitment, parsed: nodes.Instrument) -> dict[str, Any]:
    """The columns that say when: of the deadline that speaks for the commitment, or of the first that has no day."""
    spoken = found.dated or next((each for each in found.deadlines if not each.recurrence), None)
    starts = next((each.starts for each in (spoken, *found.deadlines) if each and each.starts), None)
    due = spoken.due if spoken else None
    precision = (spoken.precision if spoken else None) or Precision.DAY
    return {
        "due_on": due,
        "due_text": parsed.words(spoken) if spoken else "",
        "due_precision": precision if due else "",
        "due_rule": parsed.words(spoken.rule) if spoken and spoken.rule else "",
        "due_why": spoken.why if spoken else "",
        "starts_on": None if starts and due and starts > due else starts,
        "recurrence": found.recurrence or "",
    }


def _awaits_a_date(found: nodes.Commitment, parsed: nodes.Instrument) -> bool:
    """Whether its day is still to be known: the words tie it to an event whose day they do not name, or they (or the
    sentence around them) say that a date will be agreed. "Speedily" has no date and awaits none."""
    if found.due:
        return False
    if any(each.rule and not each.due for each in found.deadlines):
        return True
    says_so = _phrases().get(parsed.language)
    if says_so is None:
        return False
    around = [parsed.words(each) for each in parsed.sentences if each.start <= found.start and found.end <= each.end]
    return any(says_so.search(words) for words in (parsed.words(found), *around))


@cache
def _phrases() -> dict[str, re.Pattern[str]]:
    """What says that a date is to be agreed, by language, from `awaiting.toml`."""
    table = tomllib.loads((Path(__file__).parent / "awaiting.toml").read_text("utf-8"))
    return {language: _any_of(room["phrases"]) for language, room in table.items()}


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """`*` in a phrase stands for the end of a word, `…` for up to eighty characters of the same sentence."""
    patterns = (re.escape(each).replace(r"\*", r"\w*").replace("…", r"[^.;]{0,80}?") for each in phrases)
    return re.compile(r"\b(?:" + "|".join(patterns) + r")\b", re.IGNORECASE)
