"""What a cue governs: where its action begins and ends, and how coordinated actions part.

Verbs with one object are one action ("develop and strengthen ties"); each object of its own makes one more ("will
exchange missions and create conditions"). Purposes and comments are left out.
"""

from __future__ import annotations

from typing import NamedTuple

from clauses.grammar.groups import Group
from clauses.grammar.scene import Scene
from clauses.grammar.verbs import Form
from clauses.nodes import Force

_NEAR = 6  # words between "and" and its verb, the first a preposition
_FAR = 20  # words between a joiner and its verb


class Action(NamedTuple):
    """The words of one action: `first` to `last`, the latter exclusive; `verb` is the place of its verb."""

    first: int
    last: int
    verb: int


def split_actions(scene: Scene, first: int, verb: int, limit: int, group: Group) -> list[Action]:
    """The actions that begin at the word `verb` and end before `limit`; the first one's words begin at `first`."""
    ruled = group.sayer is not None and not scene.lexicon.verbs.by_ending
    cuts = [] if ruled else _Cutter(scene, verb, group).cuts(limit)
    starts = [first, *cuts]
    ends = [*cuts, limit]
    verbs = [verb, *cuts]
    actions = [Action(a, _trim(scene, a, _end(scene, v, b)), v) for a, b, v in zip(starts, ends, verbs, strict=True)]
    return [action for action in actions if action.last > action.first]


def _lists_infinitives(group: Group) -> bool:
    """Whether ", to …" goes on with what was agreed ("agreed to deepen …, to promote …") and is no purpose."""
    return group.mark.entry.frame == "infinitive" and group.mark.entry.force is Force.COMMITMENT


class _Cutter:
    """Goes through the words an action may take and finds where the next one begins."""

    def __init__(self, scene: Scene, verb: int, group: Group) -> None:
        self.scene, self.form, self.marker = scene, scene.form(verb), scene.lexicon.marker
        self.lists, self.last, self.deep = _lists_infinitives(group), verb, False
        self.governor = group.mark.entry.phrase.rsplit(" ", 1)[-1]
        self.found: list[int] = []

    def cuts(self, limit: int) -> list[int]:
        """The places where coordinated actions begin, each at its verb or at the "to" before it."""
        scene = self.scene
        markers = {self.marker, self.governor} - {""}
        deepening, including = scene.lexicon.deepening, scene.lists["including"]
        begin = self.last + 1
        for at, word, form in zip(range(begin, limit), scene.words[begin:], scene.forms[begin:], strict=False):
            if word in markers and self._marked(at):
                self._at_marker(at)
            elif form is self.form and form is not Form.NONE:
                if at > self.last:
                    self._at_verb(at)
            elif word in deepening or (form is Form.NONE and word in including and self.form is Form.DOING):
                self.deep = True  # "including" and the like open a phrase whose verbs in -ing are not the action's own
        return self.found

    def _marked(self, at: int) -> bool:
        """Whether "to", or the preposition that the cue governs with, stands before a verb here."""
        if not self.marker:
            return False
        following = self.scene.form(self.scene.after(at + 1))
        if following is Form.DOING:
            return self.scene.words[at] == self.governor and _directly_joined(self.scene, at)
        return following is Form.PLAIN and self.scene.words[at] == self.marker

    def _at_marker(self, at: int) -> None:
        scene, verb = self.scene, self.scene.after(at + 1)
        if _directly_joined(scene, at) and (self.lists or scene.words[at - 1] != ","):
            self.found.append(at - 1 if scene.is_in(at - 1, "adverbs") else at)
            self.last, self.deep = verb, False
        elif self.form is Form.NONE:
            self.form, self.last = Form.PLAIN, verb
        else:
            self.deep = self.deep or (not scene.is_in(at - 1, "chain") and at > self.last + 1)
            self.last = verb

    def _at_verb(self, at: int) -> None:
        scene = self.scene
        if _goes_on(scene, at, self.last, self.deep) and _is_verb(scene, at, self.form):
            if _has_object(scene, self.last, at):
                self.found.append(_phrase_begin(scene, at, self.last))
            self.last = at
        elif self._nested(at):
            self.deep = True

    def _nested(self, at: int) -> bool:
        """Whether a verb of the same form that does not go on belongs to something within the action."""
        if self.marker and (self.form is not Form.DOING or not self.scene.is_in(at - 1, "prepositions")):
            return False
        near = self.scene.is_in(at - 1, "chain") or at <= self.last + 1
        return not near and not _behind_joiner(self.scene, at, self.last)


