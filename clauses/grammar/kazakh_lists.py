"""Points of a Kazakh list, which hold no verb in a finite form: the words that open or close the list rule them.

"Тараптар: – … әзірлеуге; – … құруға уағдаласты." · "Тараптар мынадай бағыттарда ынтымақтасады: а) … даярлау;"
"Комитеттің міндеттері: а) … айқындау; б) … дайындау болып табылады."
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import product

from clauses.grammar.kazakh_cues import find_cue, may_close
from clauses.grammar.kazakh_forces import Sense, sense_of
from clauses.grammar.kazakh_parts import FORMAL, POLITICAL, Part, Predicate, cut, is_formal, place_of, tail_words
from clauses.grammar.kazakh_quotes import lead_end
from clauses.grammar.kazakh_subjects import Subject
from clauses.grammar.reading import Passage, Reading
from clauses.languages import words
from clauses.nodes import Act, Force, Kind, Span

_AHEAD = 2_000  # characters after a point within which its list must close
_POINT_END = re.compile(r"[;.](?: |$)")
_STOP = re.compile(r"(?<=[^\W\d_]{2})\.(?: |$)")  # not that of a label ("а. ", "2. ")
_TWO = re.compile(r"(?<=у),? және ")
_ASIDE = frozenset({"permission"})  # "-уға болады" may not be read into "дамытатын болады"
_CUE_WORDS = 4  # words of a cue at the end of what opens or closes a list, at most
_LEAST = 4  # words that one of two actions in a point must have
_NOUNLIKE = frozenset({"past", "converb", "perfect", "doing", "aim"})


def is_point(passage: Passage, parts: Sequence[Part]) -> bool:
    """Whether a passage holds no clause of its own, so that the words around its list must be asked."""
    if len(parts) > 1:
        return False
    predicate = parts[0].predicate
    if predicate is None:
        return True
    if passage.opening is None:
        return False
    if predicate.cue is not None:
        return predicate.cue.table in ("standing", "mechanics") and _duties(_opening_text(passage))
    return predicate.form.tense in _NOUNLIKE


def read_point(passage: Passage, low: int, high: int, part: Part, subject: Subject | None) -> list[Reading]:
    """The readings of a point without a clause of its own; `subject` is that of the opening words."""
    text, folded = passage.folded.text, passage.folded
    end = part.predicate.start if part.predicate and part.predicate.cue else part.end
    sense, ruling = _ruled(passage, low, end, high, subject)
    start = lead_end(text, low, end)
    if sense.act is not Act.COMMITMENT:
        return [Reading(sense.act, *folded.span(low, high), ruling, sense.why)]
    actors = subject.mentions if subject and not sense.impersonal else ()
    return [
        Reading(sense.act, *folded.span(a, b), ruling, f"point of a list; {sense.why}", sense.force, actors)
        for a, b in _actions(text, start, low + len(text[low:end].rstrip(" ")))
    ]


def _ruled(passage: Passage, low: int, end: int, high: int, subject: Subject | None) -> tuple[Sense, Span]:
    """What rules a point, and its words: the opening of the list, else its close, else nothing."""
    text, folded = passage.folded.text, passage.folded
    own = tail_words(text, low, end)[-1:]
    places = []
    if passage.opening is not None:
        places.append((folded.at(passage.opening.start), folded.at(passage.opening.end - 1) + 1))
        if _duties(_opening_text(passage)):
            return Sense(Act.COMMITMENT, "duties", Force.OBLIGATION), passage.opening
    else:
        before = _opened_before(text, low, is_formal(passage.kind))
        places += [before] if before else []
    listed = passage.opening is not None or text[high - 1] == ";"
    closing = _closing(text, high) if listed else None
    places += [closing] if closing else []
    for a, b in places:
        part = _ruling_part(passage, own, a, b)
        if part.predicate is not None:
            sense = sense_of(passage, part, subject, subject)
            return sense, Span(*folded.span(part.predicate.start, part.predicate.end))
    if passage.kind is Kind.ACTION_PLAN and own and own[0].endswith("у"):
        return Sense(Act.COMMITMENT, "measure of a plan", Force.COMMITMENT, impersonal=True), Span(
            passage.start, passage.end
        )
    unclear = Sense(Act.UNCLEAR if passage.opening else Act.HEADING, "no verb")
    return unclear, Span(passage.start, passage.end)


def _ruling_part(passage: Passage, own: Sequence[str], start: int, end: int) -> Part:
    """The clause that rules a point whose last word is `own`; its cue may need that word ("-уға … уағдаласты")."""
    text, formal = passage.folded.text, is_formal(passage.kind)
    part = cut(text, start, end, formal)[-1]
    found = tail_words(text, start, part.end)[-_CUE_WORDS:]
    if not found or not may_close(found[-1]):
        return part
    for action, count in product(_actions_of(own), range(len(found), 0, -1)):
        last = found[-count:]
        tables = (FORMAL if formal else POLITICAL) - (_ASIDE if action not in own else frozenset())
        hit = find_cue([action, *last], tables)
        if hit is not None and hit.cue.length > 1:
            cue_start = place_of(text, part.end, last[max(0, hit.first - 1) :])
            return Part(start, end, Predicate(hit.form, hit.cue, cue_start, part.end))
    return part


def _actions_of(own: Sequence[str]) -> list[str]:
    """The last word of a point, and where it is a bare verbal noun, that in the cases which a cue may ask for."""
    word = "".join(own)
    return [word, f"{word}ға", f"{word}ды"] if word.endswith("у") else [word]


def opens_unmarked(text: str, high: int, formal: bool) -> bool:
    """Whether a sentence that closes with a semicolon opens a list: what follows it is a point without a verb."""
    if text[high - 1 : high] != ";" or not text[high : high + 2].strip():
        return False
    end = _POINT_END.search(text, high, high + _AHEAD)
    return end is not None and cut(text, high, end.start(), formal)[-1].predicate is None


def _opened_before(text: str, low: int, formal: bool) -> tuple[int, int] | None:
    """The clause that opened the list of a point, where no colon marks it: the first before a row of semicolons."""
    floor = max(0, low - 2 * _AHEAD)
    if not text[floor:low].rstrip(" -").endswith(";"):
        return None
    stop = text.rfind(". ", floor, low)
    while stop >= 0 and not text[stop - 2 : stop].isalpha():  # the stop of a label
        stop = text.rfind(". ", floor, stop)
    start = floor if stop < 0 else stop + 2
    first = text.find(";", start, low)
    return (start, first) if cut(text, start, first, formal)[-1].predicate is not None else None


def _closing(text: str, high: int) -> tuple[int, int] | None:
    """The words between the last point of the list and its full stop, None where the list is closed already."""
    if text[max(0, high - 1) : high] == ".":
        return None
    stop = _STOP.search(text, high, high + _AHEAD)
    if stop is None:
        return None
    return max(high, text.rfind(";", high, stop.start()) + 1), stop.start()


def _actions(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The actions of a point: two where "және" joins two verbal nouns with objects of their own."""
    joint = _TWO.search(text, start, end)
    if joint is None or _TWO.search(text, joint.end(), end) or not text[start:end].endswith(("у", "уға", "уге")):
        return [(start, end)]
    if text[joint.end() : end].partition(" ")[0].endswith("у"):  # "үндестіру және үйлестіру": one object
        return [(start, end)]
    if min(len(text[start : joint.start()].split()), len(text[joint.end() : end].split())) < _LEAST:
        return [(start, end)]
    return [(start, joint.start()), (joint.end(), end)]


def _opening_text(passage: Passage) -> str:
    opening = passage.opening
    if opening is None:
        return ""
    return passage.folded.text[passage.folded.at(opening.start) : passage.folded.at(opening.end - 1) + 1]


def _duties(opening: str) -> bool:
    """Whether a list is headed by duties ("Комитеттің міндеттері:")."""
    return opening.rstrip(" :;-").endswith(_headings())


@cache
def _headings() -> tuple[str, ...]:
    return tuple(words("kk", "cues")["lists"]["duties"])
