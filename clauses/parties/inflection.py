"""The forms a name can take in a text, by rule: a literal to look for, and what may follow it to the word's end.

Russian: the words up to the head noun are declined, the last of them through its `tails` (rules in `parties.toml`,
`[[endings]]`). Kazakh: only the last word changes, by a chain of endings that one pattern describes (`[tails]`).
English: names do not change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import product

from clauses import languages
from clauses.folding import fold_phrase

_ADJECTIVE = re.compile(r"(?:ая|ое|ый|ий|ые|ие|ой|ого)$")
BARE = ("",)
# a Russian noun that ends in a hard consonant; those that end so are not declined
_SINGULAR = ("", "а", "у", "ом", "ем", "е")
_NOUN = (*_SINGULAR, "ы", "и", "ов", "ам", "ами", "ах")
_INVARIABLE = "оеуиэюё'"

Literal = tuple[str, tuple[str, ...]]
"""A literal of the folded text and the tails it may have; none at all where the language's pattern decides."""


def literals(phrase: str, language: str) -> Iterator[Literal]:
    """The literals for a phrase that stands in its basic form in the language data."""
    folded = fold_phrase(phrase)
    if phrase.isupper() and language == "ru":
        yield folded, BARE
    elif languages.words(language, "parties").get("tails"):
        yield folded, ()
    elif languages.words(language, "parties").get("endings"):
        yield from _declined(folded, language)
    else:
        yield folded, BARE


def _declined(phrase: str, language: str) -> Iterator[Literal]:
    words = phrase.split(" ")
    head = next((i for i, word in enumerate(words) if not _ADJECTIVE.search(word)), len(words) - 1)
    forms = [_forms(word, language) for word in words[:head]]
    stem, tails = _stem(words[head], language)
    for first in product(*forms):
        before = " ".join((*first, ""))
        if head == len(words) - 1:
            yield before + stem, tails
        else:
            rest = " " + " ".join(words[head + 1 :])
            yield from ((before + stem + tail + rest, BARE) for tail in (_SINGULAR if tails == _NOUN else tails))


def _forms(word: str, language: str) -> list[str]:
    """The forms of an adjective beside its noun."""
    rule = _rule(word, language)
    stem, tails = _stem(word, language)
    return [stem + tail for tail in (rule["agreeing"].split() if rule and "agreeing" in rule else tails)]


def _rule(word: str, language: str) -> dict[str, str] | None:
    rules: list[dict[str, str]] = languages.words(language, "parties")["endings"]
    return next((rule for rule in rules if word.endswith(rule["ends"])), None)


@cache
def _stem(word: str, language: str) -> tuple[str, tuple[str, ...]]:
    rule = _rule(word, language)
    if rule:
        stem = word[: -len(rule.get("strip", rule["ends"]))]
        return stem, tuple("" if tail == "-" else tail for tail in rule["tails"].split())
    if word[-1] in _INVARIABLE or len(word) < 3:
        return word, BARE
    return word, _NOUN


@cache
def tail_sort(tail: str, language: str) -> str | None:
    """What an ending makes of a name: "name", "adjective" (only an attribute), or None where it is no ending."""
    if not tail:
        return "name"
    patterns = languages.words(language, "parties")["tails"]
    if re.fullmatch(patterns["tail"], tail):
        return "name"
    return "adjective" if re.fullmatch(patterns["adjective"], tail) else None
