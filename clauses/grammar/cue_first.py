"""Languages in which the cue comes before the action, as in English and Russian: subject, cue, action.

`read` lays a sentence out, finds its verb groups and where they stand, and cuts what each governs into actions.
"""

from __future__ import annotations

from itertools import pairwise

from clauses.grammar.actions import Action, split_actions
from clauses.grammar.groups import Group
from clauses.grammar.lexicon import Entry, Mark
from clauses.grammar.reading import Passage, Reading
from clauses.grammar.scene import Scene, lay_out
from clauses.grammar.standing import find_groups
from clauses.grammar.subjects import subject_of
from clauses.grammar.verbs import Form
from clauses.nodes import Act, Force, Kind, Mention, Role, Span

_SHORTEST = 4  # words of an action; fewer are a heading
_DATING = 4  # words in which a time shows before the name of an event ("within sixty days of the entry …")
_BARE = 2  # words between two modals that share an object: a verb and "and"
_NEAR = 3  # words that may stand before the subject of an item that is a sentence of its own


def read(passage: Passage) -> list[Reading]:
    """What a sentence, or an item of a list, does; several readings where it does several things."""
    scene = lay_out(passage, passage.start, passage.end)
    if not scene.words:
        return []
    mechanics = _mechanics(scene)
    if mechanics:
        return [mechanics]
    groups = find_groups(scene)
    _join_bare(scene, groups)
    if passage.opening and not any(group.counts and group.own and group.begin <= _NEAR for group in groups):
        item = _item(scene, groups, _opening(passage, passage.opening))
        if item:
            return item
        _take_subject(groups, _opening(passage, passage.opening))
    readings = [reading for index in range(len(groups)) for reading in _readings(scene, groups, index)]
    return readings or _bare_action(scene) or _fallback(scene, groups)


def _join_bare(scene: Scene, groups: list[Group]) -> None:
    """Put a verb without an object to the one behind it: "shall prioritise and shall take action" is one duty."""
    for one, other in pairwise(groups):
        bare = 0 < other.begin - one.mark.last <= _BARE and scene.joiner_length(other.begin - 1)
        if bare and one.counts and other.counts and not other.own and one.mark.entry == other.mark.entry:
            other.begin, other.own, one.counts = one.begin, one.own, False


def _opening(passage: Passage, span: Span) -> Scene:
    """The words that open a list, laid out once for the items that follow one another."""
    known: Scene | None = passage.kept.get(span)
    if known is None:
        passage.kept.clear()
        known = passage.kept[span] = lay_out(passage, span.start, span.end)
    return known


def _bare_action(scene: Scene) -> list[Reading]:
    """A point of a plan of action, which names the action and nothing else ("Organise joint training courses")."""
    passage, first = scene.passage, scene.after(0)
    if passage.kind is not Kind.ACTION_PLAN or passage.role is not Role.OPERATIVE or passage.opens:
        return []
    if scene.form(first) not in (Form.PLAIN, Form.DOING) and not scene.is_in(first, "planned"):
        return []
    last = len(scene.words)
    while last > 1 and scene.punctuation(last - 1):
        last -= 1
    span, cue = scene.span(0, last), scene.span(first, first + 1)
    if len(scene.words) < _SHORTEST or scene.punctuation(first):
        return []
    return [Reading(Act.COMMITMENT, span.start, span.end, cue, "point of a plan of action", Force.COMMITMENT)]


def _fallback(scene: Scene, groups: list[Group]) -> list[Reading]:
    """What a sentence does in which no verb speaks for the parties: the first verb known tells, else the first cue."""
    for mark in scene.marks:
        if mark.entry.act not in (Act.COMMITMENT, Act.UNCLEAR):
            return [_told(scene, mark, mark.entry.act, mark.entry.phrase)]
    return [_told(scene, group.mark, Act.ACKNOWLEDGEMENT, group.why) for group in groups[:1]]


def _mechanics(scene: Scene) -> Reading | None:
    """The working of the treaty itself promises nothing."""
    if scene.passage.kind not in (Kind.TREATY, Kind.MOU):
        return None
    for mark in scene.marks:
        if mark.entry.section == "mechanics" and _rules(scene, mark):
            return _told(scene, mark, Act.MECHANICS, mark.entry.phrase)
    return None


