"""Who is the subject of a verb, and in what kind of clause the two stand."""

from __future__ import annotations

from clauses.grammar.lexicon import Mark
from clauses.grammar.scene import Actor, Scene
from clauses.grammar.verbs import Form
from clauses.nodes import Act, Mention


def stands_apart(scene: Scene, mark: Mark, left: int, subject: Actor) -> bool:
    """Whether other words part a name from a verb that is no modal: then the name is not its subject."""
    return mark.entry.act is not Act.COMMITMENT and left >= subject.last and not scene.punctuation(left)


def is_cut_off(scene: Scene, first: int, last: int) -> bool:
    """Whether a clause that is still open stands between a subject and a cue, so that they do not meet.

    Commas behind its first word close it, or open and close what is put in: an odd number of them leaves it closed.
    """
    commas = 0
    for at in range(last - 1, first - 1, -1):
        if scene.words[at] == ",":
            commas += 1
        elif scene.is_in(at, "relative") or scene.is_in(at, "complement") or scene.is_in(at, "conditional"):
            return commas % 2 == 0
        elif not commas and scene.is_in(at, "joiners") and scene.words[at - 1] == ",":
            return True
    return False


def subject_of(scene: Scene, low: int, high: int) -> list[Actor]:
    """The actors that stand as subject between two places; several where they are joined by "and"."""
    chain: list[Actor] = []
    for actor in reversed(scene.actors):
        if actor.last > high or actor.first < low:
            continue
        if chain:
            if not _chained(scene, actor, chain[0]):
                break
            chain.insert(0, actor)
        elif _nominative(scene, actor, low):
            chain.append(actor)
    if len(chain) == 2 and not _listed(scene, *chain) and not _nominative(scene, chain[0], low):
        chain.pop(0)  # "…of the Republic of Georgia, the Georgian side": the comma closes what leads the sentence
    if chain and not _nominative(scene, chain[0], low):
        return []
    return chain


def subject_before(scene: Scene, high: int) -> Actor | None:
    """The nearest name before a place with a verb right behind it, which need be no cue ("He told … and")."""
    for actor in reversed(scene.actors):
        if actor.last <= high and scene.form(scene.after(actor.last)) in (Form.PAST, Form.FINITE):
            return actor if _nominative(scene, actor, 0) else None
    return None


def _listed(scene: Scene, one: Actor, other: Actor) -> bool:
    """Whether an "and" stands between two names."""
    return any(scene.is_in(at, "listing") for at in range(one.last, other.first))


def _chained(scene: Scene, one: Actor, other: Actor) -> bool:
    between = range(one.last, other.first)
    joined = all(scene.is_in(at, "listing") or scene.words[at] == "," or scene.is_in(at, "articles") for at in between)
    return bool(between) and joined


def _nominative(scene: Scene, actor: Actor, low: int) -> bool:
    left = _name_begin(scene, actor, low) - 1
    while scene.is_in(left, "articles"):
        left -= 1
    if scene.lexicon.oblique(scene.words[actor.first]):
        return False
    if _attribute(scene, actor, left):
        return False
    if left < low:
        opened = low == 0 or scene.is_in(low - 1, "complement") or scene.is_in(low - 1, "sayers")
        return opened or not scene.words[low - 1].isalpha()
    if scene.is_in(left, "prepositions") or scene.words[left].endswith("'s"):
        return False
    return not scene.words[actor.last - 1].endswith("'s") and not scene.is_in(actor.last, "possessives")


def _name_begin(scene: Scene, actor: Actor, low: int) -> int:
    """Where a name begins that was found by its last words ("the *Civil Aviation* Authority of …")."""
    at = actor.first
    if scene.lexicon.verbs.by_ending or scene.is_in(at - 1, "articles"):
        return at
    cased = scene.passage.folded.cased
    while at - 1 > max(low, 0) and not scene.punctuation(at - 1) and cased[scene.starts[at - 1]].isupper():
        at -= 1
    return at


def _attribute(scene: Scene, actor: Actor, left: int) -> bool:
    """Whether a country's name with a case ending stands behind a noun: «в столице Египта»."""
    if not scene.lexicon.verbs.by_ending or actor.mention.sort != "state" or scene.punctuation(left):
        return False
    free = scene.is_in(left, "joiners") or scene.is_in(left, "adverbs") or scene.is_in(left, "complement")
    name = scene.words[actor.first]
    return not free and name[-1] in "аяиыуюе" and not scene.lexicon.upright(name)


def names_body(scene: Scene, at: int, mention: Mention) -> bool:
    """Whether a word belongs to a name that was found by its last words ("the *Joint* Committee")."""
    if mention.sort == "all":
        return scene.form(at) in (Form.DOING, Form.PAST) and not scene.lexicon.verbs.by_ending
    if mention.sort != "body" or scene.punctuation(at):
        return False
    return not any(scene.is_in(at, name) for name in ("joiners", "prepositions", "complement", "adverbs"))


def is_conditional(scene: Scene, low: int, begin: int, mark: Mark) -> bool:
    """Whether a subject stands in a clause that "if", "when" and the like open, or with "which" in front of it."""
    if mark.entry.frame == "present" and any(scene.is_in(i, "relative") for i in range(max(low, begin - 3), begin)):
        return True
    conditional = scene.lists["conditional"]
    if conditional.isdisjoint(scene.words[low:begin]):  # nearly always
        return False
    for word in reversed(scene.words[low:begin]):
        if not word[0].isalnum():
            return False
        if word in conditional:
            return True
    return False


def _said(scene: Scene, that: int) -> bool:
    """Whether a "that" belongs to a verb of saying ("said that")."""
    return any(mark.last == that + 1 and mark.entry.section == "matrix" for mark in scene.marks)


def complement(scene: Scene, low: int, begin: int) -> int | None:
    """The place of the "that" that opens the clause in which a subject stands; None where it is a main clause."""
    comma = begin - 2 if scene.is_in(begin - 1, "joiners") else begin - 1
    aside = comma >= 0 and scene.words[comma] == ","
    complements = scene.lists["complement"]
    if complements.isdisjoint(scene.words[low:begin]):
        return None
    for at in range(begin - 1, low - 1, -1):
        if scene.words[at] in complements and (_said(scene, at) or not scene.is_in(at - 1, "prepositions")):
            closed = aside and any(at < mark.first < begin for mark in scene.marks)
            return None if closed else at
        if scene.words[at] == ";":
            return None
    return None
