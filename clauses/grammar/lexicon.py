"""The cues of a language as a trie of words: phrases a lawyer writes, matched a word at a time.

Notation of the phrases: see the head of `languages/en/cues.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from clauses.folding import fold_phrase
from clauses.grammar.verbs import Verbs, verbs_of
from clauses.languages import words as data_of
from clauses.nodes import Act, Force

_GAP = ".."
_LONGEST_GAP = 6
_FORCES = {force.value: force for force in Force}
_ACTS = {act.value: act for act in Act} | {"rule": Act.COMMITMENT, "working": Act.MECHANICS, "matrix": Act.ACKNOWLEDGEMENT}


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase of the data: where it stands (`section`, `frame`) says what it does and what follows it."""

    section: str
    frame: str
    phrase: str
    force: Force | None
    act: Act


@dataclass(frozen=True, slots=True)
class Mark:
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


class Lexicon:
    """All phrases of one language."""

    def __init__(self, language: str) -> None:
        """Compile the cues of a language; raises KeyError where it has none."""
        self.data = data_of(language, "cues")
        self.verbs: Verbs = verbs_of(language)
        self.root = _Node()
        for entry in _entries(self.data):
            self._add(entry, self.root)
        self.lists = {name: frozenset(phrases) for name, phrases in self.data.get("words", {}).items()}
        self.marker: str = self.data.get("marker", "")
        self.agent: str = self.data.get("agent", "")
        self._oblique = re.compile(self.data.get("oblique", "(?!)"))
        self._ongoing = re.compile(self.data.get("ongoing", "(?!)"))
        self._passive = re.compile(self.data.get("passive", "(?!)"))
        self._purpose = _Node()
        for phrase in self.data.get("words", {}).get("purpose", ()):
            self._add(Entry("words", "purpose", fold_phrase(phrase), None, Act.UNCLEAR), self._purpose)
        self._starts: dict[str, bool] = {}

    def starts(self, word: str) -> bool:
        """Whether any phrase begins with this word."""
        known = self._starts.get(word)
        if known is None:
            known = word in self.root.words or any(stem in self.root.stems for stem in _stems(word))
            self._starts[word] = known
        return known

    def oblique(self, word: str) -> bool:
        """Whether the first word of a name shows by its ending that the name is no subject."""
        return bool(self._oblique.search(word))

    def ongoing(self, word: str) -> bool:
        """Whether a verb of this ending tells what goes on, not what will be done."""
        return bool(self._ongoing.search(word))

    def passive(self, word: str) -> bool:
        """Whether a word of this ending makes a passive ("будет согласован", "будут проводиться")."""
        return bool(self._passive.search(word))

    def closes(self, words: list[str], at: int) -> bool:
        """Whether a purpose or a comment begins at the word `at`, so that the action ends before it."""
        node = self._purpose
        if words[at] not in node.words:
            return False
        return next(self._walk(node, words, at), None) is not None

    def longest(self, words: list[str], at: int) -> Mark | None:
        """The longest phrase that begins at the word `at`."""
        best: tuple[int, Entry] | None = None
        for end, entry in self._walk(self.root, words, at):
            if best is None or end > best[0]:
                best = (end, entry)
        return Mark(at, best[0], best[1]) if best else None

    def _walk(self, node: _Node, words: list[str], at: int) -> Iterator[tuple[int, Entry]]:
        if node.entry is not None:
            yield at, node.entry
        if at >= len(words):
            return
        word = words[at]
        for following in self._following(node, word):
            yield from self._walk(following, words, at + 1)
        if node.gap is not None:
            yield from self._across(node.gap, words, at)

    def _following(self, node: _Node, word: str) -> Iterator[_Node]:
        if word in node.words:
            yield node.words[word]
        if node.stems:
            yield from (node.stems[stem] for stem in _stems(word) if stem in node.stems)

    def _across(self, node: _Node, words: list[str], at: int) -> Iterator[tuple[int, Entry]]:
        """Go on behind a gap of any few words, which no punctuation may break."""
        for start in range(at, min(at + _LONGEST_GAP, len(words) - 1) + 1):
            yield from self._walk(node, words, start)
            if not words[start][0].isalnum():
                return

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


def _entries(data: dict[str, Any]) -> Iterator[Entry]:
    for section, frames in data.items():
        if not isinstance(frames, dict) or section == "words":
            continue
        for frame, phrases in frames.items():
            force = _FORCES.get(section)
            act = Act.COMMITMENT if force else _ACTS.get(section, Act.UNCLEAR)
            for phrase in phrases:
                yield Entry(section, frame, fold_phrase(phrase), force, act)


def _stems(word: str) -> Iterator[str]:
    return (word[:length] for length in range(3, len(word) + 1))
