"""The words by which the parts of a text are told, compiled once for each language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from clauses import languages
from clauses.folding import fold_phrase


@dataclass(frozen=True, slots=True)
class Words:
    """Patterns over folded text, and sets of folded words."""

    unfinished: frozenset[str]
    unfinished_ends: frozenset[str]  # the last two letters of each of these words, or its only one
    titles: re.Pattern[str]
    enacting: re.Pattern[str]
    closing: re.Pattern[str]
    parting: re.Pattern[str]
    offices: re.Pattern[str]
    boilerplate: re.Pattern[str]
    months: re.Pattern[str]


@cache
def words(language: str) -> Words:
    """The words of one language; raises KeyError for a language that has none."""
    data = languages.words(language, "outline")
    last = data["parts"].get("titles_last", False)
    titles = _any(data["parts"]["titles"])
    unfinished = frozenset(data["parts"]["unfinished"]).union(*data["labels"]["words"]) - {"§"}
    return Words(
        unfinished=unfinished,
        unfinished_ends=frozenset(word[-2:] for word in unfinished),
        titles=re.compile(rf"(?:^|\s){titles}\W*$" if last else rf"^\W*{titles}\b"),
        enacting=re.compile(rf"\b{_any(data['parts']['enacting'])}\W*$"),
        closing=re.compile("^(?:" + "|".join(data["closing"]["starts"]) + ")"),
        parting=re.compile("|".join(data["closing"]["holds"])),
        offices=re.compile(rf"\b{_any(data['signature']['offices'])}\b"),
        boilerplate=re.compile("^(?:" + "|".join(data["boilerplate"]["lines"]) + r")\W*$"),
        months=re.compile(rf"\b{_any(data['boilerplate']['months'])}"),
    )


def _any(phrases: list[str]) -> str:
    longest_first = sorted((fold_phrase(phrase) for phrase in phrases), key=len, reverse=True)
    return "(?:" + "|".join(re.escape(phrase) for phrase in longest_first) + ")"
