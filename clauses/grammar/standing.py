"""Where a cue stands in its sentence: who is its subject, and whether it speaks for the parties at all.

A cue in a relative clause, behind "if" or under an expressed hope promises nothing; one joined to the verb before it
("welcomes … and will …") takes over that verb's subject.
"""

from __future__ import annotations

from dataclasses import dataclass

from clauses.grammar.lexicon import Mark
from clauses.grammar.scene import Actor, Scene
from clauses.grammar.verbs import Form
from clauses.nodes import Act, Force, Kind, Mention

_TREATIES = (Kind.TREATY, Kind.MOU)


@dataclass(slots=True)
class Group:
    """A verb group: its cue, the word its clause begins with, its subject, and whether it counts."""

    mark: Mark
    begin: int
    actors: tuple[Mention, ...]
    counts: bool
    own: bool  # whether it has a subject of its own
    why: str
    sayer: Mark | None = None  # "agreed that", where that rules it


def find_groups(scene: Scene) -> list[Group]:
    """The verb groups of a sentence in order, those that promise and those that do anything else."""
    groups: list[Group] = []
    for mark in scene.marks:
        if mark.entry.section != "mechanics" and _finite(scene, mark, groups):
            groups.append(_stand(scene, mark, groups))
    return groups


def _finite(scene: Scene, mark: Mark, groups: list[Group]) -> bool:
    """Whether a cue is a verb with a subject of its own, and not a noun or part of what another verb governs."""
    form, left = scene.form(mark.first), scene.before(mark.first)
    if scene.lexicon.verbs.by_ending or mark.entry.frame in ("modal", "past_modal", "present", "progressive") or form is Form.NONE:
        return True
    if form in (Form.PLAIN, Form.FINITE):
        if left < 0 and mark.entry.act is Act.COMMITMENT:
            return False
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
    return any(actor.last == left + 1 for actor in scene.actors) or scene.is_in(left, "relative")


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


def _stand(scene: Scene, mark: Mark, groups: list[Group]) -> Group:
    left = scene.before(mark.first)
    if _relative(scene, left):
        return Group(mark, mark.first, (), _bound_relative(scene, mark, left), False, "relative clause")
    if scene.is_in(left, "conditional"):
        return Group(mark, mark.first, (), False, False, "condition")
    low = max((group.mark.last for group in groups if group.counts), default=0)
    if scene.is_in(left, "joiners") and left >= low:
        return _joined(scene, mark, groups, low)
    subject = _subject(scene, low, mark.first)
    if subject and not _apart(scene, mark, left, subject[-1]) and not _cut_off(scene, subject[-1].last, mark.first):
        return _with_subject(scene, mark, groups, subject, low)
    if left < low or scene.punctuation(left) or scene.is_in(left, "joiners") or _adverbial(scene, low, mark.first):
        return _joined(scene, mark, groups, low)
    return _with_other_subject(scene, mark, groups, low)


def _bound_relative(scene: Scene, mark: Mark, left: int) -> bool:
    """Whether a relative clause binds: ", which shall …" in a treaty, «которое будет представлено» anywhere."""
    if not scene.is_in(left, "relative") or mark.entry.frame != "modal":
        return False
    if scene.lexicon.verbs.by_ending:
        return mark.last < len(scene.words) and scene.lexicon.passive(scene.words[mark.last])
    return mark.entry.force is Force.OBLIGATION and scene.passage.kind in _TREATIES


def _apart(scene: Scene, mark: Mark, left: int, subject: Actor) -> bool:
    """Whether other words part a name from a verb that is no modal: then the name is not its subject."""
    return mark.entry.act is not Act.COMMITMENT and left >= subject.last and not scene.punctuation(left)


def _cut_off(scene: Scene, first: int, last: int) -> bool:
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


def _relative(scene: Scene, left: int) -> bool:
    if scene.is_in(left, "relative"):
        return True
    return scene.is_in(left, "complement") and not scene.punctuation(left - 1)


def _subject(scene: Scene, low: int, high: int) -> list[Actor]:
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
    if chain and not _nominative(scene, chain[0], low):
        return []
    return chain


def _chained(scene: Scene, one: Actor, other: Actor) -> bool:
    between = range(one.last, other.first)
    joined = all(scene.is_in(at, "listing") or scene.words[at] == "," or scene.is_in(at, "articles") for at in between)
    return bool(between) and joined


def _nominative(scene: Scene, actor: Actor, low: int) -> bool:
    left = actor.first - 1
    while scene.is_in(left, "articles"):
        left -= 1
    if scene.lexicon.oblique(scene.words[actor.first]):
        return False
    if _attribute(scene, actor, left):
        return False
    if left < low:
        return low == 0 or scene.is_in(low - 1, "complement") or not scene.words[low - 1].isalpha()
    if scene.is_in(left, "prepositions") or scene.words[left].endswith("'s"):
        return False
    return not scene.words[actor.last - 1].endswith("'s") and not scene.is_in(actor.last, "possessives")


