"""Tokens put together: "the Minister of Foreign Affairs of the Republic of Kazakhstan Murat Nurtleu" is one mention."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from clauses import languages
from clauses.folding import Folded
from clauses.parties.lexicon import HEADS, Entry, Token, tokens

_NAMES = frozenset(("name", "organisation", "capital", "seat", "group"))
_ATTRIBUTES = _NAMES | {"adjective"}
_ALL = frozenset(("all",))
_OWNED = frozenset(("national", "native"))  # heads that act for a state only where one is named with them
_NAMELESS = _OWNED | {"office"}  # heads that no person's name follows
_REACH = 110  # how far apart, in characters, a title and the name of its state may stand
_NEW_PARAGRAPH = 1  # characters folded away between words with an empty line between; more are an indent
_MONEY = 20  # how far before a name its money may begin
_NAME = 60  # the longest name of a person
_CAPITAL = r"[A-ZÀ-ÞА-ЯӘҒҚҢӨҰҮҺІ]"


@dataclass(slots=True)
class Found:
    """A mention while it is read, in offsets of the folded text: `name` of a person, `head` the word for the post.

    `people`: services, firms and people of a state, who act for it but do not make its instruments.
    """

    start: int
    end: int
    sort: str
    codes: tuple[str, ...] = ()
    name: str = ""
    head: str = ""
    people: bool = False


@dataclass(frozen=True, slots=True)
class _Rules:
    """The patterns of a language, compiled."""

    head_name: re.Pattern[str]
    name_head: re.Pattern[str]
    national_of: re.Pattern[str]
    national_behind: re.Pattern[str]
    formal_before: re.Pattern[str] | None
    formal_after: re.Pattern[str]
    near: tuple[str, ...]
    determiner: re.Pattern[str]
    others: re.Pattern[str]
    not_after: re.Pattern[str]
    place_before: re.Pattern[str]
    place_after: re.Pattern[str]
    locative: re.Pattern[str] | None
    oblique: re.Pattern[str] | None
    person: re.Pattern[str]
    head_last: bool
    article: str
    joins: re.Pattern[str]
    money: re.Pattern[str]
    money_before: re.Pattern[str]

    def counts_money(self, folded: Folded, found: Found) -> bool:
        """Whether a name only tells whose money is counted: "US dollars", «долларов США»."""
        behind = self.money.match(folded.text, found.end)
        before = self.money_before.search(folded.text, max(0, found.start - _MONEY), found.start)
        return bool(behind or before)


def find(folded: Folded, language: str) -> list[Found]:
    """Every mention in the text, in order, not overlapping."""
    rules, words = _rules(language), tokens(folded, language)
    found: list[Found] = []
    at = 0
    while at < len(words):
        mention, at = _compose(folded, words, at, rules)
        if mention and (not found or found[-1].end <= mention.start):
            _name_person(folded, mention, rules, words[at].start if at < len(words) else len(folded.text))
            at = _state_behind(folded, mention, words, at, rules)
            if folded.text.endswith(rules.article, 0, mention.start):
                mention.start -= len(rules.article)
            found.append(mention)
    return found


def _compose(folded: Folded, words: list[Token], at: int, rules: _Rules) -> tuple[Found | None, int]:
    token = words[at]
    head = token.meaning(HEADS)
    if head and head.sort != "native":
        name = _name_behind(folded, words, at, rules)
        if name:
            whole = _named(folded, words[name], rules)
            return Found(token.start, whole.end, head.sort, whole.codes, head=_text(folded, token)), name + 1
        office, after = _office_behind(folded, words, at, rules)
        if office:
            return Found(token.start, office.end, head.sort, office.codes, head=_text(folded, token)), after
    if token.sort in _ATTRIBUTES:
        return _attributed(folded, words, at, rules)
    return _alone(folded, token, head, rules), at + 1


def _name_behind(folded: Folded, words: list[Token], at: int, rules: _Rules) -> int | None:
    """The index of the state's name that belongs to the title at `at`; other titles may stand between them."""
    if rules.head_last:
        return None
    for index in range(at + 1, min(at + 6, len(words))):
        token = words[index]
        if token.start - words[at].end > _REACH:
            return None
        if token.sort in _NAMES:
            start = _formal_start(folded.text, token.start, rules)
            return index if rules.head_name.fullmatch(folded.text, words[at].end, start) else None
        if token.sort == "adjective":
            end = rules.formal_after.match(folded.text, token.end)
            return index if end and rules.head_name.fullmatch(folded.text, words[at].end, token.start) else None
        if not token.meaning(HEADS):
            return None
    return None


