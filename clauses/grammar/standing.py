"""Where a cue stands in its sentence: who is its subject, and whether it speaks for the parties at all.

A cue in a relative clause, behind "if" or under an expressed hope promises nothing; one joined to the verb before it
("welcomes … and will …") takes over that verb's subject.
"""

from __future__ import annotations

from clauses.grammar.finite import is_finite
from clauses.grammar.groups import Group
from clauses.grammar.lexicon import Mark
from clauses.grammar.scene import Actor, Scene
from clauses.grammar.subjects import (
    complement,
    is_conditional,
    is_cut_off,
    names_body,
    stands_apart,
    subject_before,
    subject_of,
)
from clauses.grammar.verbs import Form
from clauses.nodes import Act, Force, Kind, Mention

_LED = 6  # words between "and" and its verb
_TREATIES = (Kind.TREATY, Kind.MOU)

_NEAR = 3  # words between a cue and what it tells
_ADVERBIAL = 5  # words that an adverbial between two verbs may have


def find_groups(scene: Scene) -> list[Group]:
    """The verb groups of a sentence in order, those that promise and those that do anything else."""
    groups: list[Group] = []
    for mark in scene.marks:
        if mark.entry.section == "mechanics" or _under_duty(scene, mark, groups):
            continue
        if is_finite(scene, mark, groups):
            groups.append(_stand(scene, mark, groups))
    return groups


def _under_duty(scene: Scene, mark: Mark, groups: list[Group]) -> bool:
    """Whether a word of view or courtesy is itself what must be done ("shall state the reasons")."""
    if not groups or mark.entry.act is Act.COMMITMENT:
        return False
    duty = groups[-1].mark
    binds = duty.entry.force is Force.OBLIGATION or scene.lexicon.verbs.by_ending  # «будет подписано» is still to come
    return duty.entry.frame == "modal" and binds and mark.first == scene.after(duty.last)


def _stand(scene: Scene, mark: Mark, groups: list[Group]) -> Group:
    left = scene.before(mark.first)
    if _relative(scene, left):
        return Group(
            mark,
            mark.first,
            _described_by(scene, mark, left),
            _bound_relative(scene, mark, left),
            False,
            "relative clause",
        )
    inverted = scene.is_in(mark.first, "inverted") and _opens_condition(scene, mark.first)
    if inverted or scene.is_in(left, "conditional"):
        return Group(mark, mark.first, (), False, False, "condition")
    low = next((group.mark.last for group in reversed(groups) if group.counts), 0)
    if scene.is_in(left, "joiners") and left >= low:
        return _joined(scene, mark, groups, low)
    subject = subject_of(scene, low, mark.first)
    if (
        subject
        and not stands_apart(scene, mark, left, subject[-1])
        and not is_cut_off(scene, subject[-1].last, mark.first)
    ):
        return _with_subject(scene, mark, groups, subject, low)
    if left < low or scene.punctuation(left) or scene.is_in(left, "joiners") or _adverbial(scene, low, mark.first):
        return _joined(scene, mark, groups, low)
    return _with_other_subject(scene, mark, groups, low)


def _opens_condition(scene: Scene, at: int) -> bool:
    """Whether an inverted verb stands before its subject: "Should a dispute arise, …", "…, should the others agree"."""
    return at == 0 or (scene.words[at - 1] == "," and scene.is_in(at + 1, "determiners"))


def _described_by(scene: Scene, mark: Mark, left: int) -> tuple[Mention, ...]:
    """Whom a relative clause tells of that binds by an active verb: "…, the Secretariat, which shall inform"."""
    if scene.lexicon.verbs.by_ending or scene.is_in(scene.after(mark.last), "passive"):
        return ()
    comma = left - 1 if scene.words[left - 1] == "," else left
    return tuple(actor.mention for actor in scene.actors if actor.last == comma)


def _bound_relative(scene: Scene, mark: Mark, left: int) -> bool:
    """Whether a relative clause binds: ", which shall …" in a treaty, ", which will be laid …" anywhere."""
    if not scene.is_in(left, "relative") or mark.entry.frame != "modal":
        return False
    if scene.lexicon.verbs.by_ending:
        return mark.last < len(scene.words) and scene.lexicon.passive(scene.words[mark.last])
    if mark.entry.force is Force.OBLIGATION:
        return scene.passage.kind in _TREATIES and not _told_of_working(scene, mark)
    passive = scene.is_in(mark.last, "passive") and scene.form(scene.after(mark.last + 1)) is Form.PAST
    return passive and mark.entry.force is Force.COMMITMENT and scene.words[left - 1] == ","


def _told_of_working(scene: Scene, mark: Mark) -> bool:
    """Whether words about the working of the treaty follow a cue ("which shall be an integral part of it")."""
    return any(other.entry.section == "mechanics" and 0 <= other.first - mark.last <= _NEAR for other in scene.marks)


