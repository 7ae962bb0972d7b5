"""The words that set times, compiled from `languages/<code>/deadlines.toml` once for each language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from clauses.deadlines.beginnings import Phrases
from clauses.deadlines.phrases import (
    FIXED_SLOTS,
    Alternatives,
    Table,
    Triggers,
    alternatives,
    any_of,
    choice,
    named,
    table,
    triggers,
)
from clauses.languages import words
from clauses.nodes import Recurrence

_LENGTHS = ("limit", "ahead", "bare")
_CUES = ("neither", "past_surely", "yes", "past")  # the first that fits is taken


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's words for times."""

    cue_first: bool
    capital_months: bool
    bare_days: bool
    months: Table
    numbers: Table
    nths: Table
    units: Table
    points: Alternatives
    before: re.Pattern[str]
    after: re.Pattern[str]
    lengths: Alternatives
    event: re.Pattern[str]
    event_closes: re.Pattern[str]
    event_ends: re.Pattern[str]
    event_begins: re.Pattern[str]
    signing: re.Pattern[str]
    plurals: re.Pattern[str]
    procedures: re.Pattern[str]
    events: re.Pattern[str]
    recurrences: Alternatives
    recurrence_before: re.Pattern[str]
    recurrence_after: re.Pattern[str]
    cues: Phrases
    clause_opening: re.Pattern[str]
    never: Phrases
    mechanics: Phrases
    drafting: re.Pattern[str]
    programmes: re.Pattern[str]
    year_of_programme: re.Pattern[str]
    carrying_out: re.Pattern[str]
    executing: re.Pattern[str]
    examples: re.Pattern[str]
    articles: frozenset[str]
    meeting: re.Pattern[str]
    met: re.Pattern[str]
    triggers: Triggers


@cache
def lexicon(language: str) -> Lexicon:
    """The compiled words of a language. Raises KeyError for a language without a deadlines.toml."""
    data = words(language, "deadlines")
    months, numbers, nths, units = (table(data[name]) for name in ("months", "numbers", "nths", "units"))
    slots = FIXED_SLOTS | data.get("slots", {})
    slots |= {"month": f"(?P<month>{months.pattern})", "nth": f"(?P<nth>{nths.pattern})"}
    slots |= {"unit": f"(?P<unit>{units.pattern})"}
    slots["n"] = rf"(?P<n>\d{{1,3}}(?!\d)|{numbers.pattern})(?: ?\([^()]{{1,30}}\))?"
    lengths, adjectives, cues = data["lengths"], data["adjectives"], data["cues"]
    cue_first = data["order"] == "cue first"
    return Lexicon(
        cue_first=cue_first,
        capital_months=data.get("capital_months", False),
        bare_days=data.get("bare_days", False),
        months=months,
        numbers=numbers,
        nths=nths,
        units=units,
        points=alternatives(data["points"], slots),
        before=re.compile(rf"(?<!\w)(?:{named(data['before'], slots)}) ?-? ?\Z"),
        after=re.compile(rf" ?(?:{named(data['after'], slots)})(?!\w)"),
        lengths=alternatives({sort: lengths[sort] for sort in _LENGTHS}, slots),
        event=_event(choice(lengths["event"], slots), cue_first=cue_first),
        event_closes=re.compile(rf"(?:{choice(map(_last_words, lengths['event']), slots)}) ?\Z"),
        event_ends=any_of(lengths.get("event_ends", []), slots),
        event_begins=any_of(lengths.get("event_begins", []), slots),
        signing=any_of(lengths["signing"], slots),
        plurals=any_of(lengths["plurals"], slots),
        procedures=any_of(lengths["procedures"], slots),
        events=any_of(data["events"]["limit"], slots),
        recurrences=_recurrences(data, slots),
        recurrence_before=re.compile(rf"(?<!\w)(?:{choice(adjectives['not_before'], slots)}) ?\Z"),
        recurrence_after=re.compile(rf" ?(?:{choice(adjectives['not_after'], slots)})(?!\w)"),
        cues=Phrases(named({sort: cues.get(sort, []) for sort in _CUES}, slots)),
        clause_opening=re.compile(rf"(?<!\w)(?:{choice(cues.get('openers', []), slots)}) ?\Z"),
        never=Phrases(choice(cues["never"], slots)),
        mechanics=Phrases(choice(cues["mechanics"], slots)),
        drafting=any_of(cues["drafting"], slots),
        programmes=any_of(cues["programmes"], slots),
        year_of_programme=any_of(
            [rf"\d{{4}}(?: ?[-/] ?\d{{2,4}})?(?: [\w'-]+){{0,3}}? (?:{choice(cues['programmes'], slots)})"], slots
        ),
        carrying_out=any_of(cues["carrying_out"], slots),
        executing=any_of(cues["executing"], slots),
        examples=any_of(cues["examples"], slots),
        articles=frozenset(cues.get("articles", ())),
        meeting=any_of(lengths["meeting"], slots),
        met=any_of(lengths["met"], slots),
        triggers=triggers(data["triggers"]),
    )


def _event(phrases: str, *, cue_first: bool) -> re.Pattern[str]:
    """What ties a length to an event: it follows the length, or, where the verb comes last, stands before it."""
    return re.compile(rf" ?(?:{phrases})(?!\w)" if cue_first else rf"(?<!\w)(?:{phrases}) ?\Z")


def _last_words(phrase: str) -> str:
    """The part of a phrase behind its last free word, without which the phrase cannot be there; else all of it."""
    rest = phrase.rpartition(r"[\w-]+")[2]
    return rest if rest and rest.count("(") == rest.count(")") else phrase


def _recurrences(data: Mapping[str, Any], slots: Mapping[str, str]) -> Alternatives:
    """The phrases of each recurrence, and its adjectives up to five words before something that is done."""
    nouns = choice(data["adjectives"]["nouns"], slots)
    groups: dict[str, list[str]] = {kind.value: list(data["recurrence"].get(kind.value, [])) for kind in Recurrence}
    for kind, phrases in groups.items():
        for adjective in data["adjectives"].get(kind, []):
            phrases.append(rf"{adjective}(?:,? [\w'&/.-]+){{0,5}}?,? (?:{nouns})")
    return alternatives(groups, slots)