def _office_behind(folded: Folded, words: list[Token], at: int, rules: _Rules) -> tuple[Found | None, int]:
    """The office, named by an adjective, whose title stands at `at`: "the head of the Kazakh delegation"."""
    if rules.head_last or at + 1 == len(words) or words[at + 1].sort != "adjective":
        return None, at + 1
    if not rules.head_name.fullmatch(folded.text, words[at].end, words[at + 1].start):
        return None, at + 1
    whole, after = _attributed(folded, words, at + 1, rules)
    return (whole if whole and whole.head else None), after


def _attributed(folded: Folded, words: list[Token], at: int, rules: _Rules) -> tuple[Found | None, int]:
    """A name or adjective, with the title after it, if any ("the Kazakh side", "Kazakhstan's Ambassador")."""
    whole = _named(folded, words[at], rules)
    for index in range(at + 1, min(at + 4, len(words))):
        head = words[index].meaning(HEADS)
        if not head or _is_complete(whole, head, rules) or not _owns(folded, whole, words[index], head, rules):
            break
        whole = Found(whole.start, words[index].end, head.sort, whole.codes, head=_text(folded, words[index]))
        at = index
        if head.sort in _OWNED:
            break
    named = not whole.head and whole.sort in ("state", "organisation")
    if named and (_is_hyphened(folded, whole) or rules.counts_money(folded, whole)):
        whole.sort = "adjective"
    if words[at].sort == "capital" and not whole.head and _is_place(folded, words[at], rules):
        return None, at + 1
    return whole, at + 1


def _is_complete(whole: Found, head: Entry, rules: _Rules) -> bool:
    """Whether a side is named in full, so that people behind it are others («қазақ тарапы студенттерге …»)."""
    if whole.sort != "side" or head.sort not in _NAMELESS or rules.oblique is None:
        return False
    return not rules.oblique.search(whole.head)


def _owns(folded: Folded, whole: Found, token: Token, head: Entry, rules: _Rules) -> bool:
    """Whether the title or noun at a token belongs to the name or adjective before it."""
    gap = (whole.end, token.start)
    if folded.source(token.start) - folded.source(whole.end) == token.start - whole.end + _NEW_PARAGRAPH:
        return False
    attribute = whole.sort == "adjective" or folded.cased[whole.start : whole.end].isupper()  # "U.S. firms"
    if head.sort not in _OWNED and rules.name_head.fullmatch(folded.text, *gap):
        return True
    if head.sort not in _NAMELESS or (head.sort == "native" and not attribute):
        return False
    return bool((rules.national_behind if attribute else rules.national_of).fullmatch(folded.cased, *gap))


def _named(folded: Folded, token: Token, rules: _Rules) -> Found:
    """The name with the words that make it formal ("the Kingdom of the Netherlands", "Swiss Confederation")."""
    start, end, sort = token.start, token.end, _SORTS.get(token.sort, "state")
    if token.sort in ("name", "group"):
        start = _formal_start(folded.text, start, rules)
    if token.sort in ("name", "adjective") and (after := rules.formal_after.match(folded.text, end)):
        end, sort = _word_end(folded.text, after.end()), "state"
    return Found(start, end, sort, token.entry.codes)


_SORTS = {"organisation": "organisation", "capital": "side", "seat": "side", "adjective": "adjective"}


def _formal_start(text: str, start: int, rules: _Rules) -> int:
    if not rules.formal_before or start < 4:
        return start
    last = text[text.rfind(" ", 0, start - 1) + 1 : start - 1]
    if not last.startswith(rules.near):
        return start
    floor = max(0, start - 70)
    before = rules.formal_before.search(text[floor:start])
    return floor + before.start() if before else start


def _word_end(text: str, end: int) -> int:
    while end < len(text) and text[end].isalpha():
        end += 1
    return end


def _alone(folded: Folded, token: Token, head: Entry | None, rules: _Rules) -> Found | None:
    everyone = token.meaning(_ALL)
    if everyone:
        if _is_everyone(folded, token, everyone, rules):
            return Found(token.start, token.end, "all", head=_text(folded, token))
        return None
    if head:
        owned = head.sort in _OWNED
        return None if owned else Found(token.start, token.end, head.sort, head=_text(folded, token))
    return Found(token.start, token.end, token.sort)


def _is_everyone(folded: Folded, token: Token, entry: Entry, rules: _Rules) -> bool:
    before = folded.text[max(0, token.start - 24) : token.start]
    if rules.others.search(before) or rules.not_after.match(folded.text, token.end):
        return False
    return not entry.strict or folded.cased[token.start].isupper() or bool(rules.determiner.search(before))