def _relative(scene: Scene, left: int) -> bool:
    if scene.is_in(left, "relative"):
        return True
    return scene.is_in(left, "complement") and not scene.punctuation(left - 1)


def _with_subject(scene: Scene, mark: Mark, groups: list[Group], subject: list[Actor], low: int) -> Group:
    mentions = () if _impersonal(scene, mark, subject) else tuple(actor.mention for actor in subject)
    if mark.entry.frame == "modal" and scene.is_in(scene.after(mark.last), "passive"):
        mentions = _agent(scene, mark) or mentions
    begin = subject[0].first
    while begin > low and (scene.is_in(begin - 1, "articles") or names_body(scene, begin - 1, subject[0].mention)):
        begin -= 1
    group = Group(mark, begin, mentions, True, True, "")
    under = complement(scene, max(0, low - 1), begin)
    if is_conditional(scene, low, begin, mark):
        group.counts, group.why = False, "condition"
    elif under is None and mark.entry.frame == "past_modal" and not _says(scene, begin):
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


def _says(scene: Scene, begin: int) -> bool:
    """Whether a verb of saying stands right before a subject, its "that" left out ("said the ministry would pay")."""
    return scene.is_in(begin - 1, "sayers")


def _thing(scene: Scene, mark: Mark, subject: list[Actor]) -> bool:
    """Whether "it" is the subject of "will": in a political text it then takes up a thing."""
    it = len(subject) == 1 and scene.words[subject[0].first] in scene.lexicon.lists.get("things", ())
    return it and mark.entry.frame == "modal" and scene.passage.kind is not Kind.TREATY


def _impersonal(scene: Scene, mark: Mark, subject: list[Actor]) -> bool:
    """Whether "it" stands for nobody: "it is understood that"."""
    it = len(subject) == 1 and scene.words[subject[0].first] in scene.lexicon.lists.get("things", ())
    return it and mark.entry.frame == "that" and scene.is_in(mark.first, "copulas")


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
    group.actors = group.actors or sayer.actors  # "the Minister assured that the bill will be submitted"


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
    near = max(low, high - _ADVERBIAL)
    if scene.holds(low, near, "joiners"):
        return False
    first = scene.next_in(near, high, "joiners")
    return first < high and scene.is_in(first + 1, "prepositions")


def _joined(scene: Scene, mark: Mark, groups: list[Group], low: int) -> Group:
    """A cue without words of its own for a subject: it goes on with the subject of the verb before it."""
    present = mark.entry.frame == "present"
    if groups and not groups[-1].counts and groups[-1].mark.entry.phrase == mark.entry.phrase:
        return Group(mark, mark.first, (), False, False, "joined to what does not count")
    main = next((group for group in reversed(groups) if group.counts), None)
    if main is None:
        return _led(scene, _without_subject(scene, mark))
    counts = not present or main.mark.entry.act is Act.COMMITMENT or bool(main.actors)
    if present and scene.passage.kind is Kind.READOUT and scene.lexicon.ongoing(scene.words[mark.first]):
        counts = False
    return Group(mark, _led_in(scene, mark.first, low), main.actors, counts, False, "joined")


def _led(scene: Scene, group: Group) -> Group:
    """A promise joined to a verb that is no cue, with that verb's subject ("He told of the Games and invited …")."""
    leader = subject_before(scene, group.mark.first)
    if group.counts and not group.actors and leader:
        group.actors = (leader.mention,)
    return group


def _led_in(scene: Scene, first: int, low: int) -> int:
    """Where a verb joined on begins: with the phrase between "and" and it («и на регулярной основе информируют»)."""
    if not scene.lexicon.verbs.by_ending:
        return first
    for at in range(first - 1, max(low, first - _LED), -1):
        if scene.is_in(at, "joiners"):
            return at + 1 if scene.is_in(at + 1, "prepositions") else first
    return first


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
    under = complement(scene, max(0, low - 1), mark.first)
    group = Group(mark, begin, (), False, True, "other subject")
    if is_conditional(scene, low, mark.first, mark) or (under is not None and not _promised(scene, under)):
        return group
    doer = scene.holds(begin, _head_end(scene, begin, mark.first), "doers")
    entry = mark.entry
    if entry.act is not Act.COMMITMENT:
        group.counts = False
    elif entry.frame in ("modal", "past_modal"):
        passive = under is not None and _is_passive(scene, scene.after(mark.last))  # "assured that it would be sent"
        group.counts = (passive or _ruled(scene, under) or entry.frame == "modal") and _modal_counts(
            scene, mark, begin, doer, under
        )
        group.actors = _agent(scene, mark)
    elif entry.frame == "present":
        group.actors = _behind(scene, mark)
        held = scene.is_in(mark.first, "held") and scene.holds(begin, mark.first, "events")
        told = _reported(scene, under)  # «В Минске пройдет встреча контактной группы»
        rules = _rule_counts(scene, mark, doer or bool(group.actors)) and not (told and group.actors)
        group.counts = rules or (held and not told)
    elif entry.frame == "impersonal":
        group.counts = True
    elif entry.frame == "progressive":
        group.counts = doer and scene.passage.kind is not Kind.READOUT
    else:
        group.counts = doer or _somebody(scene, scene.before(mark.first))
    if group.counts and under is not None:
        _take_over(group, groups, under, pronoun=False)
    return group