def _rules(scene: Scene, mark: Mark) -> bool:
    """Whether these words are what their sentence is about, and not the occasion of something else that it says."""
    if mark.entry.frame == "phrases":
        return True
    if mark.entry.frame == "subjects":
        return _is_subject(scene, mark)
    if mark.entry.frame == "predicates":
        return _is_predicate(scene, mark)
    cue = next((m.first for m in scene.marks if m.entry.act is Act.COMMITMENT), len(scene.words))
    leads = mark.first < cue and "," in scene.words[mark.last : cue]
    trails = cue < mark.first and scene.words[mark.first - 1] == ","
    return not leads and not trails and not scene.holds(max(0, mark.first - _DATING), mark.first, "dating")


def _is_subject(scene: Scene, mark: Mark) -> bool:
    """Whether a sentence is about these words: at its head, or before its first cue with no comma between."""
    cue = next((m.first for m in scene.marks if m.entry.act is Act.COMMITMENT), len(scene.words))
    return mark.first <= 2 or (mark.first < cue and "," not in scene.words[mark.last : cue])


def _is_predicate(scene: Scene, mark: Mark) -> bool:
    """Whether words belong to the first verb of a sentence, and not to a clause within it ("…, which shall be …")."""
    cue = next((m.first for m in scene.marks if m.entry.act is Act.COMMITMENT), 0)
    return not any(scene.holds(cue, mark.first, name) for name in ("relative", "complement"))


def _told(scene: Scene, mark: Mark, act: Act, why: str) -> Reading:
    passage = scene.passage
    return Reading(act, passage.start, passage.end, scene.span(mark.first, mark.last), why)


def _readings(scene: Scene, groups: list[Group], index: int) -> list[Reading]:
    group = groups[index]
    entry = group.mark.entry
    if not group.counts:
        return []
    if entry.act is not Act.COMMITMENT:
        return [_told(scene, group.mark, entry.act, entry.phrase)]
    limit = next((later.begin for later in groups[index + 1 :] if later.counts), len(scene.words))
    verb = _verb(scene, group.mark, limit)
    if verb is not None and not group.own and group.mark.first <= 1:
        limit = _main_clause(scene, verb, limit)
    if verb is None or (entry.frame == "that" and _states_a_fact(scene, verb, limit)):
        return [_told(scene, group.mark, Act.ACKNOWLEDGEMENT, entry.phrase)]
    begin = group.begin
    if begin == group.mark.first and scene.is_in(begin - 1, "negations"):
        begin -= 1
    actions = split_actions(scene, begin, verb, max(limit, verb), group)
    if scene.passage.opens and limit == len(scene.words) and not _closed_opening(scene, verb):
        actions = actions[:-1]
    return [_reading(scene, group, action) for action in actions]


def _states_a_fact(scene: Scene, verb: int, limit: int) -> bool:
    """Whether what was agreed is a view: "agreed that trade is a driver of growth", with no verb of what will be."""
    promises = (mark for mark in scene.marks if mark.entry.act is Act.COMMITMENT)
    if scene.lexicon.verbs.by_ending or any(verb <= mark.first < limit for mark in promises):
        return False
    first = scene.next_in(verb, limit, "states_a_fact")
    return first < limit and scene.form(scene.after(first + 1)) not in (Form.PAST, Form.DOING)


def _main_clause(scene: Scene, verb: int, limit: int) -> int:
    """Where the main clause begins behind a promise that leads a sentence ("Determined to …, the Ministers …")."""
    subjects = {actor.first for actor in scene.actors}
    for at in range(verb + 1, limit - 1):
        if scene.words[at] == "," and (at + 1 in subjects or at + 2 in subjects or scene.is_in(at + 1, "articles")):
            return at
    return limit


def _closed_opening(scene: Scene, verb: int) -> bool:
    """Whether the words that open a list say the promise in full, the items being conditions or examples."""
    last = len(scene.words) - 1
    while last > verb and scene.punctuation(last):
        last -= 1
    if scene.is_in(last, "relative") or scene.is_in(last, "conditional"):  # "to any national who: (a) …"
        return True
    if _ends_in_condition(scene, verb, last + 1):
        return True
    text = " ".join(scene.words[verb:])
    return any(phrase in text for phrase in scene.lexicon.lists.get("closed_openings", ()))


def _ends_in_condition(scene: Scene, verb: int, last: int) -> bool:
    """Whether opening words end with the subject of a condition ("to whoever shows that he:")."""
    for at in range(last - 1, verb, -1):
        if scene.words[at] == "," or any(at == mark.first and mark.entry.force for mark in scene.marks):
            return False
        if scene.is_in(at, "relative") or scene.is_in(at, "conditional"):
            return scene.holds(at + 1, last, "heads") and not scene.is_in(last - 1, "prepositions")
    return False


