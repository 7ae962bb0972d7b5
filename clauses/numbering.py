"""Labels as treaties and statements print them: `1.`, `1.1`, `(a)`, `iv)`, `Article 5`, `5-бап`, `§ 3`, bullets.

A label is read here from the letters at the start of a line alone; whether it does start a clause is decided by its
neighbours (`clauses.outline`), for "I." may be a section or an initial and "(i)" a letter or a Roman numeral.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from clauses import languages

BULLETS = "•·▪▫●○◦‣⁃∙■□➢➤►▶✓✔–—-*+−"
_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_PASSED_OVER = frozenset("әғёзйқңоөұүһъыіь")  # letters that lists often leave out
_LOOK_ALIKE = str.maketrans("aceopxykmthbiACEOPXYKMTHB", "асеорхукмтнвіАСЕОРХУКМТНВ")
_ROMAN_LETTERS = str.maketrans("ІХСМіхсм", "IXCMixcm")
_ROMAN = re.compile(r"(?=[ivxl])(x{0,3}|x?l|lx{0,3})(ix|iv|v?i{0,3})\Z")
_ROMAN_TENS = {"": 0, "x": 10, "xx": 20, "xxx": 30, "xl": 40, "l": 50, "lx": 60, "lxx": 70, "lxxx": 80}
_ROMAN_ONES = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")

_SPACE = r"[^\S\n]|[\u200b-\u200f\u2060\ufeff]"
_EMPHASIS = r"(?:[*_#]{1,6} ?)?"
_NUMBER = re.compile(
    rf"{_EMPHASIS}(?:\((?P<inside>\d{{1,3}}(?:\.\d{{1,2}}){{0,4}})\)\.?"
    rf"|(?P<number>\d{{1,3}}(?:\.\d{{1,2}}){{0,4}}(?:-\d{{1,2}})?)(?P<mark>\.\)|[.)](?!\d))"
    rf"|(?P<long>\d{{1,3}}(?:\.\d{{1,2}}){{2,4}})(?=[*_]{{0,3}}(?:{_SPACE})+[^\W\d_])"
    rf"|(?P<bare>\d{{1,3}}\.\d{{1,2}})(?=[*_]{{0,3}}(?:{_SPACE})+[^\W\d_a-zа-я]))"
    rf"[*_]{{0,3}}(?:{_SPACE}|\*)*"
)
_LETTER = re.compile(
    rf"{_EMPHASIS}(?:\((?P<inside>[^\W\d_]{{1,5}})\)\.?|(?P<letter>[^\W\d_]{{1,5}})(?P<mark>\.\)|\)|[.:](?=\s|\Z)))"
    rf"[*_]{{0,3}}(?:{_SPACE})*"
)
_BARE_ROMAN = re.compile(rf"{_EMPHASIS}(?P<letter>[IVXІХ]{{1,6}}){_EMPHASIS}[^\S\n]*$", re.MULTILINE)
_BULLET = re.compile(
    rf"(?:[•·▪▫●○◦‣⁃∙■□➢➤►▶✓✔](?:{_SPACE})*|[–—−-](?:{_SPACE})*(?=[^\W\d_]|[(\"«“])|[–—−*+-](?:{_SPACE})+)(?=\S)"
)
_LONE_BULLET = re.compile(r"[•·▪▫●○◦‣⁃∙■□➢➤►▶–—−-]\Z")


class Label(NamedTuple):
    """A label as printed at the start of a line.

    `start`, `end` are offsets of the label without the punctuation that sets it off, `body` is where the words
    behind it begin. `form` tells lists of one style from another ("(a)", "a.", "1)", a word for "Article 5").
    `readings` are the (kind, value) pairs that it may mean, kinds being number, letter, roman and word; a value is
    a tuple of integers (`1.2` is `(1, 2)`), for letters the letter's place. `rank` orders words, outermost first.
    """

    start: int
    end: int
    body: int
    printed: str
    form: str
    readings: tuple[tuple[str, tuple[int, ...]], ...]
    rank: int = 0

    def citation(self, kind: str) -> str:
        """The label as it stands in a path, read as of one kind: letters and small Roman numerals in brackets."""
        if self.rank:
            return self.printed
        bare = self.printed.strip("().")
        plain = (kind == "number" and ")" not in self.form) or (kind == "roman" and bare.isupper())
        return bare if plain else f"({bare})"


@dataclass(frozen=True, slots=True)
class _Words:
    before: re.Pattern[str]  # "Article 5"
    after: re.Pattern[str]  # "5-бап"
    ranks: dict[str, int]
    numerals: dict[str, int]
    heads: frozenset[str]  # the first word of anything that `before` or `after` may match, but for Roman numerals


def read_label(text: str, start: int, end: int, language: str) -> Label | None:
    """The label that `text[start:end]`, a line, begins with; None where it begins with none."""
    first = text[start]
    if first.isdigit() or (first in "(*_#" and end - start > 2):
        found = _word_label(text, start, end, language) or _number_label(text, start, end)
        return found or _letter_label(text, start, end)
    if not (first.isalpha() or first == "§"):
        return None
    if first not in "IVXLІХ§":
        word = text[start : start + 24].partition(" ")[0]
        if _heads_nothing(word, language):
            return None  # nearly every line
    return _letter_label(text, start, end) or _word_label(text, start, end, language)


@lru_cache(maxsize=100_000)
def _heads_nothing(word: str, language: str) -> bool:
    """Whether the first word of a line shows that the line begins with no label; texts repeat their words."""
    return word.isalpha() and word.lower() not in _words(language).heads


def read_bullet(text: str, start: int, end: int) -> int:
    """Where the words behind a bullet begin; `start` itself where the line begins with none."""
    if text[start] not in BULLETS:
        return start
    found = _BULLET.match(text, start, end)
    return found.end() if found else start


def is_lone_bullet(line: str) -> bool:
    """Whether a line holds a bullet and nothing else."""
    return bool(_LONE_BULLET.match(line))


def follows(kind: str, last: tuple[int, ...], value: tuple[int, ...]) -> bool:
    """Whether `value` is the next after `last` in a list of this kind."""
    if kind == "letter":
        return _next_letter(last[0], value[0])
    if len(last) == len(value):
        return value[:-1] == last[:-1] and value[-1] == last[-1] + 1
    return kind == "word" and len(last) == 1 and value[0] == last[0]  # Article 5-1 after Article 5


def is_first(kind: str, value: tuple[int, ...]) -> bool:
    """Whether `value` can begin a list."""
    return chr(value[0]) in "aа" if kind == "letter" else value[-1] == 1


def roman(numeral: str) -> int | None:
    """The value of a Roman numeral up to 89, in Latin or look-alike Cyrillic letters; None for other words."""
    found = _ROMAN.match(numeral.translate(_ROMAN_LETTERS).lower())
    if not found:
        return None
    return _ROMAN_TENS[found.group(1)] + _ROMAN_ONES.index(found.group(2))


def _number_label(text: str, start: int, end: int) -> Label | None:
    found = _NUMBER.match(text, start, end)
    if not found:
        return None
    group = "number" if found["mark"] else next(name for name in ("inside", "long", "bare") if found[name])
    form = "(1)" if group == "inside" else "1)" if group == "number" and ")" in found["mark"] else "1."
    left = found.start(group) - (group == "inside")
    right = found.end(group) + (form != "1.")
    return Label(left, right, found.end(), text[left:right].replace(".)", ")"), form, _number_readings(found[group]))


@lru_cache(maxsize=10_000)
def _number_readings(digits: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
    return (("number", tuple(int(part) for part in re.split(r"[.-]", digits))),)


def _letter_label(text: str, start: int, end: int) -> Label | None:
    found = _LETTER.match(text, start, end)
    inside, mark = found.group("inside", "mark") if found else (None, "")
    found = found or _BARE_ROMAN.match(text, start, end)
    if not found:
        return None
    group = "inside" if inside else "letter"
    word = found.group(group)
    readings = _letter_readings(word)
    if not readings:
        return None
    form = "(a)" if inside else "a)" if mark and ")" in mark else "a."
    left, right = found.start(group) - bool(inside), found.end(group) + (form != "a.")
    printed = text[left:right].replace(".)", ")")
    return Label(left, right, found.end(), printed, form.upper() if word.isupper() else form, readings)


@lru_cache(maxsize=10_000)
def _letter_readings(word: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
    readings: list[tuple[str, tuple[int, ...]]] = []
    if len(word) == 1:
        readings.append(("letter", (ord(word.lower()),)))
    numeral = roman(word) if word.islower() or word.isupper() else None
    if numeral:
        readings.append(("roman", (numeral,)))
    return tuple(readings)


@lru_cache(maxsize=10_000)
def _next_letter(last: int, value: int) -> bool:
    if value == last + 1 and value < 128:
        return True
    before, now = (chr(code).translate(_LOOK_ALIKE) for code in (last, value))
    low, high = _ALPHABET.find(before), _ALPHABET.find(now)
    return 0 <= low < high and all(letter in _PASSED_OVER for letter in _ALPHABET[low + 1 : high])


def _word_label(text: str, start: int, end: int, language: str) -> Label | None:
    words = _words(language)
    found = words.before.match(text, start, end) or words.after.match(text, start, end)
    if not found:
        return None
    numeral = found.group("number")
    value = _numeral(numeral, words)
    if value is None:
        return None
    word = found.group("word").lower().rstrip(".")
    left, right = found.start("label"), found.end("label")
    printed = " ".join(text[left:right].split())
    return Label(left, right, found.end(), printed, word, (("word", value),), words.ranks[word])


def _numeral(numeral: str, words: _Words) -> tuple[int, ...] | None:
    if numeral[0].isdigit():
        return tuple(int(part) for part in re.split(r"[.-]", numeral))
    value = words.numerals.get(numeral.lower()) or roman(numeral)
    return (value,) if value else None


@cache
def _words(language: str) -> _Words:
    data = languages.words(language, "outline")["labels"]
    ranks = {word: rank for rank, group in enumerate(data["words"], 1) for word in group}
    numerals = {word: value for value, group in enumerate(data["numerals"], 1) for word in group}
    word = "|".join(re.escape(each) for each in sorted(ranks, key=len, reverse=True))
    written = "|".join(sorted(numerals, key=len, reverse=True))
    number = r"\d{1,3}(?:[.-]\d{1,2}){0,2}|[IVXLІХ]{1,7}" + (rf"|(?i:{written})" if written else "")
    # behind the number: the end of the line, punctuation, or a heading that begins with a capital
    behind = (
        rf"(?:{_EMPHASIS}(?:{_SPACE})*$|(?:{_SPACE})*[.:)–—-]+(?:{_SPACE}|[*_–—-])*"
        rf"|(?:{_SPACE})+(?=[^\W\d_a-zа-яёәғқңөұүһі]|[\"«“(]))"
    )
    spaces = rf"(?:{_SPACE})*"
    head = rf"(?P<word>(?i:{word}))\.?{spaces}(?:№|N|No\.)?{spaces}(?P<number>{number})"
    tail = rf"(?P<number>{number}){spaces}[-–]?{spaces}(?P<word>(?i:{word}))"
    before, after = (rf"{_EMPHASIS}(?P<label>{label})(?!\w){behind}" for label in (head, tail))
    heads = frozenset(phrase.split()[0] for phrase in (*ranks, *numerals))
    return _Words(re.compile(before, re.M), re.compile(after, re.M), ranks, numerals, heads)