def _attribute(scene: Scene, actor: Actor, left: int) -> bool:
    """Whether a country's name with a case ending stands behind a noun: «в столице Египта»."""
    if not scene.lexicon.verbs.by_ending or actor.mention.sort != "state" or scene.punctuation(left):
        return False
    free = scene.is_in(left, "joiners") or scene.is_in(left, "adverbs") or scene.is_in(left, "complement")
    return not free and scene.words[actor.first][-1] in "аяиыуюе"


def _with_subject(scene: Scene, mark: Mark, groups: list[Group], subject: list[Actor], low: int) -> Group:
    mentions = tuple(actor.mention for actor in subject)
    begin = subject[0].first
    while begin > low and (scene.is_in(begin - 1, "articles") or _names_body(scene, begin - 1, mentions[0])):
        begin -= 1
    group = Group(mark, begin, mentions, True, True, "")
    under = _complement(scene, max(0, low - 1), begin)
    if _conditional(scene, low, begin, mark):
        group.counts, group.why = False, "condition"
    elif under is None and mark.entry.frame == "past_modal":
        group.counts, group.why = False, "only thought of"
    elif under is not None and not _promised(scene, under):
        group.counts, group.why = False, "reported"
    elif _only_news(scene, mark, mentions, groups):
        group.counts, group.why = False, "prediction"
    elif under is None and _thing(scene, mark, subject):
        group.counts, group.why = False, "a thing, not a party"
    elif under is not None:
        _take_over(group, groups, under, all(mention.sort == "pronoun" for mention in mentions))
    return group


def _names_body(scene: Scene, at: int, mention: Mention) -> bool:
    """Whether a word belongs to the name of a body that was found by its last words ("the *Joint* Committee")."""
    if mention.sort != "body" or scene.punctuation(at):
        return False
    return not any(scene.is_in(at, name) for name in ("joiners", "prepositions", "complement", "adverbs"))


def _thing(scene: Scene, mark: Mark, subject: list[Actor]) -> bool:
    """Whether "it" is the subject of "will": in a political text it then takes up a thing."""
    it = len(subject) == 1 and scene.words[subject[0].first] in scene.lexicon.lists.get("things", ())
    return it and mark.entry.frame == "modal" and scene.passage.kind is not Kind.TREATY


def _take_over(group: Group, groups: list[Group], that: int, pronoun: bool) -> None:
    """A promise behind "agreed that" or "confirmed that it": the words and the subject of who says it belong to it."""
    sayer = next((other for other in reversed(groups) if other.mark.last == that + 1 and other.counts), None)
    if sayer is None:
        return
    if sayer.mark.entry.frame == "that" or pronoun:
        group.begin = sayer.begin
        group.actors = sayer.actors if pronoun or not group.actors else group.actors
    if sayer.mark.entry.frame == "that":
        group.sayer, sayer.counts = sayer.mark, False


def _conditional(scene: Scene, low: int, begin: int, mark: Mark) -> bool:
    """Whether a subject stands in a clause that "if", "when" and the like open, or with "which" in front of it."""
    at = begin - 1
    if mark.entry.frame == "present" and any(scene.is_in(i, "relative") for i in range(max(low, begin - 3), begin)):
        return True
    while at >= low and not scene.punctuation(at):
        if scene.is_in(at, "conditional"):
            return True
        at -= 1
    return False


def _complement(scene: Scene, low: int, begin: int) -> int | None:
    """The place of the "that" that opens the clause in which a subject stands; None where it is a main clause."""
    comma = begin - 2 if scene.is_in(begin - 1, "joiners") else begin - 1
    aside = comma >= 0 and scene.words[comma] == ","
    for at in range(begin - 1, low - 1, -1):
        if scene.is_in(at, "complement") and not scene.is_in(at - 1, "prepositions"):
            closed = aside and any(at < mark.first < begin for mark in scene.marks)
            return None if closed else at
        if scene.words[at] == ";":
            return None
    return None


def _promised(scene: Scene, that: int) -> bool:
    """Whether what stands behind this "that" is promised by who says it, and not only thought or hoped."""
    for mark in reversed(scene.marks):
        if mark.last == that + 1:
            return mark.entry.frame in ("promising", "that") or mark.entry.act is Act.COMMITMENT
    return False


def _only_news(scene: Scene, mark: Mark, mentions: tuple[Mention, ...], groups: list[Group]) -> bool:
    """Whether it is only the press that foretells what somebody will do."""
    if scene.passage.kind is not Kind.READOUT or mark.entry.frame not in ("modal", "past_modal", "present"):
        return False
    if any(group.counts and group.mark.entry.frame == "promising" for group in groups):
        return False
    if mark.entry.frame == "present" and scene.lexicon.ongoing(scene.words[mark.first]):
        return True
    return any(mention.sort in ("person", "pronoun") for mention in mentions)


def _adverbial(scene: Scene, low: int, high: int) -> bool:
    """Whether only words like "and in this context" stand between two verbs."""
    at = low
    while at < high and not scene.is_in(at, "joiners"):
        at += 1
    return 0 < high - at <= 5 and scene.is_in(at + 1, "prepositions")


