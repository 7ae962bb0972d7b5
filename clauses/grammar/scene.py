"""A sentence laid out for reading: its words, the cues among them and the actors named in it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple

from clauses.grammar.lexicon import Entry, Lexicon, Mark, lexicon_of
from clauses.grammar.reading import Passage
from clauses.grammar.verbs import Form
from clauses.grammar.words import edges_of, pieces_of
from clauses.nodes import Act, Force, Kind, Mention, Span

_ALWAYS = (Kind.TREATY, Kind.ACTION_PLAN)  # in these a verb may promise without any cue
_RULE = Entry("rule", "present", "present tense", None, Act.COMMITMENT)
_PROGRESS = Entry("commitment", "progressive", "present progressive", Force.COMMITMENT, Act.COMMITMENT)


class Actor(NamedTuple):
    """A mention and the words it takes: `first` to `last`, the latter exclusive."""

    first: int
    last: int
    mention: Mention


@dataclass(slots=True)
class Scene:
    """The words of a sentence, folded, with the marks that the lexicon leaves on them, in order."""

    passage: Passage
    lexicon: Lexicon
    words: list[str]
    forms: list[Form]
    starts: list[int]
    ends: list[int]
    marks: list[Mark]
    actors: list[Actor]
    lists: dict[str, frozenset[str]]
    _places: dict[str, list[int]] = field(default_factory=dict)
    _comma: int | None = None

    def form(self, at: int) -> Form:
        """The form of the word at a place; NONE behind the last one."""
        return self.forms[at] if at < len(self.forms) else Form.NONE

    def is_in(self, at: int, name: str) -> bool:
        """Whether the word at a place stands in a list of the language's `[words]`."""
        return 0 <= at < len(self.words) and self.words[at] in self.lists[name]

    def joiner_length(self, at: int) -> int:
        """How many words the joiner has that ends at a place ("and", "as well as"); 0 where none does."""
        if self.is_in(at, "joiners"):
            return 1
        longer = (phrase for phrase in self.lexicon.long_joiners if 0 <= at < len(self.words))
        return next((len(p) for p in longer if self.words[max(0, at + 1 - len(p)) : at + 1] == p), 0)

    def places(self, name: str) -> list[int]:
        """The places of all words that stand in a list, in order."""
        known = self._places.get(name)
        if known is None:
            listed = self.lists[name]
            none = listed.isdisjoint(self.words)  # mostly, and quick to see
            known = self._places[name] = [] if none else [at for at, word in enumerate(self.words) if word in listed]
        return known

    def next_in(self, first: int, last: int, name: str) -> int:
        """The first place from `first` to `last`, exclusive, whose word stands in a list; `last` where none does."""
        places = self.places(name)
        index = bisect_left(places, first) if places else 0
        return places[index] if index < len(places) and places[index] < last else last

    def holds(self, first: int, last: int, name: str) -> bool:
        """Whether any word from `first` to `last`, exclusive, stands in a list."""
        return self.next_in(first, last, name) < last

    def first_comma(self, high: int) -> int:
        """The place of the first comma before `high`; `high` where there is none."""
        if self._comma is None:
            self._comma = self.words.index(",") if "," in self.words else len(self.words)
        return min(self._comma, high)

    def part_begin(self, low: int, at: int) -> int:
        """Where the words begin that no punctuation and no "that" parts from those at `at`; `low` at the earliest."""
        breaks = self._places.get("")
        if breaks is None:
            words, complements = self.words, self.lists["complement"]
            breaks = [i for i, word in enumerate(words) if not word[0].isalnum() or word in complements]
            self._places[""] = breaks
        index = bisect_left(breaks, at)
        return min(at, max(low, breaks[index - 1] + 1 if index else 0))

    def punctuation(self, at: int) -> bool:
        """Whether a comma, dash, bracket or the like stands at a place, or nothing does."""
        return not 0 <= at < len(self.words) or not self.words[at][0].isalnum()

    def is_titled(self, at: int) -> bool:
        """Whether the word at a place may belong to the name behind it: a capital, or the "of" between two."""
        if self.words[at] in ("of", "the"):
            return at > 0 and self.words[at - 1][0].isalnum()
        return self.passage.folded.cased[self.starts[at]].isupper()

    def before(self, at: int) -> int:
        """The place of the last word before `at` that is no adverb; -1 where there is none."""
        at -= 1
        while self.is_in(at, "adverbs"):
            at -= 1
        return at

    def after(self, at: int) -> int:
        """The first place from `at` on where no adverb stands."""
        while self.is_in(at, "adverbs"):
            at += 1
        return at

    def span(self, first: int, last: int) -> Span:
        """The words from `first` to `last`, exclusive, as a span of the source."""
        return Span(*self.passage.folded.span(self.starts[first], self.ends[last - 1]))

    def source(self, at: int) -> int:
        """The source offset of the word at a place."""
        return self.passage.folded.source(self.starts[at])


