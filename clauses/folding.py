"""The text as the rules see it: lower case, single spaces, one alphabet to a word, with the way back.

Rules match on `Folded.text`; what they report is turned into offsets of the source by `Folded.source`. Nothing is
cleaned before offsets are taken: the source stays as it was read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

# one character for one character, so these never move an offset
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\t\n\r\f\v\x85\xa0\u2002\u2003\u2007\u2009\u200a\u202f\u3000\u2028\u2029", " "),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛ʼ′`´", "'"),
        "Ё": "Е",
        "ё": "е",
        "İ": "I",  # its lower case is two characters long
    }
)
# letters that look alike: a word of both alphabets is read in the one it has more of
_LATIN, _CYRILLIC = "aceiopxyABCEHIKMOPTXY", "асеіорхуАВСЕНІКМОРТХУ"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_MIXED_WORD = re.compile(r"(?:[A-Za-z]+[\u0400-\u052f]|[\u0400-\u052f]+[A-Za-z])[A-Za-z\u0400-\u052f]*")
# what takes no room: runs of white space but for their first character, invisible characters, hyphens at line ends
_DROPPED = re.compile(
    r"(?<= ) +|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+|(?<=[a-zа-яәғқңөұүһі])- +(?=[a-zа-яәғқңөұүһі])"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. `cased` differs from `text` only in keeping capitals; both have the same length."""

    text: str
    cased: str
    _folded: tuple[int, ...]  # places in the folded text behind which characters were dropped, ascending
    _dropped: tuple[int, ...]  # how many characters of the source were dropped up to each of them

    def source(self, at: int) -> int:
        """The offset in the source of the character at `at` in the folded text."""
        index = bisect_right(self._folded, at)
        return at + (self._dropped[index - 1] if index else 0)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source offsets of `text[start:end]`; the end is exclusive."""
        return self.source(start), (self.source(end - 1) + 1 if end > start else self.source(start))

    def at(self, source: int) -> int:
        """The place in the folded text of a source offset; a dropped character is where the next kept one is."""
        low, high = 0, len(self._folded)
        while low < high:
            middle = (low + high) // 2
            if self._folded[middle] + self._dropped[middle] <= source:
                low = middle + 1
            else:
                high = middle
        place = source - (self._dropped[low - 1] if low else 0)
        return min(place, self._folded[low]) if low < len(self._folded) else min(place, len(self.text))


def fold(text: str) -> Folded:
    """Fold a text for matching; linear in its length."""
    plain = text.translate(_PLAIN)
    kept, folded, dropped, size, gone, last = [], [], [], 0, 0, 0
    for found in _DROPPED.finditer(plain):
        kept.append(plain[last : found.start()])
        size += found.start() - last
        gone += found.end() - found.start()
        last = found.end()
        folded.append(size)
        dropped.append(gone)
    kept.append(plain[last:])
    cased = _MIXED_WORD.sub(_one_alphabet, "".join(kept))
    return Folded(cased.lower(), cased, tuple(folded), tuple(dropped))


def fold_phrase(phrase: str) -> str:
    """A phrase of the language data, folded as texts are, so that the two meet."""
    return fold(phrase.strip()).text


def _one_alphabet(found: re.Match[str]) -> str:
    word = found.group()
    latin = sum("A" <= letter <= "z" for letter in word)
    return word.translate(_TO_CYRILLIC if latin * 2 <= len(word) else _TO_LATIN)
