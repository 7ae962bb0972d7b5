"""Who makes the instrument, and every mention resolved to who is meant."""

from __future__ import annotations

from clauses import languages
from clauses.folding import Folded
from clauses.nodes import Cast, Kind, Mention, Outline
from clauses.parties import coordination, offices, people, terms
from clauses.parties.found import Found, find, spans
from clauses.parties.makers import makers


def cast(folded: Folded, language: str, outline: Outline, kind: Kind) -> Cast:
    """The parties of the instrument, and all mentions with the codes of those who are meant.

    Terms for all parties get all of them; a term that the document defines gets those it was defined for; a person or
    title gets the state last named with it. Pronouns and bodies keep no codes: that takes the sentence around them.
    """
    mentions = find(folded, language)
    people.appose(folded, mentions)
    known = people.learn(mentions, language)
    people.resolve(mentions, known, language)
    people.name_again(mentions, language)
    people.resolve_leaders(mentions, language)
    known |= {key: codes for key, codes in people.learn(mentions, language).items() if key not in known}
    parties = makers(folded, language, outline, kind, coordination.joined(folded, mentions, language))
    mentions = offices.named_again(folded, language, mentions, parties)
    _complete(mentions, parties, known, language)
    people.resolve(mentions, known, language)
    if kind is Kind.READOUT:
        offices.assign(folded, language, mentions, parties)
    mentions = people.recognise(folded, mentions, known, language)
    mentions = terms.defined(folded, language, mentions, parties)
    mentions = offices.own_country(folded, language, mentions, kind)
    if kind is Kind.READOUT:
        offices.quoted(folded, language, mentions, parties)
    _meant_by_all(mentions, parties, apart=kind is Kind.READOUT and len(parties) > 2)
    mentions = coordination.joined(folded, mentions, language)
    return Cast(parties, tuple(Mention(*span, found.codes, found.sort) for found, span in spans(folded, mentions)))


def _complete(
    mentions: list[Found], parties: tuple[str, ...], known: dict[str, tuple[str, ...]], language: str
) -> None:
    """Give titles without a state one: the state last seen with that title, or the only party without a person."""
    seen: dict[str, tuple[str, ...]] = {}
    last: tuple[str, ...] = ()
    met = tuple(languages.words(language, "parties")["persons"]["met"])
    other: tuple[str, ...] = ()
    spoken_for = {code for mention in mentions if mention.name for code in mention.codes}
    silent = [party for party in parties if party not in spoken_for]
    for mention in mentions:
        if mention.codes:
            last = mention.codes if mention.sort in ("side", "state", "person") else last
            other = mention.codes if mention.sort == "person" and mention.codes[0] not in parties[:1] else other
            if mention.head and not mention.people:
                seen.pop(mention.head, None)  # the one named last stands last
                seen[mention.head] = mention.codes
        elif mention.sort == "person" and mention.name:
            mention.codes = tuple(silent) if len(silent) == 1 else last
            for key in people.keys(mention.name.split()[-1], language)[:1]:
                known.setdefault(key, mention.codes)
        elif mention.head.startswith(met):
            mention.codes = other
        elif mention.sort in ("person", "state"):
            like = (seen[head] for head in reversed(seen) if offices.alike(head, mention.head))
            mention.codes = seen.get(mention.head) or next(like, ())


def _meant_by_all(mentions: list[Found], parties: tuple[str, ...], *, apart: bool) -> None:
    """Give the terms for all parties their codes.

    `apart`: a report of several meetings. There "the sides" are the one that reports and whom it met last, unless one
    list named all of them together.
    """
    together = any(len(mention.codes) > 2 and set(parties) <= set(mention.codes) for mention in mentions)
    others: tuple[str, ...] = parties[1:]
    for mention in mentions:
        if mention.sort == "all" and not mention.codes:
            mention.codes = (parties[0], *others) if apart and not together else parties
        elif mention.sort in ("person", "side", "state"):
            met = tuple(code for code in mention.codes if code in parties[1:])
            others = met or others