def _head_end(scene: Scene, begin: int, high: int) -> int:
    """Where the first words of a subject end, among which its head stands: before "of", "in" and the like."""
    if scene.is_in(begin, "prepositions"):
        return high
    return scene.next_in(begin + 1, high, "prepositions")


def _somebody(scene: Scene, left: int) -> bool:
    """Whether a name stands before a verb of promising ("Mr. Smith urged"), or "it was" for all ("was agreed")."""
    if scene.lexicon.verbs.by_ending or scene.is_in(left, "copulas"):
        return True
    return scene.passage.folded.cased[scene.starts[left]].isupper()


def _behind(scene: Scene, mark: Mark) -> tuple[Mention, ...]:
    """The subject where it stands behind its verb: «расходы несёт направляющая Сторона»."""
    near = [actor for actor in scene.actors if mark.last <= actor.first <= mark.last + 2]
    return tuple(
        actor.mention
        for actor in near[:1]
        if not scene.lexicon.oblique(scene.words[actor.first]) and not scene.is_in(actor.first - 1, "prepositions")
    )


def _agent(scene: Scene, mark: Mark) -> tuple[Mention, ...]:
    """Who acts in a passive, where the words name them ("shall be made by the Ministry")."""
    for actor in scene.actors:
        left = actor.first - 1
        while left > mark.last and (scene.is_in(left, "determiners") or scene.is_titled(left)):
            left -= 1
        if left > mark.last and scene.words[left] == scene.lexicon.agent and scene.form(left - 1) is Form.PAST:
            return (actor.mention,)
    return ()


def _clause_begin(scene: Scene, low: int, high: int) -> int:
    """Where the clause of a cue begins: behind the last comma, but with what only describes its subject in between."""
    if low == 0 and not any(scene.is_in(0, name) for name in ("prepositions", "conditional", "adverbs")):
        described = scene.first_comma(high)
        if (described < high and scene.words[high - 1] == ",") or _described(scene, described + 1, high):
            return 0
    at = scene.part_begin(low, high - 1)
    while at < high - 1 and scene.is_in(at, "joiners"):
        at += 1
    return at


def _described(scene: Scene, at: int, high: int) -> bool:
    """Whether a relative clause or a participle begins at a place ("…, who …", «…, ввозимая …»)."""
    return at < high and (scene.is_in(at, "relative") or scene.lexicon.participle(scene.words[at]))


def _modal_counts(scene: Scene, mark: Mark, begin: int, doer: bool, under: int | None) -> bool:
    """Whether "will" with a subject that is no party binds the parties: by its passive, or as an event they hold."""
    if mark.entry.force is Force.OBLIGATION:
        return doer or scene.passage.kind in _TREATIES or not scene.is_in(mark.first, "principles")
    if _ruled(scene, under):
        return True
    verb = scene.after(mark.last)
    if scene.lexicon.verbs.by_ending and scene.is_in(verb, "effects"):
        return False
    if _is_passive(scene, verb) or scene.holds(begin, mark.first, "events"):
        told = _reported(scene, under) and not scene.holds(begin, mark.first, "agreed")
        return not told and not scene.is_in(scene.after(verb + 1), "statives")
    return doer and scene.passage.kind is not Kind.READOUT and not scene.is_in(verb, "effects")


def _reported(scene: Scene, under: int | None) -> bool:
    """Whether the press says it, and not a side: «форум пройдет в Дохе»."""
    return scene.passage.kind is Kind.READOUT and under is None and not _said_aside(scene)


def _said_aside(scene: Scene) -> bool:
    """Whether words put in tell that the sides themselves said it: «как объявили президенты»."""
    announcing = scene.lists["announced"]
    if announcing.isdisjoint(scene.words):  # nearly always
        return False
    announced = (at for at in range(1, len(scene.words)) if scene.words[at] in announcing)
    return any(scene.is_in(at - 1, "conditional") and not scene.is_in(at + 1, "prepositions") for at in announced)


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
        stated = scene.lexicon.ongoing(scene.words[mark.first]) or scene.is_in(mark.first, "states")
        return doer and not stated
    if scene.lexicon.verbs.by_ending and scene.passage.kind is Kind.TREATY:  # whatever a treaty tells to be, is to be
        return not scene.is_in(mark.first, "states")
    return doer or scene.is_in(mark.first, "passive_duties") or scene.holds(mark.last, mark.last + 4, "doers")