def lay_out(passage: Passage, start: int, end: int) -> Scene:
    """Lay out the source's `start` to `end`, a sentence or the words that open its list."""
    folded = passage.folded
    low, high = folded.at(start), folded.at(end)
    pieces, lexicon = pieces_of(folded.text[low:high]), lexicon_of(passage.language)
    words = pieces[1::2]
    scene = Scene(passage, lexicon, words, [], [], [], lexicon.marks(words), [], lexicon.lists)
    if _worth_reading(scene):
        scene.starts, scene.ends = edges_of(pieces, folded.text, low, high)
        scene.forms = [*map(lexicon.verbs.forms.__getitem__, words)]
        scene.actors = _actors(scene, start, end)
        if scene.marks:
            named = _places_of_names(scene)
            scene.marks = [mark for mark in scene.marks if not _part_of_name(scene, mark, named)]
        _find_rules(scene)
    return scene


def _worth_reading(scene: Scene) -> bool:
    """Whether anything in a sentence can promise: a cue, a verb in the present, or the list that it is an item of."""
    if scene.marks or scene.passage.opening or scene.lexicon.verbs.by_ending or scene.passage.kind in _ALWAYS:
        return True
    return not scene.lists["copulas"].isdisjoint(scene.words)


def _actors(scene: Scene, start: int, end: int) -> list[Actor]:
    found, folded = [], scene.passage.folded
    for mention in scene.passage.mentions:
        if mention.start < start or mention.end > end or mention.sort == "adjective":
            continue
        first = bisect_left(scene.ends, folded.at(mention.start) + 1)
        last = max(first + 1, bisect_left(scene.starts, folded.at(mention.end)))
        found.append(Actor(first, last, mention))
    return found


def _places_of_names(scene: Scene) -> set[int]:
    """The places of the words that name somebody, pronouns left out."""
    named: set[int] = set()
    for actor in scene.actors:
        if actor.mention.sort != "pronoun":
            named.update(range(actor.first, actor.last))
    return named


def _part_of_name(scene: Scene, mark: Mark, named: set[int]) -> bool:
    """Whether a mark begins inside a name ("the United *States*") and so is no verb."""
    at = mark.first
    if at and scene.is_in(at, "titles") and scene.passage.folded.cased[scene.starts[at]].isupper():  # "all States that"
        return True
    return at in named


def _find_rules(scene: Scene) -> None:
    """Mark the verbs that bind by their tense alone ("Стороны обеспечивают", "the Parties are establishing")."""
    taken: set[int] = set()
    for mark in scene.marks:
        taken.update(range(mark.first, mark.last))
    if scene.lexicon.verbs.by_ending:
        finite = Form.FINITE
        places = [at for at, form in enumerate(scene.forms) if form is finite and at not in taken]
        places += [at for at in _ours(scene) if at not in taken]
    else:
        found = _progressives(scene, taken)
        scene.marks += found
        places = _behind_names(scene, taken) if scene.passage.kind in _ALWAYS else []
        if not found and not places:
            return
    scene.marks += [Mark(at, at + 1, _RULE) for at in set(places)]
    scene.marks.sort(key=_first)


def _first(mark: Mark) -> int:
    return mark.first


def _behind_names(scene: Scene, taken: set[int]) -> list[int]:
    """The verbs right behind the names of a sentence, as in a treaty's "The Sending State bears the cost"."""
    behind = [scene.after(actor.last) for actor in scene.actors if actor.mention.sort != "pronoun"]
    return [at for at in behind if at not in taken and _is_finite(scene, at)]


def _ours(scene: Scene) -> list[int]:
    """The verbs right behind "we" in a language whose endings tell («мы выделим»)."""
    we, ending = scene.lexicon.we, scene.lexicon.ours
    if we not in scene.words:
        return []
    behind = [scene.after(at + 1) for at, word in enumerate(scene.words) if word == we]
    return [at for at in behind if at < len(scene.words) and ending.search(scene.words[at])]


def _is_finite(scene: Scene, at: int) -> bool:
    """Whether the word behind a name is its verb; one that may be a noun is only before "the" and the like."""
    if at >= len(scene.words) or scene.forms[at] not in (Form.FINITE, Form.PLAIN):
        return False
    return scene.words[at] not in scene.lexicon.verbs.also_nouns or scene.is_in(at + 1, "determiners")


def _progressives(scene: Scene, taken: set[int]) -> list[Mark]:
    """What the parties say they are doing now: a form of "be" and a verb in -ing."""
    found = []
    copulas = scene.lists["copulas"]
    if copulas.isdisjoint(scene.words):
        return []
    for at in [at for at, word in enumerate(scene.words) if word in copulas]:
        doing = scene.after(at + 1)
        if at not in taken and doing not in taken and scene.form(doing) is Form.DOING:
            found.append(Mark(at, doing, _PROGRESS))
    return found
