"""How a part of a Kazakh sentence binds: from its cue or the tense of its verb, its subject and the kind of text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from clauses.grammar.kazakh_parts import Part, Predicate, is_formal
from clauses.grammar.kazakh_subjects import Subject
from clauses.grammar.reading import Passage
from clauses.languages import words
from clauses.nodes import Act, Force, Kind

_ACTS = {
    "permission": Act.PERMISSION,
    "mechanics": Act.MECHANICS,
    "courtesy": Act.COURTESY,
    "performed": Act.PERFORMED,
    "acknowledgement": Act.ACKNOWLEDGEMENT,
}
_FORCES = {
    "obligation": Force.OBLIGATION,
    "commitment": Force.COMMITMENT,
    "intention": Force.INTENTION,
    "support": Force.INTENTION,
    "request": Force.REQUEST,
}
_REPORTED = re.compile(r",? -? ?деп хабарла")  # by the press, not by a side
_WE = ("мыз", "міз")  # the person of the verb is its subject
_FUTURE = frozenset({"present", "order"})


class Sense(NamedTuple):
    """What a part does and why we think so; for a promise its force and how its words are to be taken."""

    act: Act
    why: str
    force: Force | None = None
    impersonal: bool = False  # the actors are not named: a passive
    divisible: bool = False  # coordinated actions before one cue are promises of their own
    asks: bool = False  # somebody is asked or helped


def sense_of(passage: Passage, part: Part, own: Subject | None, inherited: Subject | None) -> Sense:
    """The sense of one part; `own` is its subject, `inherited` that of the part before it."""
    predicate = part.predicate
    if predicate is None:
        return Sense(Act.UNCLEAR, "no predicate")
    formal = is_formal(passage.kind)
    if formal and _about_the_treaty(passage, part, predicate, own):
        return Sense(Act.MECHANICS, "working of the treaty")
    if formal and own is not None and own.head in words("kk", "cues")["actors"]["private"]:
        return Sense(Act.ACKNOWLEDGEMENT, "a duty of others than the parties")
    if predicate.cue is not None:
        sense = _by_cue(predicate, passage.kind, passage.folded.text[part.start : part.end])
        if sense is not None:
            return sense
    return _by_tense(passage, part, predicate, own, inherited)


def settled(passage: Passage, parts: Sequence[Part]) -> Sense | None:
    """The sense of a sentence of one part whose cue promises nothing, whoever acts; None where more must be known."""
    predicate = parts[0].predicate
    if len(parts) > 1 or predicate is None or predicate.cue is None or predicate.cue.table not in _ACTS:
        return None
    return _by_cue(predicate, passage.kind, "")


def _by_cue(predicate: Predicate, kind: Kind, said: str) -> Sense | None:
    """The sense that the cue gives; None where the verb is in a tense that the cue does not speak for."""
    assert predicate.cue is not None  # noqa: S101  (the caller has looked)
    table, tense = predicate.cue.table, predicate.form.tense
    why = f"cue: {predicate.cue.phrase}"
    treaty, impersonal = kind is Kind.TREATY, predicate.form.passive
    if table == "standing":
        return Sense(Act.MECHANICS if is_formal(kind) else Act.ACKNOWLEDGEMENT, why)
    if table == "performed" and (tense in _FUTURE or tense == "part"):
        return None
    if table == "acknowledgement" and predicate.aspect == "future":  # "көңіл бөлетін болады" is yet to be done
        return None
    if table in _ACTS:
        return Sense(Act.RECITAL if tense == "gerund" else _ACTS[table], why)
    if tense == "order":
        return None
    if table == "duty":
        force = Force.OBLIGATION if treaty else Force.INTENTION
    elif table == "commitment" and treaty and tense == "present":
        force = Force.OBLIGATION
    else:
        force = _FORCES[table]
    divisible = table in ("commitment", "intention", "request")
    return Sense(Act.COMMITMENT, why, force, impersonal, divisible, asks=table == "request" or _helps(said))


def _by_tense(
    passage: Passage, part: Part, predicate: Predicate, own: Subject | None, inherited: Subject | None
) -> Sense:
    tense, passive = predicate.form.tense, predicate.form.passive
    treaty = passage.kind is Kind.TREATY
    if tense in ("past", "converb", "perfect"):
        return Sense(Act.PERFORMED, f"tense: {tense}")
    if tense == "order":
        return _decreed(passage, part, passive)
    if tense == "gerund" or predicate.aspect == "lasting":
        return Sense(Act.RECITAL if tense == "gerund" else Act.ACKNOWLEDGEMENT, f"tense: {tense}")
    if tense not in ("present", "aim", "doing"):
        return Sense(Act.UNCLEAR, f"tense: {tense}")
    if not _somebody_acts(passage, part, predicate, own, inherited):
        return Sense(Act.ACKNOWLEDGEMENT, "nobody who acts")
    force = Force.INTENTION if tense == "aim" else Force.OBLIGATION if treaty else Force.COMMITMENT
    asks = own is not None and not passive and _helps(passage.folded.text[part.start : part.end])
    return Sense(Act.COMMITMENT, f"verb in the {tense} tense", force, passive, asks=asks)


def _decreed(passage: Passage, part: Part, passive: bool) -> Sense:
    """An order in "-сын": to somebody, or, in the passive, mostly an act complete when said ("бекітілсін")."""
    if passage.kind not in (Kind.TREATY, Kind.RESOLUTION, Kind.ACTION_PLAN):
        return Sense(Act.PERFORMED if passive else Act.COURTESY, "order: -сын")
    last = passage.folded.text[part.start : part.end].rpartition(" ")[2]
    if passive and last not in words("kk", "cues")["orders"]["stems"]:
        return Sense(Act.PERFORMED, "order: -сын")
    return Sense(Act.COMMITMENT, "order: -сын", Force.OBLIGATION, passive)


def _somebody_acts(
    passage: Passage, part: Part, predicate: Predicate, own: Subject | None, inherited: Subject | None
) -> bool:
    """Whether a verb in the present tense promises: who acts is known, or need not be said in this kind of text."""
    if is_formal(passage.kind):
        return True
    words_here, passive = passage.folded.text[part.start : part.end], predicate.form.passive
    first = words_here.lstrip(" -").partition(" ")[0]
    if own is None and first in _words("things"):
        return False
    if passage.kind is Kind.READOUT:  # the press tells of much that nobody promised: somebody must be named
        if _REPORTED.match(passage.folded.text, part.end):
            return False
        if own is not None and own.head and predicate.aspect == "future":  # "елшіліктер … жолдап отырады"
            return not passive
        acts = not passive and any(who is not None and who.mentions for who in (own, inherited))
        return acts or _held(words_here, "lasting")
    return passive or own is not None or inherited is not None or words_here.endswith(_WE) or _held(words_here, "verbs")


def _held(text: str, verbs: str) -> bool:
    """Whether a meeting is announced ("кезекті отырысы … өтеді"), with one of a list of verbs."""
    data = words("kk", "cues")["events"]
    return text.endswith(tuple(f" {verb}" for verb in data[verbs])) and any(head in text for head in data["heads"])


def _helps(text: str) -> bool:
    return any(word in text for word in words("kk", "cues")["parts"]["helping"])


def _about_the_treaty(passage: Passage, part: Part, predicate: Predicate, own: Subject | None) -> bool:
    """Whether a part of a treaty speaks of the treaty itself: its disputes, depositary, amendments, its own effect."""
    if predicate.form.tense == "order":
        return False
    text = passage.folded.text
    if _workings().search(text, part.start, part.end):
        return True
    found = _itself().match(text, part.start, part.end)
    return found is not None and (own is None or found["provisions"] is not None)


@cache
def _workings() -> re.Pattern[str]:
    marks = words("kk", "cues")["parts"]["workings"]
    forms = (mark[:-1] if mark.endswith("-") else rf"{mark}\b" for mark in marks)
    # the first letter is quick to look for, so what stands before it is looked at behind it
    return re.compile("|".join(rf"{form[0]}(?<!\w.){form[1:]}" for form in forms))


@cache
def _itself() -> re.Pattern[str]:
    """The instrument as subject of its own clause: "осы Келісім …", "осы Шарттың ережелері …"."""
    data = words("kk", "cues")["parts"]
    nouns, provisions = "|".join(data["instruments"]), "|".join(data["provisions"])
    posts = r"(?!шеңберінде|аясында|бойынша|негізінде|туралы|арқылы|аумағында)"
    return re.compile(rf"осы (?:{nouns})(?:(?:[нтд][ыі]ң) (?P<provisions>{provisions})\b| {posts})")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(words("kk", "cues")["subjects"][name])