def _is_hyphened(folded: Folded, name: Found) -> bool:
    """Whether a hyphen or dash ties the name to another: "the India-Central Asia Dialogue", "Baku - Tbilisi"."""
    before, after = folded.text[max(0, name.start - 3) : name.start], folded.text[name.end : name.end + 3]
    if before.endswith("-") or (after.startswith("-") and after[1:2].isalpha()):
        return True
    dashed = after == " - " and folded.cased[name.end + 3 : name.end + 4].isupper()
    return dashed or (before == " - " and folded.cased[name.start - 4 : name.start - 3].isalpha())


def _is_place(folded: Folded, token: Token, rules: _Rules) -> bool:
    text = folded.text
    if rules.locative and rules.locative.search(text[token.start : token.end]):
        return True
    joined = text[token.start - 1 : token.start] in ("-", "(", '"') or text[token.end : token.end + 1] == "-"
    dashed = text[token.end : token.end + 3] == " - " or text[token.start - 3 : token.start] == " - "
    upper = folded.cased[token.end + 1 : token.end + 2].isupper() and text[token.end : token.end + 1] == " "
    before = rules.place_before.search(text[max(0, token.start - 20) : token.start])
    return bool(joined or dashed or upper or before or rules.place_after.match(text, token.end))


def _name_person(folded: Folded, mention: Found, rules: _Rules, limit: int) -> None:
    """Add the person's name that follows a title ("President Serik Aliyev"); it ends before the next word known."""
    if mention.sort in _NAMELESS:
        mention.people = mention.sort in _OWNED
        mention.sort = "person"
        return
    if mention.sort != "person" or (rules.oblique and rules.oblique.search(mention.head)):
        return
    limit = min(limit, mention.end + _NAME)
    after = rules.person.match(folded.cased, mention.end, limit)
    if after:
        after = rules.person.match(folded.cased, mention.end, _line_end(folded, mention.end, after.end(1)))
    if after:
        mention.name, mention.end = after.group(1), after.end(1)


def _line_end(folded: Folded, start: int, limit: int) -> int:
    """Where the paragraph may end: the first place behind `start` at which more than one white space was folded."""
    at = folded.text.find(" ", start, limit)
    while at >= 0:
        if folded.source(at + 1) - folded.source(at) > 1:
            return at
        at = folded.text.find(" ", at + 1, limit)
    return limit


def _state_behind(folded: Folded, mention: Found, words: list[Token], at: int, rules: _Rules) -> int:
    """Add the state that follows a person's name ("Secretary Armen Sargsyan of Armenia")."""
    if rules.head_last or not mention.name or mention.codes or at == len(words) or words[at].sort not in _NAMES:
        return at
    start = _formal_start(folded.text, words[at].start, rules)
    if not rules.joins.fullmatch(folded.text, mention.end, start):
        return at
    whole = _named(folded, words[at], rules)
    mention.codes, mention.end = whole.codes, whole.end
    return at + 1


def _text(folded: Folded, token: Token) -> str:
    return folded.text[token.start : token.end]


def _words(alternatives: str, *, before: bool) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[^\w])(?:{alternatives})[ -]?$" if before else rf" ?(?:{alternatives})")


@cache
def _rules(language: str) -> _Rules:
    data = languages.words(language, "parties")
    formal, places = data["formal"], data["places"]
    tails = data.get("tails")
    given = rf"(?:{_CAPITAL}\.|{_CAPITAL}[\w-]+(?!\.[\w])|(?:{data['persons']['particles']})\b)"
    return _Rules(
        head_name=re.compile(data["gaps"]["head_name"]),
        name_head=re.compile(data["gaps"]["name_head"]),
        national_of=re.compile(data["gaps"]["national_of"]),
        national_behind=re.compile(data["gaps"]["national_behind"]),
        formal_before=re.compile(rf"(?<![^\W\d_])(?:{formal['before']})$") if formal["before"] else None,
        formal_after=re.compile(formal["after"]),
        near=tuple(formal["near"]),
        determiner=_words(data["all"]["determiners"], before=True),
        others=_words(data["all"]["before"], before=True),
        not_after=_words(data["all"]["after"], before=False),
        place_before=_words(places["before"], before=True),
        place_after=_words(places["after"], before=False),
        locative=re.compile(tails["locative"] + "$") if tails else None,
        oblique=re.compile(tails["oblique"] + "$") if tails else None,
        person=re.compile(rf"(?:{data['persons']['field']})?,? ({given}(?:[ -]?{given}){{0,4}})"),
        article=data["gaps"]["article"],
        joins=re.compile(data["gaps"]["name_state"]),
        money=re.compile(data["gaps"]["money"]),
        money_before=re.compile(data["gaps"]["money_before"]),
        head_last=data["gaps"].get("head_last", False),
    )


def spans(folded: Folded, found: list[Found]) -> Iterator[tuple[Found, tuple[int, int]]]:
    """Each mention with its offsets in the source."""
    return ((mention, folded.span(mention.start, mention.end)) for mention in found)
