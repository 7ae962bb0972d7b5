"""The cues of Kazakh: the phrases of `languages/kk/cues.toml`, looked for at the end of a clause, longest first.

The phrases stand in a tree from their last word to their first, so that one walk from the end of a clause meets them
all, and what a single word can be is worked out once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from clauses.grammar.kazakh_words import Form, after_stem
from clauses.languages import words


class Cue(NamedTuple):
    """A phrase that decides what a clause does: its table in the data, its words, and its rank (the highest wins)."""

    table: str
    phrase: str
    rank: tuple[int, int, int]

    @property
    def length(self) -> int:
        """How many words it has, those of its complement with them."""
        return self.rank[0]


class Hit(NamedTuple):
    """A cue found at the end of a clause: the index of its first own word, and the form of its last."""

    cue: Cue
    first: int
    form: Form


@dataclass(slots=True)
class _Node:
    """The phrases that share their last words: what may stand before those, by word, by stem, by ending."""

    exact: dict[str, _Node] = field(default_factory=dict)
    stems: dict[str, _Node] = field(default_factory=dict)
    endings: dict[str, _Node] = field(default_factory=dict)
    gap: _Node | None = None
    cues: list[Cue] = field(default_factory=list)


TABLES = (
    "obligation",
    "duty",
    "commitment",
    "intention",
    "request",
    "permission",
    "support",
    "mechanics",
    "standing",
    "courtesy",
    "performed",
    "acknowledgement",
)
_PERSON = re.compile(r"(?:[мбп][ыі]з|м[ыі]н)?")
_GAP = 5  # words that "…" stands for at most
_STATE = Form("state", False)


def find_cue(tail: Sequence[str], tables: frozenset[str]) -> Hit | None:
    """The longest cue of the given tables with which the words of `tail` end; None where they end with none.

    Of two of one length the one with more words of its own wins, then that of the table named first in `TABLES`.
    """
    best: Hit | None = None
    last = len(tail) - 1
    for form, node in _closing(tail[-1]) if tail else ():
        for cue, first in _walk(node, tail, last, last, 0):
            if cue.table in tables and (best is None or cue.rank > best.cue.rank):
                best = Hit(cue, first, form)
    return best


def may_close(word: str) -> bool:
    """Whether some cue may end with a word; a cheap test before `find_cue`."""
    return bool(_closing(word))


def _walk(node: _Node, tail: Sequence[str], at: int, first: int, gap: int) -> Iterator[tuple[Cue, int]]:
    """The cues below a node whose words stand before `tail[at]`, and the index of their first own word."""
    for cue in node.cues:
        yield cue, first
    if node.gap is not None:
        yield from _walk(node.gap, tail, at, first, _GAP)
    place = at - 1
    while place >= 0:
        word = tail[place]
        for own, child in _below(node, word):
            yield from _walk(child, tail, place, place if own else first, 0)
        if word not in _skipped():
            if not gap:
                return
            gap -= 1
        place -= 1


def _below(node: _Node, word: str) -> Iterator[tuple[bool, _Node]]:
    """The nodes that a word leads to, and whether it is of the cue's own words or of its complement."""
    child = node.exact.get(word)
    if child is not None:
        yield True, child
    for stem, child in node.stems.items():
        if word.startswith(stem):
            yield True, child
    if node.endings:
        for name in _ending_sorts(word):
            child = node.endings.get(name)
            if child is not None:
                yield False, child


@lru_cache(maxsize=20_000)
def _closing(word: str) -> tuple[tuple[Form, _Node], ...]:
    """The forms that a word can have as the last of a cue, with the node of each; empty for most words."""
    found = []
    for wanted, node in _tree().get(word[:2], {}).items():
        form = _last_form(wanted, word)
        if form is not None:
            found.append((form, node))
    return tuple(found)


def _last_form(wanted: str, word: str) -> Form | None:
    if wanted.endswith("-"):
        stem = wanted[:-1]
        return after_stem(word[len(stem) :]) if word.startswith(stem) else None
    return _STATE if word.startswith(wanted) and _PERSON.fullmatch(word, len(wanted)) else None


@lru_cache(maxsize=20_000)
def _ending_sorts(word: str) -> tuple[str, ...]:
    return tuple(name for name, end in _endings().items() if end.search(word))


@cache
def _skipped() -> frozenset[str]:
    return frozenset(words("kk", "cues")["skipped"])


@cache
def _endings() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(f"(?:{end})$") for name, end in words("kk", "cues")["endings"].items()}


@cache
def _tree() -> dict[str, dict[str, _Node]]:
    """The roots of the tree by the first two letters of their word."""
    roots: dict[str, dict[str, _Node]] = {}
    for cue, pattern in _cues():
        last, *before = reversed(pattern)
        node = roots.setdefault(last[:2], {}).setdefault(last, _Node())
        for word in before:
            node = _child(node, word)
        node.cues.append(cue)
    return roots


def _child(node: _Node, word: str) -> _Node:
    if word == "…":
        node.gap = node.gap or _Node()
        return node.gap
    if word.startswith("{"):
        return node.endings.setdefault(word[1:-1], _Node())
    if word.endswith("-"):
        return node.stems.setdefault(word[:-1], _Node())
    return node.exact.setdefault(word, _Node())


def _cues() -> Iterator[tuple[Cue, list[str]]]:
    """Every phrase of the data with each choice of its classes' words."""
    data = words("kk", "cues")
    for index, table in enumerate(TABLES):
        for phrase in data[table]["phrases"]:
            for chosen in product(*(_choices(word, data) for word in phrase.split())):
                pattern = [part for word in chosen for part in word.split()]
                own = sum(word[0] not in "{…" for word in pattern)
                yield Cue(table, phrase, (len(pattern) - pattern.count("…"), own, -index)), pattern


def _choices(word: str, data: dict[str, dict[str, list[str]]]) -> list[str]:
    """What a word of a phrase stands for: the words of a class, or itself."""
    name = word[1:-1]
    return data["classes"][name] if word.startswith("{") and name in data["classes"] else [word]
