"""Whether a cue is a verb with a subject, and not a noun, an attribute or part of what another verb governs."""

from __future__ import annotations

from clauses.grammar.groups import Group
from clauses.grammar.lexicon import Mark
from clauses.grammar.scene import Scene
from clauses.grammar.verbs import Form
from clauses.nodes import Act, Force, Kind

_NAME = 6  # words that the name of a ministry may go on with behind what was found of it


def is_finite(scene: Scene, mark: Mark, groups: list[Group]) -> bool:
    """Whether a cue is a verb with a subject of its own, and not a noun or part of what another verb governs."""
    form, left = scene.form(mark.first), scene.before(mark.first)
    if mark.entry.force is Force.INTENTION and form is not Form.DOING and scene.words[left].endswith("'s"):
        return False  # "welcomed India's plans to buy"; a pledge is one by whosever noun it is told
    if (
        scene.lexicon.verbs.by_ending
        or mark.entry.frame in ("modal", "past_modal", "present", "progressive")
        or form is Form.NONE
    ):
        return True
    if form in (Form.PLAIN, Form.FINITE):
        if left < 0 and mark.entry.act is Act.COMMITMENT:
            return scene.passage.kind is Kind.RESOLUTION
        return _follows_subject(scene, left) and not _absorbed(scene, mark, left, groups)
    if form is Form.DOING:
        return _leads(scene, mark, left)
    agent = mark.last < len(scene.words) and scene.words[mark.last] == "by"
    governed = scene.is_in(left, "copulas") and _ends_mark(scene, scene.before(left))
    return not agent and not governed and not _nominal(scene, mark.first - 1)


def _follows_subject(scene: Scene, left: int) -> bool:
    """Whether a verb in the present stands where one can: behind its subject, a joiner or nothing at all."""
    if scene.punctuation(left) or scene.is_in(left, "joiners") or scene.is_in(left, "doers"):
        return True
    if scene.is_in(left, "relative"):
        return True
    floor = max(-1, left - _NAME)
    while left > floor and not any(actor.last == left + 1 for actor in scene.actors):
        if not scene.is_titled(left):  # "the Ministry *of Transport* plans"
            return False
        left -= 1
    return left > floor


def _ends_mark(scene: Scene, at: int) -> bool:
    """Whether "will", "may" or the like ends at a place."""
    return any(
        mark.last == at + 1 and (mark.entry.frame in ("modal", "past_modal") or mark.entry.section == "permission")
        for mark in scene.marks
    )


def _nominal(scene: Scene, left: int) -> bool:
    """Whether the word before shows that a word is a noun or an attribute here."""
    return scene.is_in(left, "attributes")


def _absorbed(scene: Scene, mark: Mark, left: int, groups: list[Group]) -> bool:
    """Whether a plain verb goes on with what the last cue governs ("will secure … and support …")."""
    if not groups or not groups[-1].counts or not (scene.punctuation(left) or scene.is_in(left, "joiners")):
        return False
    last = groups[-1].mark
    governed = scene.form(scene.after(last.last))
    weak = mark.entry.frame in ("object", "asking", "verbs") or scene.is_in(mark.first, "governed")
    if weak and last.entry.act is Act.COMMITMENT and scene.words[left] == ",":
        return True
    return weak and last.entry.act is Act.COMMITMENT and governed is Form.PLAIN


def _leads(scene: Scene, mark: Mark, left: int) -> bool:
    """Whether a verb in -ing promises by itself: at the head of a sentence, behind a form of "be" or after a comma."""
    if mark.entry.act is not Act.COMMITMENT or mark.entry.frame in ("object", "asking"):
        return False
    if left < 0 or scene.is_in(left, "copulas"):
        return True
    return scene.words[left] == "," and mark.entry.frame == "doing" and ".." in mark.entry.phrase
