"""Those whom a text names once in full and then by a common noun: "the Minister", "the Bank", "his country".

Such words mean the nearest one before them that they fit; in a report of talks, else, whoever of the two sides has not
been given such an officer yet. What fits nobody is left open: then all parties are meant.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from clauses import languages
from clauses.folding import Folded
from clauses.nodes import Kind
from clauses.parties.found import Found
from clauses.parties.names import is_state, organisations

_SPEAKING = frozenset(("person", "side", "state"))
_TOGETHER = 80  # characters behind "we" in which a word may show that it means both sides
_LONG = 12  # letters from which on two words for a post may differ in more of their endings
_QUOTED = 700  # the longest words quoted that are looked at
_SAID = 60  # characters between the end of what is quoted and who said it


def named_again(folded: Folded, language: str, mentions: list[Found], parties: tuple[str, ...]) -> list[Found]:
    """The mentions with those added where a common noun stands for an organisation named before ("the Bank").

    An officer beside such a noun ("the Bank's President") acts for that organisation.
    """
    seen = [mention for mention in mentions if any(code in organisations() for code in mention.codes)]
    if not seen:
        return mentions
    named = {mention.end: mention for mention in mentions if mention.name}
    last: dict[str, int] = {}  # the place in `seen` of the mention that named an organisation last
    upcoming, added = 0, []
    for noun in _nouns(folded.text, language):
        while upcoming < len(seen) and seen[upcoming].start < noun.start():
            last.update(dict.fromkeys(seen[upcoming].codes, upcoming))
            upcoming += 1
        codes = _called(noun.lastgroup or "", language)
        nearest = max((last[code] for code in codes & last.keys()), default=None)
        if nearest is not None:
            meant = tuple(code for code in seen[nearest].codes if code in codes)
            if (officer := named.get(noun.end())) and officer.name.lower() == noun[0]:
                officer.codes, officer.name = meant, ""  # "the representative of the League": no person's name
            added.append(Found(noun.start(), noun.end(), "organisation", meant))
    merged = _inserted(mentions, added)
    _give_officers(folded, language, merged)
    return merged


def own_country(folded: Folded, language: str, mentions: list[Found], kind: Kind) -> list[Found]:
    """The mentions of a report with "his country" and "the republic": the state of who was named last before."""
    if kind is not Kind.READOUT:
        return mentions
    speaking = [mention for mention in mentions if mention.sort in _SPEAKING and len(mention.codes) == 1]
    starts, added = [mention.start for mention in speaking], []
    for place in _pattern(language, "country").finditer(folded.text):
        index = bisect_left(starts, place.start()) - 1
        if index >= 0 and is_state(speaking[index].codes[0]):
            added.append(Found(place.start(), place.end(), "side", speaking[index].codes))
    return _inserted(mentions, added)


def assign(folded: Folded, language: str, mentions: list[Found], parties: tuple[str, ...]) -> None:
    """Give the officers of a report who are still without a state the only side that they can act for.

    That is the only state that met, for those whom only states have; else the one side for which no officer was named.
    """
    states = [code for code in parties if is_state(code)]
    officers = [mention for mention in mentions if mention.sort == "person" and mention.head and not mention.people]
    taken = {code for mention in officers for code in mention.codes}
    silent = [code for code in parties if code not in taken]
    only = states if len(states) == 1 and len(parties) > 1 else []
    for mention in mentions:
        if mention.codes or mention.name or mention.sort not in ("person", "state") or not mention.head:
            continue
        if only and _pattern(language, "of_states").match(mention.head):
            mention.codes = tuple(only)
        elif len(silent) == 1 and len(parties) > 1 and _is_one(folded, language, mention):
            mention.codes = tuple(silent)


def quoted(folded: Folded, language: str, mentions: list[Found], parties: tuple[str, ...]) -> None:
    """Give the "we" of quoted speech in a report the side of who speaks: named behind the quotation, or before it."""
    persons = [mention for mention in mentions if mention.sort in ("person", "side") and len(mention.codes) == 1]
    starts = [mention.start for mention in persons]
    for mention in mentions:
        if mention.sort != "all" or mention.codes or not _pattern(language, "we").fullmatch(mention.head):
            continue
        if _pattern(language, "together").match(folded.text, mention.end, mention.end + _TOGETHER):
            continue
        opened = folded.text.rfind('"', max(0, mention.start - _QUOTED), mention.start)
        closed = folded.text.find('"', mention.end, mention.end + _QUOTED)
        if min(opened, closed) < 0 or folded.text[opened + 1 : opened + 2] == " ":
            continue
        behind, before = bisect_left(starts, closed), bisect_left(starts, opened) - 1
        said = folded.text[closed : persons[behind].start] if behind < len(persons) else ""
        if said and len(said) <= _SAID and not _pattern(language, "he").search(said):
            mention.codes = persons[behind].codes
        elif before >= 0:
            mention.codes = persons[before].codes


def alike(one: str, other: str) -> bool:
    """Whether two words for a post are one but for their endings ("министр", "министром")."""
    least = min(len(one), len(other))
    same = least - (3 if least > _LONG else 1)
    return abs(len(one) - len(other)) <= 4 and one[:same] == other[:same] and least > 3


def _is_one(folded: Folded, language: str, mention: Found) -> bool:
    """Whether a title stands for one officer, and for the one that was spoken of."""
    if mention.head in languages.words(language, "parties")["heads"]["office"]:
        return False
    article: str = languages.words(language, "parties")["gaps"]["article"]
    return folded.text.startswith(article, mention.start)


def _give_officers(folded: Folded, language: str, mentions: list[Found]) -> None:
    """Give an officer without a state the organisation that a common noun beside it stands for."""
    beside, first = _pattern(language, "officer"), languages.words(language, "parties")["speakers"]["officer_first"]
    for one, other in pairwise(mentions):
        officer, body = (one, other) if first and one.sort == "person" else (other, one)
        if officer.codes or (officer.sort, body.sort) != ("person", "organisation"):
            continue
        if _pattern(language, "of_states").match(officer.head):
            continue
        if beside.fullmatch(folded.text, one.end, other.end if officer is one else other.start):
            officer.codes = body.codes


def _nouns(text: str, language: str) -> Iterator[re.Match[str]]:
    """Every common noun for an organisation: found by its letters, which is quick, then told apart from the others."""
    exact = _pattern(language, "nouns")
    found = (exact.match(text, likely.start()) for likely in _pattern(language, "likely").finditer(text))
    return (noun for noun in found if noun)


def _inserted(mentions: list[Found], added: list[Found]) -> list[Found]:
    """The mentions in order with those added that overlap none."""
    if not added:
        return mentions
    result: list[Found] = []
    new = set(map(id, added))
    for mention in sorted([*mentions, *added], key=lambda found: (found.start, -found.end)):
        if not result or result[-1].end <= mention.start:
            result.append(mention)
        elif id(result[-1]) in new and id(mention) not in new:
            result[-1] = mention
    return result


@cache
def _called(noun: str, language: str) -> frozenset[str]:
    """The organisations whose names in a language hold one of the words that a common noun stands for."""
    parts: list[str] = languages.words(language, "parties")["again"][noun]["names"]
    return frozenset(
        code
        for code, names in organisations().items()
        if any(part in name.lower() for name in names.get(language, ()) for part in parts)
    )


@cache
def _pattern(language: str, which: str) -> re.Pattern[str]:
    data = languages.words(language, "parties")
    if which == "likely":
        return re.compile("|".join(row["noun"] for row in data["again"].values()))
    if which == "nouns":
        nouns = "|".join(f"(?P<{name}>{row['noun']})" for name, row in data["again"].items())
        return re.compile(rf"\b(?:{nouns})")
    return re.compile(rf"(?:{data['speakers'][which]})")