def _joined(scene: Scene, mark: Mark, groups: list[Group], low: int) -> Group:
    """A cue without words of its own for a subject: it goes on with the subject of the verb before it."""
    present = mark.entry.frame == "present"
    if groups and not groups[-1].counts and groups[-1].mark.entry.phrase == mark.entry.phrase:
        return Group(mark, mark.first, (), False, False, "joined to what does not count")
    main = next((group for group in reversed(groups) if group.counts), None)
    if main is None:
        return _without_subject(scene, mark)
    counts = not present or main.mark.entry.act is Act.COMMITMENT or bool(main.actors)
    if present and scene.passage.kind is Kind.READOUT and scene.lexicon.ongoing(scene.words[mark.first]):
        counts = False
    return Group(mark, mark.first, main.actors, counts, False, "joined")


def _without_subject(scene: Scene, mark: Mark) -> Group:
    entry = mark.entry
    if entry.frame in ("present", "modal") and mark.first > 0:
        return _with_other_subject(scene, mark, [], 0)
    if entry.act is not Act.COMMITMENT and mark.first > 1:
        return Group(mark, mark.first, (), False, False, "no subject")
    doing = scene.form(mark.first) is Form.DOING and mark.first > 1
    return Group(mark, mark.first, (), not doing and entry.frame != "present", False, "no subject")


def _with_other_subject(scene: Scene, mark: Mark, groups: list[Group], low: int) -> Group:
    """A subject that is no party: a body acts for the parties, a thing is acted on by them or only changes."""
    begin = _clause_begin(scene, low, mark.first)
    under = _complement(scene, max(0, low - 1), mark.first)
    group = Group(mark, begin, (), False, True, "other subject")
    if _conditional(scene, low, mark.first, mark) or (under is not None and not _promised(scene, under)):
        return group
    doer = scene.holds(begin, mark.first, "doers")
    entry = mark.entry
    if entry.act is not Act.COMMITMENT:
        group.counts = False
    elif entry.frame in ("modal", "past_modal"):
        group.counts = (_ruled(scene, under) or entry.frame == "modal") and _modal_counts(scene, mark, begin, doer, under)
        group.actors = _agent(scene, mark)
    elif entry.frame == "present":
        group.counts = _rule_counts(scene, mark, doer)
    elif entry.frame == "impersonal":
        group.counts = True
    elif entry.frame == "progressive":
        group.counts = doer and scene.passage.kind is not Kind.READOUT
    else:
        group.counts = doer or _somebody(scene, scene.before(mark.first))
    if group.counts and under is not None:
        _take_over(group, groups, under, pronoun=False)
    return group


def _somebody(scene: Scene, left: int) -> bool:
    """Whether the word before a verb of promising is a name, or an "it was" for all: «Mr. Smith urged», "was agreed"."""
    if scene.lexicon.verbs.by_ending or scene.is_in(left, "copulas"):
        return True
    return scene.passage.folded.cased[scene.starts[left]].isupper()


def _agent(scene: Scene, mark: Mark) -> tuple[Mention, ...]:
    """Who acts in a passive, where the words name them ("shall be made by the Ministry")."""
    for actor in scene.actors:
        left = actor.first - 1
        while scene.is_in(left, "articles"):
            left -= 1
        if left > mark.last and scene.words[left] == scene.lexicon.agent and scene.form(left - 1) is Form.PAST:
            return (actor.mention,)
    return ()


def _clause_begin(scene: Scene, low: int, high: int) -> int:
    at = high - 1
    while at > low and not scene.punctuation(at - 1) and not scene.is_in(at - 1, "complement"):
        at -= 1
    while at < high - 1 and scene.is_in(at, "joiners"):
        at += 1
    return at


def _modal_counts(scene: Scene, mark: Mark, begin: int, doer: bool, under: int | None) -> bool:
    """Whether "will" with a subject that is no party binds the parties: by its passive, or as an event they hold."""
    if mark.entry.force is Force.OBLIGATION:
        return True
    if _ruled(scene, under):
        return True
    press = scene.passage.kind is Kind.READOUT
    verb = scene.after(mark.last)
    if _is_passive(scene, verb) or scene.holds(begin, mark.first, "events"):
        return (not press or under is not None) and not scene.is_in(scene.after(verb + 1), "statives")
    return doer and not press and not scene.is_in(verb, "effects")


def _ruled(scene: Scene, under: int | None) -> bool:
    """Whether a clause stands under "agreed that" and the like, whose every word is promised."""
    return under is not None and any(m.last == under + 1 and m.entry.frame == "that" for m in scene.marks)


def _is_passive(scene: Scene, verb: int) -> bool:
    if scene.is_in(verb, "passive"):
        return True
    ending = scene.lexicon.verbs.by_ending
    return ending and any(scene.lexicon.passive(word) for word in scene.words[verb : verb + 4])


def _rule_counts(scene: Scene, mark: Mark, doer: bool) -> bool:
    if scene.passage.kind not in _TREATIES:
        return doer and not scene.lexicon.ongoing(scene.words[mark.first])
    return doer or scene.is_in(mark.first, "passive_duties") or scene.holds(mark.last, mark.last + 4, "doers")
