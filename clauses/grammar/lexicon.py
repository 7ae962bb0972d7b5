"""The cues of a language as a trie of words: phrases a lawyer writes, matched a word at a time.

Notation of the phrases: see the head of `languages/en/cues.toml`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from clauses.folding import fold_phrase
from clauses.grammar.verbs import Verbs, verbs_of
from clauses.languages import words as data_of
from clauses.nodes import Act, Force

_GAP = ".."
_LONGEST_GAP = 6
_REMEMBERED = 200_000  # words; more would be memory without speed
_FORCES = {force.value: force for force in Force}
_ACTS = {act.value: act for act in Act} | {
    "rule": Act.COMMITMENT,
    "working": Act.MECHANICS,
    "matrix": Act.ACKNOWLEDGEMENT,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase of the data: where it stands (`section`, `frame`) says what it does and what follows it."""

    section: str
    frame: str
    phrase: str
    force: Force | None
    act: Act


class Mark(NamedTuple):
    """A phrase found in a sentence: words `first` to `last`, the latter exclusive."""

    first: int
    last: int
    entry: Entry


@dataclass(slots=True)
class _Node:
    words: dict[str, _Node] = field(default_factory=dict)
    stems: dict[str, _Node] = field(default_factory=dict)
    gap: _Node | None = None
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class _Start:
    """Where the phrases that begin with a word go on, and the words that alone may follow it, where these are known."""

    nodes: tuple[_Node, ...]
    following: frozenset[str] | None


class _Starts(dict[str, "_Start | None"]):
    """The beginnings of phrases by their first word, None for a word that begins none; worked out when first met."""

    def __init__(self, root: _Node) -> None:
        super().__init__()
        self._root = root

    def __missing__(self, word: str) -> _Start | None:
        nodes = tuple(_following(self._root, word))
        free = any(node.entry or node.gap or node.stems for node in nodes)
        following = None if free else frozenset(word for node in nodes for word in node.words)
        known = _Start(nodes, following) if nodes else None
        if len(self) < _REMEMBERED:
            self[word] = known
        return known


class Lexicon:
    """All phrases of one language."""

    def __init__(self, language: str) -> None:
        """Compile the cues of a language; raises KeyError where it has none."""
        self.data = data_of(language, "cues")
        self.verbs: Verbs = verbs_of(language)
        self._root = _Node()
        for entry in _entries(self.data):
            self._add(entry, self._root)
        listed = {name: frozenset(phrases) for name, phrases in self.data.get("words", {}).items()}
        self.lists: dict[str, frozenset[str]] = defaultdict(frozenset, listed)
        self.marker: str = self.data.get("marker", "")
        self.joiner: list[str] = self.data.get("joiner", "").split()
        self.agent: str = self.data.get("agent", "")
        self._oblique = re.compile(self.data.get("oblique", "(?!)"))
        self.we: str = self.data.get("we", "")
        self.ours = re.compile(self.data.get("ours", "(?!)"))
        self._upright = re.compile(self.data.get("upright", "(?!)"))
        self._ongoing = re.compile(self.data.get("ongoing", "(?!)"))
        self._passive = re.compile(self.data.get("passive", "(?!)"))
        self._participle = re.compile(self.data.get("participle", "(?!)"))
        self._purpose = _Node()
        for phrase in self.data.get("words", {}).get("purpose", ()):
            self._add(Entry("words", "purpose", fold_phrase(phrase), None, Act.UNCLEAR), self._purpose)
        self.closers = self._purpose.words.keys()
        self.long_joiners = [phrase.split() for phrase in self.lists["joiners"] if " " in phrase]
        self.starts = _Starts(self._root)
        self.deepening = self.lists.get("relative", frozenset()) | self.lists.get("complement", frozenset())

    def oblique(self, word: str) -> bool:
        """Whether the first word of a name shows by its ending that the name is no subject."""
        return bool(self._oblique.search(word))

    def upright(self, word: str) -> bool:
        """Whether the first word of a name shows by its ending that the name can be a subject («Россия»)."""
        return bool(self._upright.search(word))

    def ongoing(self, word: str) -> bool:
        """Whether a verb of this ending tells what goes on, not what will be done."""
        return bool(self._ongoing.search(word))

    def passive(self, word: str) -> bool:
        """Whether a word of this ending makes a passive ("будет согласован", "будут проводиться")."""
        return bool(self._passive.search(word))

    def participle(self, word: str) -> bool:
        """Whether a word of this ending describes the noun before it («ввозимая», «необходимых»)."""
        return bool(self._participle.search(word))

    def closes(self, words: list[str], at: int) -> bool:
        """Whether a purpose or a comment begins at the word `at`, so that the action ends before it."""
        return words[at] in self.closers and _farthest(self._purpose, words, at) is not None

    def marks(self, words: list[str]) -> list[Mark]:
        """The phrases among some words, the longest at each place, in order and not overlapping."""
        behind = [*words[1:], ""]
        # nearly every word is passed over here, by itself or by the word behind it
        places = [
            at
            for at, start in enumerate(map(self.starts.__getitem__, words))
            if start is not None and (start.following is None or behind[at] in start.following)
        ]
        found: list[Mark] = []
        free = 0
        for at in places:
            mark = self._longest(words, at) if at >= free else None
            if mark:
                found.append(mark)
                free = mark.last
        return found

    def _longest(self, words: list[str], at: int) -> Mark | None:
        start, best = self.starts[words[at]], None
        for node in start.nodes if start else ():
            found = _farthest(node, words, at + 1)
            if found is not None and (best is None or found[0] > best[0]):
                best = found
        return Mark(at, best[0], best[1]) if best else None

    def _add(self, entry: Entry, root: _Node) -> None:
        nodes = [root]
        for part in entry.phrase.split():
            nodes = [step for node in nodes for step in self._steps(node, part)]
        for node in nodes:
            node.entry = node.entry or entry

    def _steps(self, node: _Node, part: str) -> list[_Node]:
        if part == _GAP:
            node.gap = node.gap or _Node()
            return [node.gap, node]
        steps = []
        for choice in part.split("|"):
            if choice.endswith("*"):
                steps.append(node.stems.setdefault(choice[:-1], _Node()))
            else:
                steps += [node.words.setdefault(form, _Node()) for form in self._forms(choice)]
        return steps

    def _forms(self, choice: str) -> Iterable[str]:
        return self.verbs.all_forms(choice[:-1]) if choice.endswith("~") else (choice,)


