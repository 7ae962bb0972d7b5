"""What the end of a Kazakh word tells: tense, voice, case. Suffix tables, no dictionary but a few stems (cues.toml)."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from clauses.languages import words


class Form(NamedTuple):
    """The form of a verb. `tense` is present, past, converb, gerund, part, perfect, order, aim or doing.

    present: "құрады", also future in sense · past: "құрды" · converb: "құрып" · gerund: "құра" (before "отырып") ·
    part: "құратын" · perfect: "құрған" · order: "құрсын" · aim: "құрмақ" · doing: "құруда".
    """

    tense: str
    passive: bool
    negative: bool = False


_PASSIVE = r"(?P<passive>[ыіу]?[лн]|[ыі]лд[ыі]р[ыі]л|[дт][ыі]р[ыі]л)?"
_NEGATIVE = r"(?P<negative>[мбп][ае])?"
_TENSES = (
    ("present", r"(?:[аеяи]|[аея]?й)(?:д[ыі]|м[ыі]з|м[ыі]н|с[ыі]з)"),
    ("past", r"[дт][ыі][қкм]?"),
    ("converb", r"[ыі]?п"),
    ("gerund", r"[аеяий]"),
    ("part", r"(?:[аеяи]|[аея]?й)т[ыі]н"),
    ("perfect", r"[ғгқк][ае]н"),
    ("order", r"с[ыі]н"),
    ("aim", r"[мбп][ае][қк]"),
    ("doing", r"уд[ае]"),
)
_AFTER_STEM = [(tense, re.compile(f"{_PASSIVE}{_NEGATIVE}(?:{ending})")) for tense, ending in _TENSES]
# "-ды" after a voiced sound, "-ты" after a voiceless one only ("үкіметі" is a noun); "-у-ды", "-лар-ды" are accusatives
_FINITE_PAST = re.compile(r"(?:(?<!у)(?<!лар)(?<!лер)(?<!тар)(?<!дар)(?<!дер)д|(?<=[пткқсшчцщфхбгдв])т)[ыі][қкм]?$")
_PLAIN = re.compile(
    r"(?P<negative>[мбп][ае]й(?:д[ыі]|м[ыі]з|т[ыі]н))$"
    r"|(?P<past>[оөүұ]йд[ыі])$"
    r"|(?P<present>[аея]й?д[ыі]|ид[ыі]|[аея]й?м[ыі]з|им[ыі]з)$"
    r"|(?P<part>[аеяй]т[ыі]н|итін|итын)$"
    r"|(?P<order>с[ыі]н)$"
    r"|(?P<aim>(?<!ай)(?<!тар)(?<!бар)[мбп](?:ақ|ек))$"
    r"|(?P<doing>(?<!са)уд[ае](?:м[ыі]з)?)$"
    r"|(?P<perfect>[ғқ]ан|[гк]ен)$"
    r"|(?P<converb>[^\W\d_]{3,}[ыіаеяй]п)$"
)
_PASSIVE_STEM = re.compile(r"(?:[ыі]л|[аеяоө]л|[ыі]н|[лдт][ае]н|[аея]н)$")
_CASES = re.compile(
    r"(?P<genitive>[нд][ыі]ң|т[ыі]ң)$|(?P<ablative>[дтн][ае]н)$|(?P<locative>[дт][ае])$|(?P<with>[мбп]ен)$"
    r"|(?P<accusative>[лдт][ае]р[дт][ыі]|[ое]вт[ыі]|станд[ыі]|[аеоуыіиюя]н[ыі]|(?<=[ыі])н)$|(?P<dative>[ғгқк][ае]|(?<=[ыі])н[ае])$"
)
# bare names that only look as if they had a case: "Өзбекстан", "Украина", "Канада"
_BARE = re.compile(r"(?:стан|иран|судан|аина|ина|гана|канада|иорданиян|ботсвана|аргентина|япония|тан|вьетнам|ирак)$")


def after_stem(rest: str) -> Form | None:
    """The form of a verb whose stem is known, from what follows the stem; None where that is no verbal ending."""
    for tense, pattern in _AFTER_STEM:
        found = pattern.fullmatch(rest)
        if found:
            return Form(tense, bool(found["passive"]), bool(found["negative"]))
    return None


@lru_cache(maxsize=20_000)
def plain_form(word: str) -> Form | None:
    """The form of a word as a verb, its stem unknown; None where it does not look like one at the end of a clause."""
    found = _PLAIN.search(word)
    if found is None or (found.lastgroup == "converb" and word in _stems("nouns")):
        return Form("past", False) if found is None and len(word) > 3 and _FINITE_PAST.search(word) else None
    tense = found.lastgroup or ""
    if tense == "negative":
        return Form("part" if word.endswith("н") else "present", _is_passive(word[: found.start()]), True)
    if tense == "present" and _vowel_stem(word):
        return Form("past", False)
    stem = word[: found.start()]
    if tense == "order" and stem.endswith(("ыл", "іл")):  # "қосылсын" orders nobody in particular
        return Form(tense, True)
    in_vowel = tense == "present" and found.group()[1:2] == "й"  # "бағалайды" is "бағала-", no passive in "л"
    return Form(tense, not in_vowel and _is_passive(stem))


def _vowel_stem(word: str) -> bool:
    """Whether "-ады" is here a stem in a vowel with the ending of the past ("талқылады"), not "-а-ды" ("құрады")."""
    if not word.endswith(("ады", "еді")):
        return False
    stem = word[:-2]
    if stem in _stems("vowel_stems"):
        return True
    last, before = stem[-2:-1], stem[-3:-2]
    vowel_before = before in "аәеёиоөуүұыіэюя"
    return last == "д" or (last == "л" and not vowel_before) or (last == "т" and before in "стпқкшғ")


def _is_passive(stem: str) -> bool:
    return len(stem) > 3 and bool(_PASSIVE_STEM.search(stem)) and stem not in _stems("active_stems")


@cache
def _stems(name: str) -> frozenset[str]:
    return frozenset(words("kk", "cues")["verbs"][name])


@lru_cache(maxsize=20_000)
def case_of(word: str) -> str:
    """The case that a noun's ending shows: nominative, genitive, dative, accusative, locative, ablative or with."""
    if _BARE.search(word):
        return "nominative"
    found = _CASES.search(word)
    return (found.lastgroup or "") if found else "nominative"
