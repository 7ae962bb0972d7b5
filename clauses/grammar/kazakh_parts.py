"""A Kazakh sentence cut into its parts: each ends with its own predicate, a cue of the data or a verb in a finite form.

Only the words before a comma, a joiner ("және", "ал") or the end are looked at: there the predicate must stand.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from clauses.grammar.kazakh_cues import TABLES, Cue, find_cue, may_close
from clauses.grammar.kazakh_words import Form, plain_form
from clauses.languages import words
from clauses.nodes import Kind

_WORD = re.compile(r"[^\s,;:.!?()\"\[\]]+")
_SHIELDED = re.compile(r'"[^"]*"|\([^()]*\)')
_TAIL = 110  # characters before a point within which its predicate lies
_WORD_LENGTH = 40
_AROUND = ',;:.!?()"[]'
TRAILING = " ,;:.!?-"
_PROMISED = frozenset({"present", "order", "aim"})
POLITICAL = frozenset(TABLES) - {"mechanics"}
FORMAL = frozenset(TABLES) - {"acknowledgement", "support", "request", "courtesy"}


class Predicate(NamedTuple):
    """What a part ends with: its form, its cue if the data name one, and where its words stand (folded places)."""

    form: Form
    cue: Cue | None
    start: int
    end: int
    aspect: str = ""  # lasting: what is going on ("дамып келеді"); future: what will be ("құратын болады")


class Part(NamedTuple):
    """A clause of a sentence, in folded places; `predicate` is None where it has none (a title, a point of a list)."""

    start: int
    end: int
    predicate: Predicate | None


def is_formal(kind: Kind) -> bool:
    """Whether a text is built as a treaty is, in articles, with clauses about its own working."""
    return kind in (Kind.TREATY, Kind.MOU)


def cut(text: str, low: int, high: int, formal: bool) -> list[Part]:
    """The parts of the sentence `text[low:high]`, in order; at least one."""
    tables = FORMAL if formal else POLITICAL
    shields = [found.span() for found in _SHIELDED.finditer(text, low, high)]
    parts: list[Part] = []
    start = low
    for point in _points().finditer(text, low, high):
        at = point.start(point.lastindex or 0)
        if at <= start or not _may_end(text, start, at) or _inside(shields, at):
            continue
        predicate = _predicate(text, start, at, tables)
        if predicate is not None and _divides(predicate, point[point.lastindex or 0], formal):
            parts.append(Part(start, predicate.end, predicate))
            start = point.end()
    end = _trim(text, start, high)
    if end > start:
        parts.append(Part(_skip(text, start, end), end, _predicate(text, start, end, tables)))
    return parts or [Part(low, high, None)]


def tail_words(text: str, start: int, end: int) -> list[str]:
    """The last words of `text[start:end]`, the first of them perhaps cut short."""
    return _WORD.findall(text, max(start, end - _TAIL), end)


def place_of(text: str, end: int, last: Sequence[str]) -> int:
    """Where the first of the last words before `end` begins."""
    for word in reversed(last):
        end = text.rindex(word, 0, end)
    return end


def _inside(shields: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether a place lies within quotes or brackets; these stand in order and apart."""
    index = bisect_right(shields, (at,)) - 1
    return index >= 0 and at < shields[index][1]


def _may_end(text: str, start: int, at: int) -> bool:
    """Whether the word before a point can be the last of a predicate at all: a cheap test, for most points fail it."""
    word = text[max(start, at - _WORD_LENGTH) : at].rstrip().rpartition(" ")[2].strip(_AROUND)
    return _may_close_part(word)


@lru_cache(maxsize=20_000)
def _may_close_part(word: str) -> bool:
    return may_close(word) or word in _verbs("helpers") or plain_form(word) is not None


def _divides(predicate: Predicate, point: str, formal: bool) -> bool:
    """Whether what stands before a comma or a joiner is a clause of its own and not a link in a chain."""
    tense, cue = predicate.form.tense, predicate.cue
    if tense in ("gerund", "converb"):
        return cue is not None and not formal and (tense == "converb" or cue.table == "intention") and point == ","
    if cue is not None:
        return tense != "part"
    return tense in _PROMISED or (tense == "past" and point == "ал")


def _predicate(text: str, start: int, end: int, tables: frozenset[str]) -> Predicate | None:
    tail = tail_words(text, start, end)
    if not tail or not _may_close_part(tail[-1]):
        return None
    behind = text.rindex(tail[-1], start, end) + len(tail[-1])
    hit = find_cue(tail, tables)
    if hit is not None:
        return Predicate(hit.form, hit.cue, place_of(text, end, tail[hit.first :]), behind)
    helped = _helped(tail)
    if helped is None:
        form = plain_form(tail[-1])
        return Predicate(form, None, behind - len(tail[-1]), behind) if form and form.tense != "part" else None
    form, aspect = helped
    hit = find_cue(tail[:-1], tables)
    first = place_of(text, end, tail[hit.first if hit else -2 :])
    return Predicate(form, hit.cue if hit else None, first, behind, aspect)


def _helped(tail: Sequence[str]) -> tuple[Form, str] | None:
    """The form of a verb with a helper: "құратын болады" will, "жиналып тұрады" keeps on, "құра отырып" while."""
    if len(tail) < 2:
        return None
    if tail[-1] in _verbs("promised"):
        verb = plain_form(tail[-2])
        return (Form("present", verb.passive, verb.negative), "future") if verb and verb.tense == "part" else None
    if tail[-1] not in _verbs("helpers"):
        return None
    verb = plain_form(tail[-2]) or Form("gerund", False)
    if tail[-1] == "отырып":
        return Form("gerund", verb.passive), ""
    if verb.tense == "part":
        return Form("present", verb.passive, verb.negative), "future"
    if tail[-1] in _verbs("going"):
        return (Form("present", verb.passive), "") if verb.tense == "gerund" and tail[-2][-1] in "аейя" else None
    if verb.tense == "converb":
        return Form("present", verb.passive), "future" if tail[-1] in _verbs("habits") else "lasting"
    return None


def _trim(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in TRAILING:
        end -= 1
    return end


def _skip(text: str, start: int, end: int) -> int:
    while start < end and text[start] in TRAILING:
        start += 1
    return start


@cache
def _points() -> re.Pattern[str]:
    joiners = sorted(words("kk", "cues")["parts"]["joiners"], key=len, reverse=True)
    return re.compile(rf"[,;:]| ({'|'.join(joiners)})(?= )")  # each begins with a sign that is quick to look for


@cache
def _verbs(name: str) -> frozenset[str]:
    return frozenset(words("kk", "cues")["verbs"][name])
