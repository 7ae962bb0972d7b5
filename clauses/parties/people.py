"""Persons of one text: a surname learnt beside a title and a state stands for that state wherever it comes again.

"President of the Republic of X Serik Aliyev … S. Aliyev … Aliyev's" are one person, also where the spelling varies
("Bakayev", "Bakaev") and whatever the case ending ("Бакаевым").
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from clauses import languages
from clauses.folding import Folded
from clauses.parties.found import Found
from clauses.parties.names import leaders

_PART = re.compile(r"[^\W\d_][\w-]{2,}")
_BEFORE = re.compile(r"(?:^|(?<=[ (.]))([A-ZÀ-ÞА-ЯӘҒҚҢӨҰҮҺІ][\w-]*\.?) ?$")
_GLIDE = re.compile(r"[iyийі](?=[aeouаеоуэюя])")
_SPELT = str.maketrans(
    {"y": "", "й": "", "і": "и", "ғ": "г", "қ": "к", "ұ": "у", "ү": "у", "ө": "о", "ә": "а", "ң": "н"}
)
_TITLED = frozenset(("Mr.", "Mrs.", "Ms.", "Dr.", "Mr", "Mrs", "Ms", "Dr"))
# the same the other way: letters that a key was given in place of those of its language
_RESPELT = str.maketrans({"г": "ғ", "к": "қ", "у": "ұ", "о": "ө", "а": "ә", "н": "ң", "и": "і"})


def learn(mentions: list[Found], language: str) -> dict[str, tuple[str, ...]]:
    """The key of every surname in the mentions to the codes of the state it acts for."""
    known: dict[str, tuple[str, ...]] = {}
    for mention in mentions:
        if mention.name and mention.codes:
            for key in keys(_surname(mention.name), language):
                known.setdefault(key, mention.codes)
    return known


def name_again(mentions: list[Found], language: str) -> None:
    """Resolve titles with a part of a name known in full: "President Yoon" after "President Yoon Suk Yeol"."""
    parts: dict[str, tuple[str, ...]] = {}
    for mention in mentions:
        if not mention.name:
            continue
        words = [key for part in _PART.findall(mention.name) for key in keys(part, language)]
        if mention.codes:
            parts.update((key, mention.codes) for key in words if key not in parts)
        else:
            mention.codes = next((parts[key] for key in words if key in parts), ())


def appose(folded: Folded, mentions: list[Found]) -> None:
    """Give a person the codes of the post put beside the name: "Ann Marsh, Australia's Foreign Minister"."""
    for person, post in pairwise(mentions):
        named = person.sort == "person" and person.name and not person.codes
        if named and post.sort == "person" and post.codes and folded.text[person.end : post.start] == ", ":
            person.codes = post.codes


def resolve(mentions: list[Found], known: dict[str, tuple[str, ...]], language: str) -> None:
    """Give the persons among the mentions whose surname is known the codes they act for."""
    for mention in mentions:
        if mention.name and not mention.codes:
            mention.codes = _lookup(_surname(mention.name), known, language)


def resolve_leaders(mentions: list[Found], language: str) -> None:
    """Give heads of state and government whose state the text does not tell the codes that the world knows."""
    posts = tuple(languages.words(language, "parties")["persons"]["leading"])
    for mention in mentions:
        if mention.name and not mention.codes and mention.head.startswith(posts):
            surname = _surname(mention.name)
            mention.codes = next((codes for key in _plain(surname, language) if (codes := leaders().get(key))), ())


def recognise(folded: Folded, mentions: list[Found], known: dict[str, tuple[str, ...]], language: str) -> list[Found]:
    """The mentions with those added that name a person already known."""
    if not known:
        return mentions
    seen: dict[str, tuple[str, ...]] = {}
    given = {part for mention in mentions if mention.name for part in mention.name.split()}
    taken = iter([*mentions, Found(len(folded.text) + 1, len(folded.text) + 1, "")])
    nearest = next(taken)
    added = []
    for word in _beginning_like(known).finditer(folded.cased):
        while nearest.end <= word.start():
            nearest = next(taken)
        name = word.group()
        if word.end() > nearest.start:
            continue
        if name not in seen:
            seen[name] = _lookup(name, known, language)
        if seen[name]:
            added.append(Found(_name_start(folded, word.start(), given), word.end(), "person", seen[name], name=name))
    return _merged(mentions, added)


def _beginning_like(known: dict[str, tuple[str, ...]]) -> re.Pattern[str]:
    """Capitalised words that begin as one of the keys does; spellings differ later in the word."""
    starts = {key[:2] for key in known if len(key) > 2}
    starts |= {start.translate(_RESPELT) for start in starts}
    either = "|".join(re.escape(start.title()[0]) + re.escape(start[1]) for start in sorted(starts))
    # capitals first, which are rare, then what stands before them: the other way round every letter would be tried
    return re.compile(rf"(?:{either or '(?!)'})(?<!\w..)[\w-]{{2,}}")


def _lookup(word: str, known: dict[str, tuple[str, ...]], language: str) -> tuple[str, ...]:
    return next((known[key] for key in keys(word, language) if key in known), ())


def _merged(mentions: list[Found], added: list[Found]) -> list[Found]:
    ordered: list[Found] = []
    for mention in sorted([*mentions, *added], key=lambda found: (found.start, -found.end)):
        if not ordered or ordered[-1].end <= mention.start:
            ordered.append(mention)
        elif mention.sort == "person" and mention.codes and not ordered[-1].codes:
            ordered[-1] = mention
    return ordered


def _name_start(folded: Folded, start: int, given: set[str]) -> int:
    """Where a name begins whose surname begins at `start`: with initials, given names already read, or "Mr."."""
    for _ in range(3):
        before = _BEFORE.search(folded.cased[max(0, start - 30) : start])
        if not before:
            break
        word = before.group(1)
        initial = word.endswith(".") and len(word) <= 3
        if not (initial or word in given or word in _TITLED):
            break
        start -= len(before.group())
    return start


def _surname(name: str) -> str:
    return re.split(r"[ .]", name.rstrip(". "))[-1]


@cache
def keys(word: str, language: str) -> tuple[str, ...]:
    """How a surname may be written without its ending, in one spelling; the first is the word as it stands."""
    return tuple(dict.fromkeys(map(_spelling, _plain(word, language))))


def _plain(word: str, language: str) -> tuple[str, ...]:
    """A surname in small letters, as it stands and without the endings that it may have."""
    folded = word.lower()
    endings: str = languages.words(language, "parties")["persons"]["endings"]
    shorter = (
        folded[:-length] for length in range(1, min(4, len(folded) - 4)) if re.fullmatch(endings, folded[-length:])
    )
    return folded, *shorter


def _spelling(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", _GLIDE.sub("", word).translate(_SPELT))