@cache
def lexicon_of(language: str) -> Lexicon:
    """The compiled cues of a language; raises KeyError where it has none."""
    return Lexicon(language)


def _farthest(node: _Node, words: list[str], at: int) -> tuple[int, Entry] | None:
    """The end and the entry of the longest phrase that goes on from a node at the word `at`."""
    best: tuple[int, Entry] | None = None
    while True:
        if node.entry is not None:
            best = (at, node.entry)
        if at >= len(words):
            return best
        if node.stems or node.gap is not None:
            break
        only = node.words.get(words[at])  # mostly there is but one way on
        if only is None:
            return best
        node, at = only, at + 1
    ways = [(following, at + 1) for following in _following(node, words[at])]
    if node.gap is not None:
        ways += _over_gap(node.gap, words, at)
    for following, start in ways:
        found = _farthest(following, words, start)
        if found is not None and (best is None or found[0] > best[0]):
            best = found
    return best


def _following(node: _Node, word: str) -> list[_Node]:
    found = [node.words[word]] if word in node.words else []
    if node.stems:
        found += [node.stems[stem] for stem in _stems(word) if stem in node.stems]
    return found


def _over_gap(gap: _Node, words: list[str], at: int) -> list[tuple[_Node, int]]:
    """The ways on behind a gap of any few words, which no punctuation may break; dead ends are left out at once."""
    anyhow = bool(gap.stems) or gap.gap is not None or gap.entry is not None
    reach = words[at : at + _LONGEST_GAP + 1]
    if not anyhow and gap.words.keys().isdisjoint(reach):
        return []
    ways = []
    for start, word in enumerate(reach, at):
        if anyhow or word in gap.words:
            ways.append((gap, start))
        if not (word[0].isalnum() or word == "'"):  # "the States' continued commitment to"
            break
    return ways


def _entries(data: dict[str, Any]) -> Iterator[Entry]:
    marker = data.get("marker", "")
    for section, frames in data.items():
        if not isinstance(frames, dict) or section == "words":
            continue
        for frame, phrases in frames.items():
            force = _FORCES.get(section)
            act = Act.COMMITMENT if force else _ACTS.get(section, Act.UNCLEAR)
            for phrase in map(fold_phrase, phrases):
                yield Entry(section, frame, phrase, force, act)
                if force and marker and phrase.endswith(f" {marker}"):  # whoever pledges may pledge not to
                    yield Entry(section, frame, f"{phrase.removesuffix(marker)}not {marker}", force, act)


def _stems(word: str) -> Iterator[str]:
    return (word[:length] for length in range(3, len(word) + 1))
