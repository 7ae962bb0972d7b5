"""Who acts and who is asked in a part of a Kazakh sentence: mentions, told apart by their case."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from clauses.folding import Folded
from clauses.grammar.kazakh_words import case_of
from clauses.languages import words
from clauses.nodes import Mention

_JOINS = re.compile(r",? (?:[мбп]ен|және|-) |, ")
_LETTERS = re.compile(r"[\w-]*")
_WORD = re.compile(r"[\w-]+")
_NOT_ALONE = re.compile(r" [мбп]ен ")
_EPITHET = re.compile(r"(?:уш[ыі]|аралық|[ия]ялық)$")  # "жіберуші Тарап", "Үкіметаралық комиссия"
_NEXT = re.compile(r" ([\w-]+)")
_ACTING = frozenset({"all", "side", "person", "body", "pronoun"})
_NAMING = frozenset({"state", "organisation"})
_NEAR = 3  # words before which a bare name still opens its clause
_REACH = 8  # words within which a state's office follows its name


class Named(NamedTuple):
    """One mention or several joined ones, in folded places, and the case that the last of them bears."""

    start: int
    end: int
    mentions: tuple[Mention, ...]
    case: str

    @property
    def sort(self) -> str:
        return self.mentions[-1].sort


class Subject(NamedTuple):
    """Who acts: where the words that name them begin and end (folded places), and the mentions, perhaps none."""

    start: int
    end: int
    mentions: tuple[Mention, ...]
    head: str = ""  # the noun, where no mention names them


def named(folded: Folded, mentions: Sequence[Mention]) -> list[Named]:
    """The mentions of a sentence with their cases; those joined by "мен", "және" or a comma are one."""
    groups: list[Named] = []
    for mention in mentions:
        start = folded.at(mention.start)
        end = _word_end(folded.text, folded.at(mention.end - 1) + 1)
        one = Named(start, end, (mention,), case_of(_last_word(folded.text, start, end)))
        if groups and _joined(folded.text, groups[-1], one):
            before = groups.pop()
            one = Named(before.start, end, (*before.mentions, mention), one.case)
        groups.append(one)
    return groups


def _joined(text: str, before: Named, after: Named) -> bool:
    return before.case == "nominative" and bool(_JOINS.fullmatch(text, before.end, after.start))


def subject_of(text: str, start: int, end: int, groups: Sequence[Named]) -> Subject | None:
    """The subject of the part `text[start:end]`: its first nominative who can act, else a state that opens it."""
    inside = [one for one in _within(groups, start, end) if not _attribute(text, one.end)]
    for one in inside:
        subject = _acting(text, one, end)
        if subject is not None:
            return subject
    for one in inside:
        if one.case == "nominative" and one.sort in _NAMING and _opens(text, start, one):
            return _subject(text, start, one.start, one.end, one.mentions)
    return _by_noun(text, start, end)


def _within(groups: Sequence[Named], start: int, end: int) -> Iterator[Named]:
    """Those of the groups, which stand in order, that lie in `text[start:end]`."""
    for index in range(bisect_left(groups, start, key=lambda one: one.start), len(groups)):
        if groups[index].start >= end:
            return
        if groups[index].end <= end:
            yield groups[index]


def _acting(text: str, one: Named, end: int) -> Subject | None:
    if one.sort in _ACTING and one.case == "nominative":
        return _subject(text, max(0, one.start - 60), one.start, one.end, one.mentions)
    if one.sort in _NAMING and one.case in ("nominative", "genitive"):
        office = _office_end(text, one.end, end)
        if office:
            return Subject(one.start, office, one.mentions)
    return None


def _office_end(text: str, start: int, end: int) -> int:
    """Where the office ends that a state's name belongs to ("…ның Президенті"), 0 where there is none at hand."""
    last = 0
    for count, word in enumerate(_WORD.finditer(text, start, end)):
        if word.group() in _words("offices"):
            last = word.end()
        if count >= _REACH or (last and word.end() != last):
            break
        if text[word.end() : word.end() + 1] not in (" ", ""):
            break
    return last


def _attribute(text: str, end: int) -> bool:
    """Whether a name that ends there only belongs to what follows: "Тараптар мемлекеттерінің", "олар туралы"."""
    following = _NEXT.match(text, end)
    return following is not None and following[1].startswith(_owned())


def _opens(text: str, start: int, one: Named) -> bool:
    before = text[start : one.start].split()
    return len(before) <= _NEAR or before[-1].rstrip(",") in _words("before")


def _subject(text: str, floor: int, start: int, end: int, mentions: tuple[Mention, ...]) -> Subject:
    """The subject with the words before it that belong to it ("әрбір Тарап")."""
    while True:
        before = text[floor:start].rstrip(" ")
        word = before.rpartition(" ")[2]
        belongs = word in _words("modifiers") or _EPITHET.search(word)
        if not belongs or len(before) + 1 != start - floor:
            return Subject(start, end, mentions)
        start -= len(word) + 1


def _by_noun(text: str, start: int, end: int) -> Subject | None:
    """A subject that no mention names: a noun of those who act ("аталған компаниялар"), in the nominative."""
    heads = _acting_nouns()
    for word in _WORD.finditer(text, start, end):
        if word.group() in heads and not _NOT_ALONE.match(text, word.end()) and not _attribute(text, word.end()):
            return Subject(start, word.end(), (), word.group())
    return None


def asked_in(start: int, end: int, groups: Sequence[Named], subject: Subject | None) -> tuple[Mention, ...]:
    """The mentions of a part, other than its subject, in a case that one is asked or helped in; adjectives too."""
    own = subject.mentions if subject else ()
    acting = {code for mention in own for code in mention.codes}
    found: list[Mention] = []
    for one in _within(groups, start, end):
        if one.mentions != own:
            cased = one.case in ("dative", "accusative", "genitive") or one.sort == "adjective"
            found += one.mentions if cased else ()
    return tuple(mention for mention in found if not acting.intersection(mention.codes))


def _last_word(text: str, start: int, end: int) -> str:
    return text[start:end].rpartition(" ")[2]


def _word_end(text: str, at: int) -> int:
    found = _LETTERS.match(text, at)
    return found.end() if found else at


@cache
def _words(name: str) -> frozenset[str]:
    data = words("kk", "cues")
    return frozenset(data["actors"].get(name) or data["subjects"][name])


@cache
def _acting_nouns() -> frozenset[str]:
    return _words("heads") | _words("private")


@cache
def _owned() -> tuple[str, ...]:
    return tuple(words("kk", "cues")["subjects"]["owned"])