def _directly_joined(scene: Scene, at: int) -> bool:
    left = at - 2 if at > 1 and scene.is_in(at - 1, "adverbs") and not scene.words[at - 1].endswith("ly") else at - 1
    return scene.is_in(left, "joiners") or scene.words[left] in (",", ";")


def _goes_on(scene: Scene, at: int, last: int, deep: bool) -> bool:
    """Whether a verb is coordinated with the last one; within a purpose or a relative clause only behind a comma."""
    if not deep:
        return _behind_joiner(scene, at, last)
    left = scene.before(at)
    comma = scene.words[left] == "," or (scene.is_in(left, "joiners") and scene.words[left - 1] == ",")
    return bool(scene.lexicon.marker) and comma and scene.form(at) is Form.PLAIN


def _behind_joiner(scene: Scene, at: int, last: int) -> bool:
    """Whether a word joins on: behind "and" or a comma, but for adverbs and a phrase with a preposition."""
    left = scene.before(at)
    if left <= last:
        return False
    if scene.joiner_length(left) or scene.words[left] in (",", ";"):
        return True
    if _phrase_begin(scene, at, last) < at:
        return True
    if scene.is_in(left, "prepositions") and scene.form(at) is Form.PLAIN:  # "if possible, in advance with"
        return False
    for back in range(left, max(last, left - 8), -1):
        if scene.is_in(back, "joiners") or scene.words[back] in (",", ";"):
            return scene.is_in(back + 1, "prepositions")
    return False


def _phrase_begin(scene: Scene, at: int, last: int) -> int:
    """Where the words of a verb begin that a joiner of two words («а также») sets off; the verb itself elsewhere."""
    joiner = scene.lexicon.joiner
    if not joiner:
        return at
    for back in range(at - 1, max(last, at - _NEAR), -1):  # «и на регулярной основе информируют»
        if scene.is_in(back, "joiners") and scene.is_in(back + 1, "prepositions"):
            return back + 1
    for back in range(at - 1, max(last, at - _FAR), -1):
        if scene.words[back] == joiner[1] and scene.words[back - 1] == joiner[0]:
            return back + 1
    return at


def _is_verb(scene: Scene, at: int, form: Form) -> bool:
    """Whether a word that may be a noun is a verb here: nouns are not followed by "the" and the like."""
    if form is not Form.PLAIN or scene.words[at] not in scene.lexicon.verbs.also_nouns:
        return True
    if scene.is_in(at + 1, "determiners"):
        return True
    noun = scene.punctuation(at + 1) or scene.is_in(at + 1, "joiners") or scene.is_in(at + 1, "prepositions")
    return scene.words[at - 1] == "," and not noun


def _has_object(scene: Scene, last: int, at: int) -> bool:
    """Whether anything but joiners, adverbs and verbs stands between two verbs."""
    form = scene.form(last)
    return any(
        not (scene.punctuation(i) or scene.is_in(i, "joiners") or scene.is_in(i, "adverbs") or scene.form(i) is form)
        for i in range(last + 1, at)
    )


def _end(scene: Scene, verb: int, limit: int) -> int:
    """The place before `limit` where a purpose or a comment on an action begins."""
    words, closers = scene.words, scene.lexicon.closers
    for at in range(verb + 2, limit):
        if words[at] in closers and scene.lexicon.closes(words, at):
            return at
        if words[at - 1] == "," and (scene.is_in(at, "relative") or _comments(scene, at, verb)):
            return at
    return limit


def _comments(scene: Scene, at: int, verb: int) -> bool:
    """Whether what stands behind a comma only comments on an action: "…, building on …", "…, to improve …"."""
    if not scene.lexicon.marker:
        return False
    if scene.words[at] == scene.lexicon.marker:
        return scene.form(scene.after(at + 1)) is Form.PLAIN
    return scene.form(at) is Form.DOING and scene.form(verb) is Form.PLAIN


def _closing(scene: Scene, first: int, at: int) -> bool:
    """Whether a bracket or a quotation mark stands at a place that closes one opened within the action."""
    mark = scene.words[at]
    return mark == ")" or (mark == '"' and scene.words[first:at].count('"') % 2 == 1)


def _trim(scene: Scene, first: int, last: int) -> int:
    while last > first:
        joiner = scene.joiner_length(last - 1)
        closing = scene.punctuation(last - 1) and not _closing(scene, first, last - 1)
        if not (joiner or closing or scene.is_in(last - 1, "negations")):
            break
        last -= max(1, joiner)
    return max(first, last)
