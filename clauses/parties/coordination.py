"""Several named together are one mention: "Kazakhstan, Uzbekistan and the Kyrgyz Republic"."""

from __future__ import annotations

import re
from functools import cache

from clauses import languages
from clauses.folding import Folded
from clauses.parties.found import Found

_LONGEST = 16  # characters between two members of a list
_JOINED = frozenset(("state", "organisation", "side", "person"))


def joined(folded: Folded, mentions: list[Found], language: str) -> list[Found]:
    """The mentions, with those put together that a list with a final "and" holds together."""
    comma, final = _patterns(language)
    text, result, at = folded.text, [], 0
    while at < len(mentions):
        stop = end = at
        while end + 1 < len(mentions) and _pair(mentions[end], mentions[end + 1]):
            between = text[mentions[end].end : mentions[end + 1].start]
            if final.fullmatch(between):
                stop = end + 1
            elif not comma.fullmatch(between):
                break
            end += 1
        if stop == at:  # a list without its "and" is none, wherever one begins it
            result += mentions[at : end + 1]
            at = end + 1
        else:
            result.append(_together(mentions[at : stop + 1]))
            at = stop + 1
    return result


def _pair(one: Found, other: Found) -> bool:
    near = other.start - one.end <= _LONGEST
    return near and one.sort in _JOINED and other.sort in _JOINED and bool(one.codes and other.codes)


def _together(run: list[Found]) -> Found:
    codes = tuple(dict.fromkeys(code for mention in run for code in mention.codes))
    return Found(run[0].start, run[-1].end, run[0].sort, codes)


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    gaps = languages.words(language, "parties")["gaps"]
    return re.compile(gaps["comma"]), re.compile(gaps["final"])
