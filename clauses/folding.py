"""The text as the rules see it: lower case, single spaces, one alphabet to a word, with the way back.

Rules match on `Folded.text`; what they report is turned into offsets of the source by `Folded.source`. Nothing is
cleaned before offsets are taken: the source stays as it was read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

# one character for one character, so these never move an offset
_PLAIN = {
    **dict.fromkeys("\t\n\r\f\v\x85\xa0\u2002\u2003\u2007\u2009\u200a\u202f\u3000\u2028\u2029", " "),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‘’‚‛ʼ′`´", "'"),
    "Ё": "Е",
    "ё": "е",
    "İ": "I",  # its lower case is two characters long
}
# letters that look alike: a word of both alphabets is read in the one it has more of
_LATIN, _CYRILLIC = "aceiopxyABCEHIKMOPTXY", "асеіорхуАВСЕНІКМОРТХУ"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
# a letter beside one of the other alphabet: to be looked for in a text that has few letters of the first
_BESIDE_CYRILLIC = re.compile("[A-Za-z](?:(?<=[\u0400-\u052f].)|(?=[\u0400-\u052f]))")
_BESIDE_LATIN = re.compile("[\u0400-\u052f](?:(?<=[A-Za-z].)|(?=[A-Za-z]))")
_LETTERS_BEFORE = re.compile("[A-Za-z\u0400-\u052f]*\\Z")
_LETTERS = re.compile("[A-Za-z\u0400-\u052f]+")
_LONGEST_WORD = 80
_PIECE = 50_000  # characters put into lower case at a time
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
# characters to be replaced or dropped; line breaks, which every text has, are left to themselves
_ODD = re.compile(f"[{_INVISIBLE}{''.join(_PLAIN.keys() - {chr(10)})}]")
# what takes no room: runs of white space but for their first character, hyphens at line ends, and, where a text has
# any, invisible characters; none overlaps another, and each pattern begins with a sign that is quick to look for
_SPACES = re.compile("  +")
_LINE_END = re.compile("- (?<=[a-zа-яәғқңөұүһі]- )(?=[a-zа-яәғқңөұүһі])")
# a space that a converter lost with the italics of a defined term: "Each Partyshall", but not "Marshall"
_LOST_SPACE = re.compile("shall(?<=[a-z]{3}shall)(?<![Mm]arshall)(?= )")
_UNSEEN = re.compile(f"[{_INVISIBLE}]+")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. `cased` differs from `text` only in keeping capitals; both have the same length."""

    text: str
    cased: str
    # The text is kept in runs: run i begins at _begins[i] in the folded text and at _sources[i] in the source, which
    # is _shifts[i] further on. Behind the last run stands the end of the text.
    _begins: tuple[int, ...]
    _sources: tuple[int, ...]
    _shifts: tuple[int, ...]

    def source(self, at: int) -> int:
        """The offset in the source of the character at `at` in the folded text."""
        return at + self._shifts[bisect_right(self._begins, at) - 1]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source offsets of `text[start:end]`; the end is exclusive."""
        begins, shifts = self._begins, self._shifts
        run = bisect_right(begins, start)
        first = start + shifts[run - 1]
        if end <= start:
            return first, first
        return first, end + (shifts[run - 1] if end <= begins[run] else shifts[bisect_right(begins, end - 1) - 1])

    def at(self, source: int) -> int:
        """The place in the folded text of a source offset; a dropped character is where the next kept one is."""
        following = bisect_right(self._sources, source)
        place, limit = source - self._shifts[following - 1], self._begins[following]
        return place if place < limit else limit

    def words(self, start: int, end: int) -> str:
        """The folded words between two source offsets."""
        return self.text[self.at(start) : self.at(end)]


def fold(text: str) -> Folded:
    """Fold a text for matching; linear in its length."""
    plain = text.replace("\n", " ")
    odd = set(_ODD.findall(text))  # a few of them in any one text: quicker than translating every character
    for each in odd & _PLAIN.keys():
        plain = plain.replace(each, _PLAIN[each])
    kept, begins, sources, size, last = [], [0], [0], 0, 0
    for start, end in _changed(plain, invisible=not odd <= _PLAIN.keys()):
        kept.append(plain[last:start])
        size += start - last
        if start == end:
            kept.append(" ")
            size += 1
        last = end
        begins.append(size)
        sources.append(end)
    kept.append(plain[last:])
    cased = _one_alphabet_a_word("".join(kept))
    shifts = [source - begin for source, begin in zip(sources, begins, strict=True)]
    return Folded(_lowered(cased), cased, (*begins, len(cased)), tuple(sources), (*shifts, shifts[-1]))


def _lowered(text: str) -> str:
    """The text in lower case, a piece at a time: Python sets aside twelve bytes a character for the whole of one."""
    pieces, at = [], 0
    while at < len(text):
        end = text.find(" ", at + _PIECE) + 1 or len(text)
        pieces.append(text[at:end].lower())
        at = end
    return "".join(pieces)


def _changed(plain: str, *, invisible: bool) -> list[tuple[int, int]]:
    """The stretches that take no room in the folded text, and as empty ones the places of lost spaces, in order."""
    spaces = [(found.start() + 1, found.end()) for found in _SPACES.finditer(plain)]
    others = [found.span() for found in _LINE_END.finditer(plain)]
    others += [(found.start(), found.start()) for found in _LOST_SPACE.finditer(plain)]
    if invisible:
        others += [found.span() for found in _UNSEEN.finditer(plain)]
    return sorted(spaces + others) if others else spaces


def fold_phrase(phrase: str) -> str:
    """A phrase of the language data, folded as texts are, so that the two meet."""
    return fold(phrase.strip()).text


def _one_alphabet_a_word(text: str) -> str:
    """The text with every word of both alphabets put into one of them."""
    mostly_cyrillic = text.count("а") + text.count("о") > text.count("a") + text.count("o")
    rare = _BESIDE_CYRILLIC if mostly_cyrillic else _BESIDE_LATIN
    pieces: list[str] = []
    last = 0
    for found in rare.finditer(text):
        start = found.start()
        if start < last:
            continue
        before = _LETTERS_BEFORE.search(text, max(last, start - _LONGEST_WORD), start)
        word = _LETTERS.match(text, before.start() if before else start)
        if word:
            pieces += text[last : word.start()], _one_alphabet(word.group())
            last = word.end()
    return "".join([*pieces, text[last:]]) if pieces else text


def _one_alphabet(word: str) -> str:
    latin = sum("A" <= letter <= "z" for letter in word)
    return word.translate(_TO_CYRILLIC if latin * 2 <= len(word) else _TO_LATIN)
