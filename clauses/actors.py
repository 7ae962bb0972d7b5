"""Who must act, and who is asked or helped: the mentions of a promise become parties."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from clauses.folding import Folded
from clauses.grammar.reading import Reading
from clauses.languages import words
from clauses.nodes import Cast, Force, Kind, Mention, Placed, Span
from clauses.parties import is_state

_BEFORE = 30  # characters before a name in which its preposition stands
_BESIDE = 120  # characters between "agreed" and the name of those with whom
_HELPED = frozenset({"state", "organisation", "side", "person"})
_SUBJECTS = frozenset({"state", "organisation", "side", "person", "all", "pronoun"})
_APART = frozenset({"state", "side", "person"})  # those who can meet one another


@dataclass(slots=True)
class Actors:
    """The mentions of a text in order, and whom its last sentence spoke of: what a pronoun takes up."""

    folded: Folded
    language: str
    kind: Kind
    cast: Cast
    spoke: tuple[str, ...] = ()  # whom the last subject stood for
    met: tuple[str, ...] = ()  # the parties that the last sentence told met: "they" are all of them
    host: tuple[str, ...] | None = None  # the party that receives the others; looked for when it is first asked for
    starts: list[int] = field(init=False)
    cue: Span | None = None  # the cue asked for last, and its words
    cued: str = ""

    def __post_init__(self) -> None:
        self.starts = [mention.start for mention in self.cast.mentions]

    def within(self, place: Placed) -> tuple[Mention, ...]:
        """The mentions that begin in a place."""
        return self.cast.mentions[bisect_left(self.starts, place.start) : bisect_left(self.starts, place.end)]

    def obligors(self, reading: Reading, since: int, before: tuple[str, ...]) -> tuple[str, ...]:
        """Who must act, as far as the words tell; empty where it is left to be inferred.

        `since` is where the sentence begins, `before` are those bound by the promise before this one.
        """
        codes = self._possessor(reading) or self._codes(self._acting(since, reading))
        if self.kind is Kind.TREATY and not set(codes) & set(self.cast.parties) and not any(map(is_state, codes)):
            codes = ()  # a treaty binds its parties, not an organisation that it names
        if codes:
            return tuple(dict.fromkeys((*codes, *self._with_whom(reading, codes))))
        return (
            (before if self.takes_up(reading) else ())
            or self._instructed(reading)
            or self._inviting(reading)
            or self._hosting(reading)
        )

    def bound(self, reading: Reading, obligors: tuple[str, ...], asked: tuple[str, ...]) -> tuple[str, ...]:
        """Those who must act in the end: all parties where the words name nobody.

        Of all parties, those whom a request asks do not ask themselves.
        """
        parties = obligors or self._all()
        together = all(actor.sort in ("all", "pronoun") for actor in reading.actors)
        asking = tuple(code for code in parties if code not in asked)
        return asking if reading.force is Force.REQUEST and together and asking else parties

    def addressees(self, reading: Reading, obligors: tuple[str, ...]) -> tuple[str, ...]:
        """Who is asked, and in any other promise who is helped."""
        inside = self.within(reading)
        if reading.force is Force.REQUEST:
            objects = [mention for mention in inside if self._is_object(mention)]
            return self._codes(objects) or self._codes(reading.asked) or self._other(obligors)
        helped = self._codes(reading.asked) or self._helped(reading, inside, obligors)
        return tuple(code for code in helped if code not in obligors)

    def hear(self, reading: Reading) -> None:
        """Keep who promises: the next verb of the sentence may take them up."""
        self.spoke = self._codes(reading.actors) or self.spoke

    def remember(self, place: Placed, promises: Sequence[Reading], *, listed: bool) -> None:
        """Keep whom a pronoun may take up: who promises, else who is named first; in a list, who opened it."""
        own = self.within(place)
        subject = next((codes for reading in promises if (codes := self._codes(reading.actors))), ())
        named = next((mention for mention in own if mention.sort in _SUBJECTS), None)
        if subject:
            self.spoke = subject
        elif named is not None and named.sort != "pronoun" and not listed:
            self.spoke = named.codes or self._by_context(named) or self.spoke
        self.met = self._who_met(place, own)

    def _acting(self, since: int, reading: Reading) -> Sequence[Mention]:
        """Who acts: not those who stand as object of the verb, but then whom the sentence named before them."""
        objects = [mention for mention in reading.actors if self._is_object(mention)]
        if not objects:
            return reading.actors
        before = [
            mention
            for mention in self.within(Span(since, objects[0].start))
            if mention.sort in _SUBJECTS and mention.codes
        ]
        return [mention for mention in reading.actors if mention not in objects] or before[:1]

    def _is_object(self, mention: Mention) -> bool:
        return bool(_acts(self.language, "object").search(self._words(mention)))

    def _possessor(self, reading: Reading) -> tuple[str, ...]:
        """Whose promise it is, where a noun tells of it ("Turkey's pledge to provide …")."""
        for mention in self.within(reading.cue):  # "affirmed the United States' commitment to"
            if mention.codes and _acts(self.language, "owning").match(self.folded.words(mention.end, reading.cue.end)):
                return mention.codes
        last = bisect_left(self.starts, reading.cue.start) - 1
        if last < 0 or not self.cast.mentions[last].codes or reading.cue.start - self.cast.mentions[last].end > _BEFORE:
            return ()
        between = self.folded.words(self.cast.mentions[last].end, reading.cue.start)
        return self.cast.mentions[last].codes if _acts(self.language, "owning").fullmatch(between) else ()

    def _with_whom(self, reading: Reading, codes: tuple[str, ...]) -> tuple[str, ...]:
        """The other side of what one agreed "with" it."""
        if len(codes) > 1 or not _acts(self.language, "agreed").match(self._cue(reading)):
            return ()
        near = _acts(self.language, "with_whom")
        for mention in self.within(Span(reading.start, reading.cue.end + _BESIDE)):
            if not mention.codes or mention.sort not in _APART:
                continue
            first, last = min(mention.start, reading.cue.start), max(mention.end, reading.cue.end)
            if near.match(self.folded.words(first, last)):
                return tuple(code for code in mention.codes if code in self.cast.parties)
        return ()

    def _instructed(self, reading: Reading) -> tuple[str, ...]:
        """Whose body is told to act ("the Ministry … was instructed"): its State."""
        if not _acts(self.language, "instructed").search(self._cue(reading)):
            return ()
        told = self.within(reading)
        return next((mention.codes for mention in told if mention.codes and mention.sort in _SUBJECTS), ())

    def _inviting(self, reading: Reading) -> tuple[str, ...]:
        """Who asks, in a report that says only that others "were invited": the one who spoke before."""
        asked = self.kind is Kind.READOUT and len(self.spoke) == 1 and self.spoke[0] in self.cast.parties
        return self.spoke if asked and _acts(self.language, "were_asked").match(self._cue(reading)) else ()

    def _hosting(self, reading: Reading) -> tuple[str, ...]:
        """The host State, for what a treaty grants to those whom it receives ("shall be exempt from …").

        Exemptions, inviolability and free visas are duties of the receiving State (Vienna Convention on Diplomatic
        Relations, articles 22 to 40).
        """
        if self.kind is not Kind.TREATY or not _acts(self.language, "privileged").search(self._words(reading)):
            return ()
        if self.host is None:
            self.host = self._named_host()
        return self.host

    def _named_host(self) -> tuple[str, ...]:
        """The one party that the text calls its host or receiving State."""
        host = _acts(self.language, "host")
        named = (m.codes for m in self.cast.mentions if len(m.codes) == 1 and host.match(self._words(m)))
        return next((codes for codes in named if codes[0] in self.cast.parties), ())

    def takes_up(self, reading: Reading) -> bool:
        """Whether a promise goes on with the one before: "this includes …"."""
        return self._cue(reading).split(" ", 1)[0] in words(self.language, "cues").get("takes_up", ())

    def _codes(self, actors: Sequence[Mention]) -> tuple[str, ...]:
        """The parties that these mentions stand for, in the order named; empty where the words do not tell."""
        found: list[str] = []
        for actor in actors:
            found += actor.codes or self._by_context(actor)
        return tuple(dict.fromkeys(found))

    def _all(self) -> tuple[str, ...]:
        """Those whom "the sides" stand for: in a press report the states that met, not the body they spoke of."""
        states = tuple(filter(is_state, self.cast.parties))
        return states if self.kind is Kind.READOUT and len(states) > 1 else self.cast.parties

    def _by_context(self, actor: Mention) -> tuple[str, ...]:
        if actor.sort == "all":
            return self._all()
        if actor.sort != "pronoun":
            return ()
        several = len(self.spoke) < 2 and self._words(actor) in words(self.language, "parties")["pronouns"]["several"]
        return (self.met if several else ()) or self.spoke

    def _who_met(self, place: Placed, own: Sequence[Mention]) -> tuple[str, ...]:
        """The parties of a sentence that tells of their meeting: several of them named one by one."""
        if self.kind is not Kind.READOUT:
            return ()
        codes = tuple(dict.fromkeys(code for mention in own if mention.sort in _APART for code in mention.codes))
        met = tuple(code for code in codes if code in self.cast.parties)
        return met if len(met) > 1 and _met(self.language).search(self._words(place)) else ()

    def _other(self, obligors: tuple[str, ...]) -> tuple[str, ...]:
        """Whom one of two sides asks where it names nobody: the other."""
        two = len(self.cast.parties) == 2 and len(obligors) == 1 and set(obligors) < set(self.cast.parties)
        return tuple(code for code in self.cast.parties if code not in obligors) if two else ()

    def _helped(self, reading: Reading, inside: Sequence[Mention], obligors: tuple[str, ...]) -> tuple[str, ...]:
        """Who is helped: the first actor named behind the words of help, but not as a place, companion or attribute."""
        text, first = self.folded.text, None
        for mention in inside:
            if mention.start < reading.cue.end or mention.sort not in _HELPED or set(mention.codes) <= set(obligors):
                continue
            first = self.folded.at(reading.start) if first is None else first
            at = self.folded.at(mention.start)
            if not _acts(self.language, "helping").search(text, first, at):
                continue
            free = mention.sort == "person" or _acts(self.language, "free").match(text, self.folded.at(mention.end))
            if free and not _acts(self.language, "no_help").search(text[max(0, at - _BEFORE) : at]):
                return mention.codes
        return ()

    def _cue(self, reading: Reading) -> str:
        """The words of the cue, folded: several questions are asked of them."""
        if reading.cue is not self.cue:
            self.cue, self.cued = reading.cue, self._words(reading.cue)
        return self.cued

    def _words(self, node: Placed) -> str:
        return self.folded.words(node.start, node.end)


@cache
def _acts(language: str, name: str) -> re.Pattern[str]:
    """A pattern of the words around those who act."""
    return re.compile(words(language, "parties")["acting"][name])


@cache
def _met(language: str) -> re.Pattern[str]:
    """The words of a meeting."""
    return re.compile(words(language, "parties")["makers"]["met"])
