"""From what the parser found to rows: a constant number of queries, whatever the length of the document."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
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
from tracker.models.vocabulary import LegalNature, PartyRole, PartySort, Precision, TextStanding

_ATTENDED = (nodes.Kind.READOUT, nodes.Kind.RESOLUTION)
"""Instruments that nobody signs: those who made them took part."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One commitment as the parser reads it: the columns of its row, its sides, the place of its clause."""

    columns: dict[str, Any]
    obligors: tuple[str, ...]
    addressees: tuple[str, ...]
    clause: int | None
    words: str

    @property
    def start(self) -> int:
        """Where its words begin."""
        return int(self.columns["start"])

    @property
    def end(self) -> int:
        """Where they end."""
        return int(self.columns["end"])


def store(
    found: Found,
    instrument: Instrument | None,
    now: dt.datetime,
    by: User | None,
    standing: TextStanding = TextStanding.PRESS_COPY,
) -> Text:
    """Write a document: as another text of `instrument`, or as a new instrument that this text leads.

    Call it inside a transaction.
    """
    parties = known_parties(_codes(found.parsed))
    leading = instrument is None
    if instrument is None:
        instrument = _instrument(found, parties, now)
    text = store_text(found, instrument, now, by, standing=standing, leading=leading)
    clauses = store_clauses(found, text)
    store_readings(readings(found, ministry_day(now)), text, clauses, parties)
    return text


def store_text(
    found: Found, instrument: Instrument, now: dt.datetime, by: User | None, *, standing: str, leading: bool
) -> Text:
    """Write a text and the bytes it came from."""
    text = Text.objects.create(
        instrument=instrument,
        leading=leading,
        standing=standing,
        file_name=found.file_name,
        sha256=found.sha256,
        read_by=by,
        **text_columns(found, now),
    )
    TextSource.objects.create(text=text, content=found.data)
    return text


def text_columns(found: Found, now: dt.datetime) -> dict[str, Any]:
    """The columns of a text that follow from its reading."""
    return {
        "language": found.parsed.language,
        "body": found.parsed.text,
        "media_type": found.media_type,
        "body_sha256": found.body_sha256,
        "parser_version": PARSER_VERSION,
        "coverage": found.coverage,
        "doubts": list(found.parsed.warnings),
        "read_at": now,
    }


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


def known_parties(codes: Iterable[str]) -> dict[str, Party]:
    """The rows of these parties; one that is named for the first time is made, with its names in three languages."""
    wanted = list(codes)
    known = Party.objects.in_bulk(wanted, field_name="code")
    missing = [code for code in wanted if code not in known]
    if missing:
        Party.objects.bulk_create(map(_party, missing), ignore_conflicts=True)
        known = Party.objects.in_bulk(wanted, field_name="code")
    return known


def _party(code: str) -> Party:
    names = {f"name_{language}": name_of(code, language) for language in ("en", "kk", "ru")}
    return Party(code=code, sort=PartySort.STATE if code in states("en") else PartySort.ORGANISATION, **names)


def store_clauses(found: Found, text: Text) -> list[Clause]:
    """The tree of clauses, in one insert: the ids are drawn beforehand, so that children can name their parents."""
    parsed = found.parsed
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


def readings(found: Found, today: dt.date) -> list[Reading]:
    """The commitments found, in the order of the text. Of two that stand for the same words the first is kept."""
    parsed = found.parsed
    once = {(each.start, each.end): each for each in reversed(parsed.commitments)}
    return [_reading(each, parsed, today) for each in list(once.values())[::-1]]


def store_readings(
    found: list[Reading], text: Text, clauses: list[Clause], parties: dict[str, Party]
) -> list[Commitment]:
    """Write commitments that are new, with their sides."""
    rows = Commitment.objects.bulk_create(
        Commitment(
            text=text,
            clause=None if each.clause is None else clauses[each.clause],
            counted=text.leading,
            **each.columns,
        )
        for each in found
    )
    store_sides(list(zip(rows, found, strict=True)), parties)
    return rows


def store_sides(pairs: list[tuple[Commitment, Reading]], parties: dict[str, Party]) -> None:
    """Write who must act and who is asked, of commitments that have no sides yet."""
    Obligor.objects.bulk_create(
        Obligor(commitment=row, party=parties[code], position=position)
        for row, each in pairs
        for position, code in enumerate(each.obligors)
    )
    Addressee.objects.bulk_create(
        Addressee(commitment=row, party=parties[code], position=position)
        for row, each in pairs
        for position, code in enumerate(each.addressees)
    )


def _reading(found: nodes.Commitment, parsed: nodes.Instrument, today: dt.date) -> Reading:
    times = _times(found, parsed)
    words = parsed.words(found)
    columns = {
        "start": found.start,
        "end": found.end,
        "cue_start": found.cue.start if found.cue.end > found.cue.start else None,
        "cue_end": found.cue.end if found.cue.end > found.cue.start else None,
        "title": title_of(words),
        "force": found.force,
        "awaiting_date": _awaits_a_date(found, parsed),
        "why": found.why,
        "inferred": found.inferred,
        "parser_version": PARSER_VERSION,
        "read_on": today,
        "made_on": times["starts_on"] or parsed.signed_on or today,
        **times,
    }
    obligors, addressees = (tuple(dict.fromkeys(codes)) for codes in (found.obligors, found.addressees))
    return Reading(columns, obligors, addressees, found.clause, words)


def title_of(words: str) -> str:
    """A short name for a commitment, from its words."""
    return shorten(words, 200, placeholder=" …") or words[:200]


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
