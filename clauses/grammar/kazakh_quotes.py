"""The bounds of a Kazakh promise: from its subject, or its action where that is unnamed, to the end of its cue."""

from __future__ import annotations

import re
from functools import cache

from clauses.grammar.kazakh_parts import Part
from clauses.grammar.kazakh_subjects import Subject
from clauses.languages import words

# a purpose, a condition or an accompanying act that opens a clause and is no part of the promise
_LEAD = re.compile(
    r"[^.;:\"]{3,200}?(?:\bмақсат(?:ында|ымен|тарында)|у үшін|ы?п отырып|[аейя] отырып|етіп|[мбп]ейт[ыі]ндей етіп"
    r"|[аеді]й?се|[ад]са|[дт]ықтан|\bкөзделген жағдайда|\bорын алған жағдайда),? "
)
_OWN_RULE = re.compile(r"осы [\w-]+ (?:[\w-]+ )?(?:\d+-[\w-]+ )?(?:сәйкес|шеңберінде),? ")
_TIME = re.compile(
    r"\d{4}|\bішінде\b|мерзімде\b|(?:күн|сәт|айд|жылд)\w*н бастап|\bдейін\b|\bсайын\b|\bқарай\b"
    r"|\bтоқсан|\bжартыжылд|\bбірінші кезекте\b"
)
_TIME_BEHIND = re.compile(
    r" (?:(?:алдағы|жақын|биыл|келесі|ағымдағы|әр) |(?=\d{4}|жыл|ай|тоқсан))[^,;]{0,40}?"
    r"(?:\bдейін|\bқарай|\bішінде|\bжылы|\bжылда|\bсайын|\bмерзімде|\bкешіктірмей|\bайында|\bтоқсан(?:да|ында))\b"
)
# what before a subject is more than a condition: its relative clause ("мамандарды қабылдайтын Тарап") or the object of
# the verb ("шығыстарды Тараптар көтереді")
_BELONGS = re.compile(rf"{_TIME.pattern}|(?:[аейи]т[ыі]н|[дтн][ыі]|[ыі]н) $")
_COMPLEMENT = re.compile(r"у(?:ға|ге|ды|ді)(?=,? (?:және|сондай-ақ|әрі) )")
_LISTED = re.compile(r"у(?:ға|ге|ды|ді), ")
_JOINER = re.compile(r",? (?:және|сондай-ақ|әрі) (?:да )?")
_LEAST = 3  # words that an action of its own must have


def bounds(text: str, part: Part, subject: Subject | None) -> tuple[int, int]:
    """Where the promise of a part begins and ends, in folded places.

    What stands before the subject (a condition, a purpose) is left out, unless it says when.
    """
    start = after_openers(text, part.start, part.end)
    if text[start] == '"' and text.count('"', start, part.end) % 2:  # words quoted from a speech
        start += 1
    if subject is None:
        return _after_lead(text, start, part.end), part.end
    if subject.start > start and not _BELONGS.search(text, start, subject.start):
        return subject.start, part.end
    return min(start, subject.start), part.end


def after_openers(text: str, start: int, end: int) -> int:
    """The place behind what may open a clause: joiners, "осыған байланысты"."""
    while True:
        found = _openers().match(text, start, end)
        if found is None or found.end() >= end:
            return start
        start = found.end()


def _after_lead(text: str, start: int, end: int) -> int:
    for pattern in (_OWN_RULE, _LEAD):
        found = pattern.match(text, start, end)
        if found and not _TIME.search(text, start, found.end()) and len(text[found.end() : end].split()) > _LEAST:
            start = found.end()
    return start


def lead_end(text: str, start: int, end: int) -> int:
    """The place behind the joiners, conditions and purposes that open a point of a list."""
    return _after_lead(text, after_openers(text, start, end), end)


def divided(text: str, start: int, end: int, part: Part) -> list[tuple[int, int]]:
    """The spans of two coordinated actions before one cue, or the one span where there is but one, or a list."""
    until = part.predicate.start if part.predicate else end
    joints = list(_COMPLEMENT.finditer(text, start, until))
    if len(joints) != 1 or _LISTED.search(text, start, until):
        return [(start, end)]
    joint = joints[0].end()
    joiner = _JOINER.match(text, joint)
    behind = joiner.end() if joiner else joint
    if min(len(text[start:joint].split()), len(text[behind:until].split())) < _LEAST:
        return [(start, end)]
    return [(start, joint), (behind, end)]


def time_behind(text: str, start: int, end: int) -> int | None:
    """Where the time ends that stands right behind a subject and so dates all of its actions; None without one."""
    found = _TIME_BEHIND.match(text, start, end)
    return found.end() if found else None


def only_verb(text: str, part: Part) -> bool:
    """Whether a part is but a verb, so that its object is that of the part before it."""
    if part.predicate is None:
        return False
    before = text[after_openers(text, part.start, part.end) : part.predicate.start].split()
    return all(word in words("kk", "cues")["parts"]["light"] for word in before)


@cache
def _openers() -> re.Pattern[str]:
    phrases = sorted(words("kk", "cues")["parts"]["openers"], key=len, reverse=True)
    return re.compile(rf"[ ,;-]*(?:{'|'.join(map(re.escape, phrases))})\b[ ,]+|[ ,;-]+")