def _reading(scene: Scene, group: Group, action: Action) -> Reading:
    entry = (group.sayer or group.mark).entry
    span = scene.span(action.first, action.last)
    return Reading(
        Act.COMMITMENT,
        span.start,
        span.end,
        scene.span(group.mark.first, group.mark.last),
        f"{entry.phrase} ({entry.frame})",
        _force(scene, entry),
        group.actors,
        _asked(scene, group.mark, action) if entry.force is Force.REQUEST else (),
        scene.source(action.verb),
    )


def _force(scene: Scene, entry: Entry) -> Force:
    if entry.section == "rule":
        return Force.OBLIGATION if scene.passage.kind is Kind.TREATY else Force.COMMITMENT
    return entry.force or Force.COMMITMENT


def _asked(scene: Scene, mark: Mark, action: Action) -> tuple[Mention, ...]:
    """Those who are asked: the first actors named behind the cue, before what they are asked to do."""
    found: list[Mention] = []
    last = mark.last
    for actor in scene.actors:
        if actor.first < mark.last or actor.first >= action.last:
            continue
        if actor.first - last > (3 if found else 6):
            break
        found.append(actor.mention)
        last = actor.last
    return tuple(found)


def _verb(scene: Scene, mark: Mark, limit: int) -> int | None:
    """The place where the action of a cue begins; None where the cue governs no action here."""
    frame, at = mark.entry.frame, scene.after(mark.last)
    if at >= limit and frame != "present":
        return None
    if frame == "present":
        return mark.first
    if frame == "acting":
        return at if scene.holds(at, at + 5, "actions") else None
    if frame == "doing":
        return _doing(scene, at, limit)
    if frame == "infinitive" and scene.lexicon.verbs.by_ending:
        return _nearest(scene, at, limit, Form.PLAIN) or at
    if frame in ("modal", "past_modal") and not scene.is_in(at, "copulas"):
        return _nearest(scene, at, limit, Form.PLAIN) or at
    return at


def _nearest(scene: Scene, at: int, limit: int, form: Form) -> int | None:
    """The first verb of a form within the clause ("shall, in case of need, provide")."""
    for place in range(at, limit):
        if scene.forms[place] is form and (place == at or not scene.is_in(place - 1, "prepositions")):
            return place
        if scene.words[place] in (";", ":"):
            return None
    return None


def _doing(scene: Scene, at: int, limit: int) -> int | None:
    """A verb or a noun of action close behind the cue; values and texts are no actions."""
    if scene.form(at) is Form.PLAIN:
        return at
    if scene.lexicon.verbs.by_ending:
        return None if scene.holds(at, at + 3, "values") else at
    for place in range(at, min(limit, at + 8)):
        if scene.form(place) is Form.DOING:
            return place
        if scene.is_in(place, "actions"):
            return at
        if scene.is_in(place, "prepositions"):
            return None
    return None


def _take_subject(groups: list[Group], opening: Scene) -> None:
    """An item with a verb of its own takes the subject that alone opens its list ("To this end they: (a) hold …")."""
    subject = [] if find_groups(opening) else subject_of(opening, 0, len(opening.words))
    for group in groups if subject else ():
        if group.why not in ("no subject", "other subject", "joined"):
            return
        group.actors, group.counts = tuple(actor.mention for actor in subject), True


def _item(scene: Scene, groups: list[Group], opening: Scene) -> list[Reading]:
    """An item of a list, read with the cue and the subject of the words that open the list."""
    leads = [group for group in find_groups(opening) if group.mark.entry.section != "matrix"]
    if not leads or leads[-1].mark.entry.act is not Act.COMMITMENT:
        return []
    lead = leads[-1]
    if _mechanics(opening) or _closed_opening(opening, lead.mark.last):
        return []
    entry = lead.mark.entry
    first = min(scene.after(0), len(scene.words) - 1)
    while first < len(scene.words) - 1 and (scene.punctuation(first) or scene.words[first] == scene.lexicon.marker):
        first += 1
    limit = next((g.begin for g in groups if g.counts and g.own and g.begin > first), len(scene.words))
    cue: Span = opening.span(lead.mark.first, lead.mark.last)
    why, force = f"{entry.phrase} (opening)", _force(scene, entry)
    readings = []
    for action in split_actions(scene, 0, first, limit, lead):
        span, verb = scene.span(action.first, action.last), scene.source(action.verb)
        readings.append(Reading(Act.COMMITMENT, span.start, span.end, cue, why, force, lead.actors, (), verb))
    return readings
